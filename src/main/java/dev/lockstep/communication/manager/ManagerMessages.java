package dev.lockstep.communication.manager;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.communication.CadenceKeeper;
import dev.lockstep.communication.Dispatcher;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.IncidentSearch;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.settings.Target;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Says who leads an incident: in the audit, in a note on its record, and to the people concerned.
 * In the caller's transaction.
 */
@Component
class ManagerMessages {
  private final IncidentSearch search;
  private final Dispatcher dispatcher;
  private final AuditStore audit;

  ManagerMessages(IncidentSearch search, Dispatcher dispatcher, AuditStore audit) {
    this.search = search;
    this.dispatcher = dispatcher;
    this.audit = audit;
  }

  /** After an assignment, a handover or a release. */
  void announce(ManagerChange change) {
    StringBuilder text = new StringBuilder("Incident manager: ").append(change.describe());
    text.append(change.by().isEmpty() ? "." : ", by " + change.by() + ".");
    append(text, "\nReason: ", change.reason());
    append(text, "\n\nOpen points:\n", change.openPoints());
    Map<String, String> details = new LinkedHashMap<>();
    put(details, "reason", change.reason());
    put(details, "open points", change.openPoints());
    details.putAll(
        sendNotification(
            change.incident(),
            List.of(change.to(), change.from()),
            "manager:change:" + change.id(),
            change.describe(),
            text.toString()));
    record(
        change.incident(),
        new AuditEntry(
            "manager-" + change.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            "Incident manager: " + change.describe(),
            details,
            change.by()));
  }

  private static void append(StringBuilder text, String before, String value) {
    if (!value.isEmpty()) {
      text.append(before).append(value);
    }
  }

  private static void put(Map<String, String> details, String name, String value) {
    if (!value.isEmpty()) {
      details.put(name, value);
    }
  }

  /**
   * @param number of the proposal
   */
  void propose(ActiveIncident incident, String candidate, String why, int number) {
    String text =
        """
        Proposed incident manager: %s (%s).
        To accept: ./lockstep incident-manager %s %s --to %s, or the page of the incident."""
            .formatted(
                candidate,
                why,
                incident.manager().isEmpty() ? "assign" : "hand-over",
                incident.key(),
                candidate);
    Map<String, String> outcomes =
        sendNotification(
            incident.ref(),
            List.of(candidate),
            "manager:proposed:" + number,
            candidate + " is proposed",
            text);
    record(
        incident.ref(),
        new AuditEntry(
            "manager-proposed",
            "Proposed %s as incident manager: %s".formatted(candidate, why),
            outcomes));
  }

  /**
   * @param name of the step, unique for the incident
   */
  void escalate(
      RecordRef incident, List<Target> targets, String name, String problem, String advice) {
    KnownIncident known = search.find(incident).orElse(null);
    Map<String, String> outcomes =
        known == null
            ? Map.of()
            : dispatcher.sendNotification(
                known, targets, name, subject(known, problem), body(known, problem, advice));
    record(
        incident,
        new AuditEntry(
            "manager-escalated",
            "Escalated to %s: %s".formatted(String.join(", ", outcomes.keySet()), problem),
            outcomes));
  }

  /** Only in the audit. */
  void note(RecordRef incident, String what, String text) {
    record(incident, new AuditEntry(what, text, Map.of()));
  }

  /** A note on the record, and an e-mail to each of these people. */
  private Map<String, String> sendNotification(
      RecordRef incident, List<String> people, String name, String what, String text) {
    KnownIncident known = search.find(incident).orElse(null);
    if (known == null) {
      return Map.of();
    }
    List<Target> record = List.of(onRecord(incident));
    List<Target> persons = new ArrayList<>();
    people.stream()
        .filter(person -> !person.isEmpty())
        .distinct()
        .forEach(person -> persons.add(new Target.ToPerson(person)));
    Map<String, String> outcomes =
        new LinkedHashMap<>(dispatcher.sendNotification(known, record, name, "", text));
    outcomes.putAll(
        dispatcher.sendNotification(
            known, persons, name, subject(known, what), body(known, text, "")));
    return outcomes;
  }

  static Target onRecord(RecordRef incident) {
    return new Target.ToSystem(incident.system(), Visibility.INTERNAL);
  }

  private static String subject(KnownIncident incident, String what) {
    return "%s %s: %s".formatted(incident.facts().level(), incident.key(), what);
  }

  private static String body(KnownIncident incident, String text, String advice) {
    StringBuilder body = new StringBuilder(text);
    append(body, "\n", advice);
    return body.append(
            "\n\n%s\n%s, %s\n%s"
                .formatted(
                    incident.title(),
                    incident.facts().level(),
                    DraftWriter.words(incident.facts().stage()),
                    incident.url()))
        .toString();
  }

  private void record(RecordRef incident, AuditEntry entry) {
    audit.record(CadenceKeeper.subject(incident), List.of(entry));
  }
}
