package dev.lockstep.command;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.communication.Dispatcher;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.IncidentSearch;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.communication.manager.IncidentManagers;
import dev.lockstep.communication.manager.IncidentManagers.Led;
import dev.lockstep.communication.manager.ManagerRequest;
import dev.lockstep.connector.Connectors;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.PlainText;
import dev.lockstep.trace.timeline.TimelineEvent;
import dev.lockstep.trace.timeline.Timelines;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Carries commands out, in the caller's transaction, which ends with the answer. */
@Component
class CommandRunner {
  private static final int LONGEST_NOTE = 3000;
  private static final int LAST_EVENTS = 15;
  private static final int LONGEST_EVENT = 160;

  private final PairStore pairs;
  private final RecordStore records;
  private final IncidentSearch search;
  private final Connectors connectors;
  private final Dispatcher dispatcher;
  private final IncidentManagers managers;
  private final UpdateCommands updates;
  private final StageCommands stages;
  private final Timelines timelines;
  private final AuditStore audit;

  CommandRunner(
      PairStore pairs,
      RecordStore records,
      IncidentSearch search,
      Connectors connectors,
      Dispatcher dispatcher,
      IncidentManagers managers,
      UpdateCommands updates,
      StageCommands stages,
      Timelines timelines,
      AuditStore audit) {
    this.pairs = pairs;
    this.records = records;
    this.search = search;
    this.connectors = connectors;
    this.dispatcher = dispatcher;
    this.managers = managers;
    this.updates = updates;
    this.stages = stages;
    this.timelines = timelines;
    this.audit = audit;
  }

  /**
   * @param person whom an assignment is about
   * @param by the name of the user who asks
   * @return null if it is under way: it is to be run again
   * @throws RefusedUpdateException if it is not possible; nothing may be committed then
   */
  @Nullable Answer run(StoredCommand command, CommandLine line, String person, String by) {
    if (line.verb() == Verb.HELP) {
      return help(line.word());
    }
    KnownIncident incident = incident(command, line);
    return switch (line.verb()) {
      case STATUS -> status(incident);
      case NOTE -> note(command, incident, line.more(), by);
      case UPDATE -> updates.run(command, incident, line.more(), by);
      case PAGE -> page(incident);
      case ASSIGN -> assign(command, incident, person, by);
      case ACKNOWLEDGE -> stages.acknowledge(command, incident, by);
      case RESOLVE -> resolve(command, incident, line.more(), by);
      case LINK -> Answer.of(links(incident));
      case TIMELINE -> timeline(incident);
      case HELP -> throw new IllegalStateException("needs no incident");
    };
  }

  private static Answer help(String word) {
    String verbs = Arrays.stream(Verb.values()).map(Verb::help).collect(Collectors.joining("\n"));
    return Answer.of(
        "%sIn an incident's channel: VERB. Elsewhere: INC0010001 VERB.\n%s"
            .formatted(word.isEmpty() ? "" : "There is no verb '%s'. ".formatted(word), verbs));
  }

  private KnownIncident incident(StoredCommand command, CommandLine line) {
    if (!line.incident().isEmpty()) {
      return search.find(line.incident());
    }
    return Optional.ofNullable(command.request().place())
        .flatMap(records::correlationOf)
        .flatMap(id -> search.find(pairs.load(id)))
        .orElseThrow(
            () ->
                RefusedUpdateException.notFound(
                    "This is not the channel of an incident; name one: INC0010001 "
                        + line.verb().word()));
  }

  private Answer status(KnownIncident incident) {
    Led led = managers.show(name(incident)).led();
    StringBuilder text = new StringBuilder(stages.summary(incident));
    append(text, "\nIncident manager: ", led.manager().isEmpty() ? "nobody" : led.manager());
    append(text, "\nService: ", incident.facts().service());
    append(text, "\nTeam: ", incident.facts().team());
    append(text, "\nOn call: ", led.onCall());
    append(text, "\n", led.problem());
    updates.due(incident).forEach(due -> append(text, "\n", due));
    append(text, "\n", incident.url());
    return new Answer(text.toString(), stages.buttons(incident));
  }

  private static void append(StringBuilder text, String before, String value) {
    if (!value.isEmpty()) {
      text.append(before).append(value);
    }
  }

  /** By which all services find it. */
  static String name(KnownIncident incident) {
    return incident.ref().toString();
  }

  private Answer note(StoredCommand command, KnownIncident incident, String typed, String by) {
    String text = PlainText.normalize(typed);
    if (text.isEmpty()) {
      throw RefusedUpdateException.invalid("Nothing was written: the note has no text.");
    }
    if (text.length() > LONGEST_NOTE) {
      throw RefusedUpdateException.invalid(
          "Nothing was written: the note is longer than %d characters.".formatted(LONGEST_NOTE));
    }
    String from = connectors.title(command.request().system());
    dispatcher.writeNote(incident, command.key(), by, from, text);
    audit.record(
        new AuditSubject(AuditSubject.INCIDENT, name(incident)),
        List.of(new AuditEntry("noted", "Wrote a note by a command", Map.of("text", text), by)));
    return Answer.of("Noted on %s.".formatted(incident.key()));
  }

  private static Answer page(KnownIncident incident) {
    return Answer.of(
        "Nobody was called: calling people from a chat is not configured for %s. Call them where they are on call, or assign the incident."
            .formatted(incident.key()));
  }

  private Answer assign(StoredCommand command, KnownIncident incident, String person, String by) {
    if (!person.contains("@") || person.startsWith("@")) {
      throw RefusedUpdateException.invalid(
          person.isEmpty()
              ? "Nothing was changed: name a person, as @PERSON or by e-mail address."
              : "Nothing was changed: no e-mail address is known of %s.".formatted(person));
    }
    String name = name(incident);
    String before = managers.show(name).led().manager();
    ManagerRequest request = new ManagerRequest(person, before, "", "", command.key(), by);
    if (before.isEmpty()) {
      managers.assign(name, request);
    } else {
      managers.handOver(name, request);
    }
    return Answer.of(
        before.isEmpty()
            ? "%s is the incident manager of %s.".formatted(person, incident.key())
            : "%s was handed over from %s to %s.".formatted(incident.key(), before, person));
  }

  private @Nullable Answer resolve(
      StoredCommand command, KnownIncident incident, String text, String by) {
    if (!text.isBlank() && !command.asked()) {
      note(command, incident, text, by);
    }
    return stages.resolve(command, incident, by);
  }

  private String links(KnownIncident incident) {
    return incident.correlation().states().values().stream()
        .map(
            state ->
                "%s %s%s"
                    .formatted(
                        connectors.title(state.ref().system()),
                        state.key(),
                        state.url().isEmpty() ? "" : ": " + state.url()))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private Answer timeline(KnownIncident incident) {
    List<TimelineEvent> events =
        timelines
            .find(incident.ref())
            .map(found -> found.upTo(TimelineEvent.Weight.EVENT).events())
            .orElse(List.of());
    String lines =
        events.stream()
            .skip(Math.max(0, events.size() - LAST_EVENTS))
            .map(CommandRunner::line)
            .collect(Collectors.joining("\n"));
    return Answer.of("%s, what happened last:\n%s".formatted(incident.key(), lines));
  }

  private static String line(TimelineEvent event) {
    return "%s %s: %s%s"
        .formatted(
            DraftWriter.time(event.at()),
            event.what(),
            PlainText.shorten(PlainText.oneLine(event.text()), LONGEST_EVENT),
            event.by().isEmpty() ? "" : " (" + event.by() + ")");
  }
}
