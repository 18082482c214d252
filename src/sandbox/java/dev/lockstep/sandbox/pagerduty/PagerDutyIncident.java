package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incident as it was at one moment; later changes make new values.
 *
 * @param assignedDirectly people were named, rather than taken from the escalation policy
 * @param incidentKey null for incidents with alerts, as the OpenAPI document says of them
 * @param alertKeys the de-duplication keys of its alerts, oldest first
 * @param openAlerts how many of its alerts are not resolved
 * @param updatedAt in the API cut to whole seconds
 * @param mergedInto the id of the incident this one was merged into
 * @param mergeableWithoutAlerts opened by hand, as the OpenAPI document calls it
 * @param resolution text of the last resolution; the API shows it in the log entry only
 */
public record PagerDutyIncident(
    String id,
    int number,
    String title,
    IncidentStatus status,
    Urgency urgency,
    @Nullable Priority priority,
    Service service,
    EscalationPolicy escalationPolicy,
    List<Assignment> assignments,
    boolean assignedDirectly,
    List<Acknowledgement> acknowledgements,
    @Nullable String incidentKey,
    @Nullable String body,
    String incidentType,
    List<String> alertKeys,
    int openAlerts,
    Instant createdAt,
    Instant updatedAt,
    Instant lastStatusChangeAt,
    Agent lastStatusChangeBy,
    @Nullable Instant resolvedAt,
    @Nullable Instant reopenedAt,
    @Nullable String mergedInto,
    @Nullable String resolution,
    String firstLogEntryId,
    boolean mergeableWithoutAlerts) {

  /** An assignment and when it was made. */
  public record Assignment(Instant at, PagerDutyUser assignee) {}

  /** An acknowledgement and when it was made. */
  public record Acknowledgement(Instant at, Agent acknowledger) {}

  public PagerDutyIncident {
    assignments = List.copyOf(assignments);
    acknowledgements = List.copyOf(acknowledgements);
    alertKeys = List.copyOf(alertKeys);
  }

  /** E-mail addresses of those who have it, in the order they were assigned. */
  public List<String> assigneeEmails() {
    return assignments.stream().map(assignment -> assignment.assignee().email()).toList();
  }

  /** "Only incidents that have alerts, or that are manually created can be merged." */
  boolean isMergeable() {
    return mergedInto == null && (mergeableWithoutAlerts || !alertKeys.isEmpty());
  }

  boolean isOpen() {
    return status != IncidentStatus.RESOLVED;
  }
}
