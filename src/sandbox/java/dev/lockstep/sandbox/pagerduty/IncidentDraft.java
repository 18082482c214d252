package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An incident while a rule works on it. */
final class IncidentDraft {

  private final PagerDutyIncident before;
  String title;
  IncidentStatus status;
  Urgency urgency;
  @Nullable Priority priority;
  Service service;
  EscalationPolicy escalationPolicy;
  List<PagerDutyIncident.Assignment> assignments;
  boolean assignedDirectly;
  List<PagerDutyIncident.Acknowledgement> acknowledgements;
  List<String> alertKeys;
  int openAlerts;
  Instant lastStatusChangeAt;
  Agent lastStatusChangeBy;
  @Nullable Instant resolvedAt;
  @Nullable Instant reopenedAt;
  @Nullable String mergedInto;
  @Nullable String resolution;

  IncidentDraft(PagerDutyIncident before) {
    this.before = before;
    title = before.title();
    status = before.status();
    urgency = before.urgency();
    priority = before.priority();
    service = before.service();
    escalationPolicy = before.escalationPolicy();
    assignments = before.assignments();
    assignedDirectly = before.assignedDirectly();
    acknowledgements = before.acknowledgements();
    alertKeys = before.alertKeys();
    openAlerts = before.openAlerts();
    lastStatusChangeAt = before.lastStatusChangeAt();
    lastStatusChangeBy = before.lastStatusChangeBy();
    resolvedAt = before.resolvedAt();
    reopenedAt = before.reopenedAt();
    mergedInto = before.mergedInto();
    resolution = before.resolution();
  }

  PagerDutyIncident done(Instant updatedAt) {
    return new PagerDutyIncident(
        before.id(),
        before.number(),
        title,
        status,
        urgency,
        priority,
        service,
        escalationPolicy,
        assignments,
        assignedDirectly,
        acknowledgements,
        before.incidentKey(),
        before.body(),
        before.incidentType(),
        alertKeys,
        openAlerts,
        before.createdAt(),
        updatedAt,
        lastStatusChangeAt,
        lastStatusChangeBy,
        resolvedAt,
        reopenedAt,
        mergedInto,
        resolution,
        before.firstLogEntryId(),
        before.mergeableWithoutAlerts());
  }
}
