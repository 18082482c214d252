package dev.lockstep.sandbox.pagerduty;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody asked to change of an incident; what is null was not asked for. */
final class IncidentChange {

  @Nullable IncidentStatus status;
  @Nullable String title;
  @Nullable Urgency urgency;
  @Nullable Priority priority;
  boolean clearsPriority;
  @Nullable Service service;
  @Nullable List<PagerDutyUser> assignees;
  @Nullable EscalationPolicy escalationPolicy;
  @Nullable Integer escalationLevel;
  @Nullable String resolution;

  static IncidentChange toStatus(IncidentStatus status) {
    IncidentChange change = new IncidentChange();
    change.status = status;
    return change;
  }
}
