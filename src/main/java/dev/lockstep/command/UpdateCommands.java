package dev.lockstep.command;

import dev.lockstep.communication.Communications;
import dev.lockstep.communication.Communications.AudienceName;
import dev.lockstep.communication.Communications.Draft;
import dev.lockstep.communication.Communications.Due;
import dev.lockstep.communication.Communications.DueState;
import dev.lockstep.communication.Communications.Outcome;
import dev.lockstep.communication.Communications.Update;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.publish.ChatAnswer.Button;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Updates for stakeholders: {@code AUDIENCE}, {@code AUDIENCE send [TEXT]}, {@code AUDIENCE snooze
 * 15m REASON}. A button that sends names the draft that was shown, so that nobody sends what nobody
 * has read.
 */
@Component
class UpdateCommands {
  private static final String SEND = "send";
  private static final String SNOOZE = "snooze";

  /** The number of the update before, and the checksum of the draft. */
  private static final Pattern SHOWN = Pattern.compile("#(\\d{1,9}):([0-9a-f]{16})");

  private static final int CHECKSUM_BYTES = 8;

  private final Communications communications;

  UpdateCommands(Communications communications) {
    this.communications = communications;
  }

  /** One line for each update that is due. */
  List<String> due(KnownIncident incident) {
    return communications.due(incident).stream().map(UpdateCommands::line).toList();
  }

  private static String line(Due due) {
    String state =
        due.state() == DueState.OVERDUE
            ? "is overdue since"
            : due.state() == DueState.SNOOZED ? "is postponed to" : "is due at";
    return "Update for %s %s %s"
        .formatted(due.audienceTitle(), state, DraftWriter.time(due.dueAt()));
  }

  Answer run(StoredCommand command, KnownIncident incident, String typed, String by) {
    String[] first = CommandLine.split(typed);
    if (first[0].isEmpty()) {
      return choose(incident);
    }
    String[] second = CommandLine.split(first[1]);
    return switch (second[0]) {
      case "" -> show(incident, first[0], "");
      case SEND -> send(command, incident, first[0], second[1], by);
      case SNOOZE -> snooze(incident, first[0], second[1], by);
      default ->
          throw RefusedUpdateException.invalid(
              "Nothing was done: write %s or %s instead of '%s'."
                  .formatted(SEND, SNOOZE, second[0]));
    };
  }

  /** The draft of what is due first, or of the only audience. */
  private Answer choose(KnownIncident incident) {
    List<AudienceName> audiences = communications.audiences();
    List<Due> due = communications.due(incident);
    if (audiences.isEmpty()) {
      throw RefusedUpdateException.conflict(
          "No audience is configured, so there is nobody to inform.");
    }
    if (audiences.size() == 1 || due.size() == 1) {
      String only = due.isEmpty() ? audiences.get(0).name() : due.get(0).audience();
      return show(incident, only, "");
    }
    String name = CommandRunner.name(incident);
    return new Answer(
        due.isEmpty()
            ? "No update of %s is due. For whom do you want to draft one?".formatted(incident.key())
            : due.stream().map(UpdateCommands::line).collect(Collectors.joining("\n")),
        audiences.stream()
            .limit(5)
            .map(
                audience ->
                    new Button(
                        audience.title(),
                        "%s %s %s".formatted(name, Verb.UPDATE.word(), audience.name()),
                        false))
            .toList());
  }

  private Answer show(KnownIncident incident, String audience, String before) {
    Draft draft = communications.draft(CommandRunner.name(incident), audience, "");
    String gaps =
        draft.targets().stream()
            .filter(target -> !target.gap().isEmpty())
            .map(target -> "\nNot to %s: %s".formatted(target.target(), target.gap()))
            .collect(Collectors.joining());
    String start =
        "%s %s %s ".formatted(CommandRunner.name(incident), Verb.UPDATE.word(), audience);
    Button send =
        new Button("Send", start + SEND + " #" + draft.basedOn() + ":" + checksum(draft), true);
    Button later = new Button("Snooze 15 min", start + SNOOZE + " 15m Postponed in chat", false);
    return new Answer(
        "%sDraft for %s, not sent:\n%s\n\n%s%s"
            .formatted(before, draft.audienceTitle(), draft.subject(), draft.text(), gaps),
        draft.dueAt() == null ? List.of(send) : List.of(send, later));
  }

  private static String checksum(Draft draft) {
    byte[] shown = (draft.subject() + "\n" + draft.text()).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(shown);
      return HexFormat.of().formatHex(sum, 0, CHECKSUM_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private Answer send(
      StoredCommand command, KnownIncident incident, String audience, String typed, String by) {
    Draft draft = communications.draft(CommandRunner.name(incident), audience, "");
    Matcher shown = SHOWN.matcher(typed);
    boolean isShown = shown.matches();
    if (isShown && Integer.parseInt(shown.group(1)) != draft.basedOn()) {
      return Answer.of(sentMeanwhile(incident, draft));
    }
    if (isShown && !shown.group(2).equals(checksum(draft))) {
      return show(
          incident, audience, "Nothing was sent: the incident changed since that draft.\n\n");
    }
    Outcome outcome =
        communications.send(
            CommandRunner.name(incident),
            audience,
            draft.subject(),
            isShown || typed.isBlank() ? draft.text() : typed,
            command.key(),
            draft.basedOn(),
            by);
    return Answer.of(
        "Sent update %d of %s to %s.\n%s"
            .formatted(
                outcome.update().number(),
                incident.key(),
                outcome.update().audienceTitle(),
                outcome.update().targets().stream()
                    .map(to -> to.gap().isEmpty() ? to.target() : to.target() + ": " + to.gap())
                    .collect(Collectors.joining("\n"))));
  }

  private String sentMeanwhile(KnownIncident incident, Draft draft) {
    Update last =
        communications.show(CommandRunner.name(incident)).updates().stream()
            .filter(update -> update.audience().equals(draft.audience()))
            .findFirst()
            .orElseThrow();
    return "Nothing was sent now: update %d for %s was sent at %s by %s, by this button or after the draft was shown."
        .formatted(
            last.number(), last.audienceTitle(), DraftWriter.time(last.sentAt()), last.sentBy());
  }

  private Answer snooze(KnownIncident incident, String audience, String typed, String by) {
    String[] parts = CommandLine.split(typed);
    Duration length;
    try {
      length = PausableNames.duration(parts[0]);
    } catch (IllegalArgumentException e) {
      throw RefusedUpdateException.invalid("Nothing was changed: " + e.getMessage());
    }
    Due due = communications.snooze(CommandRunner.name(incident), audience, length, parts[1], by);
    return Answer.of(line(due) + ".");
  }
}
