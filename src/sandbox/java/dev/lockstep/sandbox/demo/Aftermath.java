package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.demo.DuplicateFacts.Page;
import dev.lockstep.sandbox.demo.DuplicateFacts.Ticket;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads both sandboxes for what became of the duplicates in them. */
final class Aftermath {
  private static final String RESOLVED = "6";

  private final SimulatedSystems systems;
  private final ChangeRecorder recorder;

  Aftermath(SimulatedSystems systems, ChangeRecorder recorder) {
    this.systems = systems;
    this.recorder = recorder;
  }

  /**
   * @param proposed keys of the tickets Lockstep says it asks people about
   */
  DuplicateCheck.Result judge(ScenarioFacts facts, Set<String> proposed) {
    Map<String, List<ObservedChange>> happenings =
        recorder.happenings().stream().collect(Collectors.groupingBy(ObservedChange::id));
    List<Ticket> tickets =
        systems.serviceNow().records("incident").stream()
            .map(record -> ticket(record, happenings))
            .toList();
    List<Page> pages = systems.pagerDuty().incidents().stream().map(Aftermath::page).toList();
    return new DuplicateCheck(facts, tickets, pages).judge(proposed);
  }

  private Ticket ticket(Map<String, String> record, Map<String, List<ObservedChange>> happenings) {
    String sysId = record.getOrDefault("sys_id", "");
    List<ObservedChange> own = happenings.getOrDefault(sysId, List.of());
    return new Ticket(
        sysId,
        record.getOrDefault("number", ""),
        record.getOrDefault("correlation_id", ""),
        record.getOrDefault("parent_incident", ""),
        record.getOrDefault("state", ""),
        record.getOrDefault("close_code", ""),
        record.getOrDefault("close_notes", ""),
        resolutions(own),
        (int) own.stream().filter(ObservedChange::ours).count(),
        lines(systems.serviceNow(), sysId));
  }

  static List<NoteLine> lines(ServiceNowSimulator serviceNow, String sysId) {
    return serviceNow.journal(sysId).stream()
        .map(
            entry ->
                new NoteLine(
                    entry.value(),
                    entry.createdBy().equals(SimulatedSystems.SERVICENOW_USER),
                    entry.element().equals("comments")))
        .toList();
  }

  private static int resolutions(List<ObservedChange> happenings) {
    int times = 0;
    String before = "";
    for (ObservedChange happening : happenings) {
      String now = happening.state().get(FieldState.STATUS);
      times += now.equals(RESOLVED) && !before.equals(RESOLVED) ? 1 : 0;
      before = now;
    }
    return times;
  }

  private static Page page(PagerDutyIncident incident) {
    return new Page(
        incident.id(),
        "#" + incident.number(),
        Objects.requireNonNullElse(incident.incidentKey(), ""),
        Objects.requireNonNullElse(incident.mergedInto(), ""));
  }
}
