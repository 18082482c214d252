package dev.lockstep.communication;

import dev.lockstep.communication.IncidentUpdate.SentTo;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.Target;
import dev.lockstep.connector.Connectors;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.publish.Channel;
import dev.lockstep.publish.EmailChannel;
import dev.lockstep.publish.Outbox;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.NoteSender;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Sends a text to targets: as notes to records, and as messages to channels. */
@Component
public class Dispatcher {
  private final CommunicationSettings settings;
  private final Connectors connectors;
  private final NoteSender notes;
  private final Outbox outbox;
  private final EmailChannel email;
  private final WorkScheduler scheduler;
  private final Clock clock;

  Dispatcher(
      CommunicationSettings settings,
      Connectors connectors,
      NoteSender notes,
      Outbox outbox,
      EmailChannel email,
      WorkScheduler scheduler,
      Clock clock) {
    this.settings = settings;
    this.connectors = connectors;
    this.notes = notes;
    this.outbox = outbox;
    this.email = email;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Why a target gets nothing for this incident; empty if it gets it. */
  String gap(Target target, KnownIncident incident) {
    if (target instanceof Target.ToSystem system) {
      return gap(system, incident);
    }
    if (target instanceof Target.ToChannel channel) {
      return settings.find(channel.channel()).isEmpty() ? "it is not configured" : "";
    }
    String person = person(target, incident);
    if (person.isEmpty()) {
      return "it has no incident manager";
    }
    return EmailChannel.isAddress(person)
        ? email.problems(channel(person)).isEmpty() ? "" : "no mail server is set"
        : "'%s' is no e-mail address".formatted(person);
  }

  private static String person(Target target, KnownIncident incident) {
    return target instanceof Target.ToPerson named ? named.person() : incident.manager();
  }

  private static Channel channel(String address) {
    return new Channel("manager", EmailChannel.NAME, List.of(address), "");
  }

  private String gap(Target.ToSystem target, KnownIncident incident) {
    if (incident.recordsIn(target.system()).isEmpty()) {
      return "it has no record in " + target.system();
    }
    return records(target, incident).isEmpty()
        ? "its record there takes no %s notes".formatted(shown(target.visibility()))
        : "";
  }

  private List<RecordRef> records(Target.ToSystem target, KnownIncident incident) {
    return incident.recordsIn(target.system()).stream()
        .filter(record -> connectors.takesNotes(record, target.visibility()))
        .toList();
  }

  private static String shown(Visibility visibility) {
    return visibility.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Writes a user's internal note on the incident's record; from there it goes to its other records
   * by the rules of their mappings. In the caller's transaction, and once for each name.
   *
   * @param where in which system the user wrote it, as people call it
   */
  public void writeNote(
      KnownIncident incident, String name, String author, String where, String text) {
    RecordRef record = incident.ref();
    if (connectors.takesNotes(record, Visibility.INTERNAL)) {
      notes.enqueue(
          record,
          noteName(name, Visibility.INTERNAL),
          Visibility.INTERNAL,
          "%s in %s:\n%s".formatted(author, where, text),
          record);
    }
    notes.enqueueWritten(
        record,
        new WorkNote("written:" + name, author, clock.instant(), text, Visibility.INTERNAL));
    scheduler.scheduleAfterDecision(record, clock.instant());
  }

  /**
   * As {@link #send}, for what is no update.
   *
   * @return by target, {@code sent}, or why it gets nothing
   */
  public Map<String, String> sendNotification(
      KnownIncident incident, List<Target> targets, String name, String subject, String text) {
    return sendNotification(incident, targets, new Text(name, subject, text, incident.url()));
  }

  /** As {@link #send}, with the address of something else than the incident. */
  public Map<String, String> sendNotification(
      KnownIncident incident, List<Target> targets, Text text) {
    return outcomes(send(incident, targets, text));
  }

  /**
   * @param name unique for the text, at most once for each target
   * @param subject of messages; notes have none
   * @param link of messages; empty for none
   */
  public record Text(String name, String subject, String text, String link) {}

  /**
   * Stores the text for each target and schedules it, in the caller's transaction.
   *
   * @param name unique for the text, at most once for each target
   * @param subject of messages; notes have none
   */
  List<SentTo> send(
      KnownIncident incident, List<Target> targets, String name, String subject, String text) {
    return send(incident, targets, new Text(name, subject, text, incident.url()));
  }

  private List<SentTo> send(KnownIncident incident, List<Target> targets, Text text) {
    List<SentTo> sent = new ArrayList<>();
    boolean hasNotes = false;
    for (Target target : targets) {
      String gap = gap(target, incident);
      List<String> records = List.of();
      List<String> messages = List.of();
      if (gap.isEmpty() && target instanceof Target.ToSystem system) {
        records = note(incident, system, text.name(), text.text());
        hasNotes = true;
      } else if (gap.isEmpty()) {
        messages = message(incident, target, text);
      }
      sent.add(new SentTo(target.toString(), records, messages, gap));
    }
    if (hasNotes) {
      // Of a correlation that is a dead letter, too: notes do not depend on what was refused.
      scheduler.scheduleAfterDecision(incident.ref(), clock.instant());
    }
    return sent;
  }

  /** For the audit: by target, whether it gets the text. */
  static Map<String, String> outcomes(List<SentTo> sent) {
    Map<String, String> outcomes = new LinkedHashMap<>();
    sent.forEach(
        to -> outcomes.put(to.target(), to.gap().isEmpty() ? "sent" : "not sent: " + to.gap()));
    return outcomes;
  }

  private List<String> note(
      KnownIncident incident, Target.ToSystem target, String name, String text) {
    List<String> records = new ArrayList<>();
    Visibility visibility = target.visibility();
    for (RecordRef record : records(target, incident)) {
      notes.enqueue(record, noteName(name, visibility), visibility, text, record);
      records.add(record.toString());
    }
    return records;
  }

  static String noteName(String name, Visibility visibility) {
    return "lockstep:%s:%s".formatted(name, shown(visibility));
  }

  private List<String> message(KnownIncident incident, Target target, Text text) {
    Channel channel =
        target instanceof Target.ToChannel named
            ? settings.find(named.channel()).orElseThrow()
            : channel(person(target, incident));
    Outbox.Content content =
        new Outbox.Content(text.subject(), text.text(), text.link(), incident.ref());
    return outbox.add(channel, content).stream().map(UUID::toString).toList();
  }
}
