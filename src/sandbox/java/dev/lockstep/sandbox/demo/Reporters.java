package dev.lockstep.sandbox.demo;

import java.util.HashMap;
import java.util.Map;

/** Those who report: monitors to PagerDuty, everybody else to ServiceNow. */
final class Reporters {
  static final String RECORDS = "Patient Records";
  static final String RADIOLOGY = "Radiology Imaging";

  private static final Map<String, String> PRIORITY_2 = Map.of("impact", "1", "urgency", "2");

  private final ScenarioRunner runner;
  private final ScenarioFacts facts;

  Reporters(ScenarioRunner runner, ScenarioFacts facts) {
    this.runner = runner;
    this.facts = facts;
  }

  void report(TicketReport report) {
    switch (report.kind()) {
      case ALERT -> facts.alerts.add(runner.pagerDuty().alert(RECORDS, report.title()).id());
      case CLINIC -> facts.clinics.add(write(report, Map.of()));
      case UNRELATED -> {
        boolean urgent = report.service().equals(RADIOLOGY);
        String sysId = write(report, urgent ? PRIORITY_2 : Map.of());
        facts.unrelated.add(sysId);
        if (urgent) {
          facts.urgent.add(sysId);
        }
      }
    }
  }

  String write(TicketReport report, Map<String, String> more) {
    Map<String, String> fields = new HashMap<>(more);
    fields.put("short_description", report.title());
    fields.put("description", report.description());
    fields.put("category", report.category());
    if (!report.service().isEmpty()) {
      fields.put("cmdb_ci", runner.sandboxes().sysId(FieldState.SERVICE, report.service()));
    }
    return runner.serviceNow().as("self-service").create("incident", fields);
  }

  /** Raises a clinic's ticket. */
  void raise(String sysId) {
    runner.serviceNow().as(SimulatedSystems.userName(DemoUsers.MAYA)).update(sysId, PRIORITY_2);
  }
}
