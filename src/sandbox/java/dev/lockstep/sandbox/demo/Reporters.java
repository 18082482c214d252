package dev.lockstep.sandbox.demo;

import java.util.HashMap;
import java.util.Map;

/** Those who report: monitors to PagerDuty, everybody else to ServiceNow. */
final class Reporters {
  static final String RECORDS = "Patient Records";
  static final String RADIOLOGY = "Radiology Imaging";

  /** Each so-manieth of the clinics' tickets is urgent: alone it would page somebody. */
  private static final int URGENT = 7;

  private static final Map<String, String> PRIORITY_2 = Map.of("impact", "1", "urgency", "2");

  private final ScenarioRunner stage;
  private final ScenarioFacts played;

  /** Nobody has called a clinic's ticket urgent yet. */
  private boolean calm = true;

  Reporters(ScenarioRunner stage, ScenarioFacts played) {
    this.stage = stage;
    this.played = played;
  }

  void report(TicketReport report) {
    switch (report.kind()) {
      case ALERT -> played.alerts.add(stage.pagerDuty().alert(RECORDS, report.title()).id());
      case CLINIC -> {
        boolean raised = !calm && played.clinics.size() % URGENT == URGENT - 1;
        played.clinics.add(write(report, raised ? PRIORITY_2 : Map.of()));
      }
      case UNRELATED -> {
        boolean urgent = report.service().equals(RADIOLOGY);
        String sysId = write(report, urgent ? PRIORITY_2 : Map.of());
        played.unrelated.add(sysId);
        if (urgent) {
          played.urgent.add(sysId);
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
      fields.put("cmdb_ci", stage.sandboxes().sysId(FieldState.SERVICE, report.service()));
    }
    return stage.serviceNow().as("self-service").create("incident", fields);
  }

  /** Raises some of the clinics' tickets; from now on some have that priority from the start. */
  void raise() {
    calm = false;
    for (int at = URGENT - 1; at < played.clinics.size(); at += URGENT) {
      String sysId = played.clinics.get(at);
      stage.serviceNow().as(SimulatedSystems.userName(DemoUsers.MAYA)).update(sysId, PRIORITY_2);
    }
  }
}
