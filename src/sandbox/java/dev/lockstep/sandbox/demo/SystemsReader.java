package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.demo.DuplicateFacts.Page;
import dev.lockstep.sandbox.demo.DuplicateFacts.Ticket;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads from the simulated ServiceNow and PagerDuty what the checks compare. */
final class SystemsReader {
  private static final String RESOLVED = "6";
  private static final int DAY = "2027-01-15".length();

  private final SimulatedSystems systems;
  private final ChangeRecorder recorder;

  SystemsReader(SimulatedSystems systems, ChangeRecorder recorder) {
    this.systems = systems;
    this.recorder = recorder;
  }

  List<AgreementCheck.RecordView> tickets() {
    return systems.serviceNow().records("incident").stream()
        .map(record -> ticket(record.getOrDefault("sys_id", "")))
        .toList();
  }

  List<AgreementCheck.RecordView> incidents() {
    return systems.pagerDuty().incidents().stream()
        .filter(incident -> incident.mergedInto() == null)
        .map(this::incident)
        .toList();
  }

  AgreementCheck.RecordView ticket(String sysId) {
    ServiceNowSimulator serviceNow = systems.serviceNow();
    return new AgreementCheck.RecordView(
        sysId,
        serviceNow.value(sysId, "number"),
        serviceNow.value(sysId, "correlation_id"),
        FieldState.of(serviceNow, sysId),
        lines(sysId));
  }

  AgreementCheck.RecordView incident(PagerDutyIncident incident) {
    PagerDutySimulator pagerDuty = systems.pagerDuty();
    Stream<NoteLine> notes =
        pagerDuty.notes(incident.id()).stream()
            .map(note -> new NoteLine(note.content(), ours(note.author().email()), false));
    Stream<NoteLine> updates =
        pagerDuty.statusUpdates(incident.id()).stream()
            .map(update -> new NoteLine(update.message(), ours(update.sender().email()), true));
    String key = incident.incidentKey();
    return new AgreementCheck.RecordView(
        incident.id(),
        "#" + incident.number(),
        key == null ? "" : key,
        FieldState.of(incident),
        Stream.concat(notes, updates).toList());
  }

  private static boolean ours(String email) {
    return email.equals(SimulatedSystems.PAGERDUTY_USER);
  }

  /** The tickets, with how they were changed. */
  List<Ticket> duplicates() {
    Map<String, List<ObservedChange>> changes =
        recorder.changes().stream().collect(Collectors.groupingBy(ObservedChange::id));
    return systems.serviceNow().records("incident").stream()
        .map(
            record ->
                duplicate(
                    record, changes.getOrDefault(record.getOrDefault("sys_id", ""), List.of())))
        .toList();
  }

  private Ticket duplicate(Map<String, String> record, List<ObservedChange> changes) {
    String sysId = record.getOrDefault("sys_id", "");
    return new Ticket(
        sysId,
        record.getOrDefault("number", ""),
        record.getOrDefault("correlation_id", ""),
        record.getOrDefault("parent_incident", ""),
        record.getOrDefault("state", ""),
        record.getOrDefault("close_code", ""),
        record.getOrDefault("close_notes", ""),
        resolutions(changes),
        (int) changes.stream().filter(ObservedChange::ours).count(),
        lines(sysId));
  }

  private List<NoteLine> lines(String sysId) {
    return systems.serviceNow().journal(sysId).stream()
        .map(
            entry ->
                new NoteLine(
                    entry.value(),
                    entry.createdBy().equals(SimulatedSystems.SERVICENOW_USER),
                    entry.element().equals("comments")))
        .toList();
  }

  private static int resolutions(List<ObservedChange> changes) {
    int times = 0;
    String before = "";
    for (ObservedChange change : changes) {
      String now = change.state().get(FieldState.STATUS);
      times += now.equals(RESOLVED) && !before.equals(RESOLVED) ? 1 : 0;
      before = now;
    }
    return times;
  }

  /** All PagerDuty incidents, merged ones too. */
  List<Page> pages() {
    return systems.pagerDuty().incidents().stream()
        .map(
            incident ->
                new Page(
                    incident.id(),
                    "#" + incident.number(),
                    Objects.requireNonNullElse(incident.incidentKey(), ""),
                    Objects.requireNonNullElse(incident.mergedInto(), "")))
        .toList();
  }

  /** All journal entries of a ticket, oldest first. */
  List<String> journal(String sysId) {
    return systems.serviceNow().journal(sysId).stream().map(entry -> entry.value()).toList();
  }

  /** What the trace of the postmortem's incident has to show. */
  TraceCheck.Chain chain(ScenarioFacts facts, List<ActionItemCheck.Request> requests) {
    ServiceNowSimulator serviceNow = systems.serviceNow();
    String link = serviceNow.value(facts.reviewed, "correlation_id");
    String alert = link.substring(link.lastIndexOf('/') + 1);
    return new TraceCheck.Chain(
        serviceNow.value(facts.reviewed, "number"),
        "#" + systems.pagerDuty().incident(alert).number(),
        facts.clinics.stream().map(clinic -> serviceNow.value(clinic, "number")).toList(),
        requests);
  }

  List<ActionItemCheck.Request> changeRequests() {
    ServiceNowSimulator serviceNow = systems.serviceNow();
    return serviceNow.records("change_request").stream()
        .map(record -> request(serviceNow, record.getOrDefault("sys_id", "")))
        .toList();
  }

  private static ActionItemCheck.Request request(ServiceNowSimulator serviceNow, String sysId) {
    String due = serviceNow.value(sysId, "requested_by_date");
    return new ActionItemCheck.Request(
        serviceNow.value(sysId, "number"),
        serviceNow.value(sysId, "short_description"),
        serviceNow.value(sysId, "correlation_id"),
        serviceNow.value(sysId, "assigned_to.email"),
        due.substring(0, Math.min(DAY, due.length())),
        serviceNow.value(sysId, "state"),
        serviceNow.value(sysId, "close_code"));
  }
}
