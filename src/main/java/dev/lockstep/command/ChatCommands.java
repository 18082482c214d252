package dev.lockstep.command;

import dev.lockstep.access.Users.Person;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.intake.CommandListener;
import dev.lockstep.intake.ReceivedCommand;
import dev.lockstep.intake.definition.CommandRules;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.publish.ChatAnswer;
import dev.lockstep.record.PlainText;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commands from chats. Each is an entry of the inbox, which owns retries. What it changes and its
 * answer are one transaction, so that it is carried out once; the answer is sent at least once, as
 * long as the system takes answers.
 */
@Component
public class ChatCommands implements CommandListener {
  private static final Logger LOG = LoggerFactory.getLogger(ChatCommands.class);

  /** Longer than any signature is accepted, and any answer. */
  private static final Duration KEPT = Duration.ofDays(1);

  private static final Duration NEXT_CHECK = Duration.ofMillis(500);
  private static final int LONGEST_IN_AUDIT = 200;

  private final CommandStore store;
  private final Senders senders;
  private final CommandRunner runner;
  private final WorkScheduler scheduler;
  private final RouteCaller routes;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ChatCommands(
      CommandStore store,
      Senders senders,
      CommandRunner runner,
      WorkScheduler scheduler,
      RouteCaller routes,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.senders = senders;
    this.runner = runner;
    this.scheduler = scheduler;
    this.routes = routes;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public void onCommand(ReceivedCommand command) {
    UUID id = UUID.randomUUID();
    transaction.executeWithoutResult(
        status -> {
          store.deleteReceivedBefore(clock.instant().minus(KEPT));
          if (store.insert(id, command)) {
            scheduler.schedule(new Subject.OfCommand(id), Map.of(), command.receivedAt());
          }
        });
  }

  /** Carries a command out; called by the inbox. */
  public void process(Subject.OfCommand command) {
    routes.call("direct:run-command", command.id());
  }

  /**
   * A step of the route.
   *
   * @return null if it is done, or too old to be answered
   */
  public @Nullable StoredCommand load(UUID id) {
    StoredCommand command = store.findOpen(id).orElse(null);
    if (command == null) {
      return null;
    }
    CommandRules rules = senders.rules(command.request().system());
    if (clock.instant().isBefore(command.request().receivedAt().plus(rules.within()))) {
      return command;
    }
    LOG.warn("{} could not be answered in time", command.request());
    transaction.executeWithoutResult(
        status -> {
          if (command.answer() == null) {
            refuse(command, "It could not be carried out in time", "");
          }
          store.setDone(id, clock.instant());
        });
    return null;
  }

  /** A step of the route: carries it out, unless an earlier attempt did. */
  public ChatAnswer carryOut(StoredCommand command) {
    Answer known = command.answer();
    Answer answer = known == null ? answer(command) : known;
    ReceivedCommand request = command.request();
    return new ChatAnswer(
        command.id(),
        request.answerTo(),
        senders.rules(request.system()).format(),
        answer.text(),
        answer.buttons(),
        request.button());
  }

  private Answer answer(StoredCommand command) {
    ReceivedCommand request = command.request();
    Optional<String> email;
    CommandLine line = CommandLine.parse(request.text());
    try {
      email = senders.email(request);
    } catch (RequestRejectedException e) {
      return refused(command, "Lockstep could not ask for your e-mail address. " + e.advice(), "");
    }
    Optional<Person> user = email.flatMap(senders::user);
    if (user.isEmpty()) {
      return refused(command, unknown(email), email.orElse(""));
    }
    if (!user.get().may(line.role())) {
      String needed =
          "Nothing was done: this needs the role %s, and %s has the role %s."
              .formatted(line.role().label(), user.get().name(), user.get().role().label());
      return refused(command, needed, email.orElse(""));
    }
    String person;
    try {
      person = line.verb() == Verb.ASSIGN ? person(request, line.more()) : "";
    } catch (RequestRejectedException e) {
      return save(
          command,
          () ->
              Answer.of(
                  "Nothing was changed: Lockstep could not ask for the address of %s. %s"
                      .formatted(line.more(), e.advice())));
    }
    return run(command, line, person, user.get().name());
  }

  private static String unknown(Optional<String> email) {
    return email.isEmpty()
        ? "Nothing was done: Lockstep does not know your e-mail address, so it cannot tell who you"
            + " are."
        : "Nothing was done: no user of Lockstep has the e-mail address %s. An administrator can"
                .formatted(email.get())
            + " give it to one (./lockstep users email NAME ADDRESS).";
  }

  /** A mentioned person's address; otherwise as it was typed. */
  private String person(ReceivedCommand request, String typed) {
    return typed.startsWith("@")
        ? senders.email(request.system(), typed.substring(1)).orElse(typed)
        : typed;
  }

  private Answer run(StoredCommand command, CommandLine line, String person, String by) {
    try {
      return save(command, () -> runner.run(command, line, person, by));
    } catch (RefusedUpdateException e) {
      // What it had changed was rolled back.
      return save(command, () -> Answer.of(Objects.requireNonNull(e.getMessage())));
    }
  }

  private interface Work {
    /** Null if it is under way. */
    @Nullable Answer run();
  }

  private Answer save(StoredCommand command, Work work) {
    Answer answer =
        transaction.execute(
            status -> {
              Answer found = work.run();
              if (found == null) {
                store.setAsked(command.id());
              } else {
                store.setAnswer(command.id(), found);
              }
              return found;
            });
    if (answer == null) {
      throw new RetryLaterException(NEXT_CHECK, "a record is being written");
    }
    return answer;
  }

  private Answer refused(StoredCommand command, String why, String email) {
    return save(
        command,
        () -> {
          refuse(command, why, email);
          return Answer.of(why);
        });
  }

  private void refuse(StoredCommand command, String why, String email) {
    ReceivedCommand request = command.request();
    Map<String, String> details = new LinkedHashMap<>();
    details.put("sender", request.system() + "/" + request.sender());
    details.put("e-mail", email);
    details.put("asked", PlainText.shorten(PlainText.oneLine(request.text()), LONGEST_IN_AUDIT));
    audit.record(
        new AuditSubject("command", command.id().toString()),
        List.of(new AuditEntry("refused", "A command was refused: " + why, details)));
  }

  /** A step of the route: it was answered, or nobody takes the answer any more. */
  public void finish(ChatAnswer answer) {
    store.setDone(answer.id(), clock.instant());
  }
}
