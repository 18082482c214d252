package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.demo.Gathered.Page;
import dev.lockstep.sandbox.demo.Gathered.Ticket;
import dev.lockstep.sandbox.pagerduty.Incident;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads both sandboxes for what became of the duplicates in them. */
final class Aftermath {
  private static final String RESOLVED = "6";

  private final Sandboxes sandboxes;
  private final Witness witness;

  Aftermath(Sandboxes sandboxes, Witness witness) {
    this.sandboxes = sandboxes;
    this.witness = witness;
  }

  /**
   * @param proposed keys of the tickets Lockstep says it asks people about
   */
  Consolidation.Result judge(Played played, Set<String> proposed) {
    Map<String, List<Happening>> happenings =
        witness.happenings().stream().collect(Collectors.groupingBy(Happening::id));
    List<Ticket> tickets =
        sandboxes.serviceNow().records("incident").stream()
            .map(record -> ticket(record, happenings))
            .toList();
    List<Page> pages = sandboxes.pagerDuty().incidents().stream().map(Aftermath::page).toList();
    return new Consolidation(played, tickets, pages).judge(proposed);
  }

  private Ticket ticket(Map<String, String> record, Map<String, List<Happening>> happenings) {
    String sysId = record.getOrDefault("sys_id", "");
    List<Happening> own = happenings.getOrDefault(sysId, List.of());
    return new Ticket(
        sysId,
        record.getOrDefault("number", ""),
        record.getOrDefault("correlation_id", ""),
        record.getOrDefault("parent_incident", ""),
        record.getOrDefault("state", ""),
        record.getOrDefault("close_code", ""),
        record.getOrDefault("close_notes", ""),
        resolutions(own),
        (int) own.stream().filter(Happening::ours).count(),
        lines(sandboxes.serviceNow(), sysId));
  }

  static List<Line> lines(ServiceNowSimulator serviceNow, String sysId) {
    return serviceNow.journal(sysId).stream()
        .map(
            entry ->
                new Line(
                    entry.value(),
                    entry.createdBy().equals(Sandboxes.SERVICENOW_USER),
                    entry.element().equals("comments")))
        .toList();
  }

  private static int resolutions(List<Happening> happenings) {
    int times = 0;
    String before = "";
    for (Happening happening : happenings) {
      String now = happening.state().get(State.STATUS);
      times += now.equals(RESOLVED) && !before.equals(RESOLVED) ? 1 : 0;
      before = now;
    }
    return times;
  }

  private static Page page(Incident incident) {
    return new Page(
        incident.id(),
        "#" + incident.number(),
        Objects.requireNonNullElse(incident.incidentKey(), ""),
        Objects.requireNonNullElse(incident.mergedInto(), ""));
  }
}
