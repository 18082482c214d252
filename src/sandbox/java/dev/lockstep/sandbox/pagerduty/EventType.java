package dev.lockstep.sandbox.pagerduty;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to an incident, with the log entry it leaves and the webhook it sends.
 *
 * <p>Log entry types are those of {@code LogEntry} in the REST OpenAPI document, event types those
 * of "Event Types" in PagerDuty's webhook overview. What has none there sends nothing here either:
 * a changed title or urgency is seen by reading only.
 */
public enum EventType {
  TRIGGERED("trigger_log_entry", "incident.triggered", "Triggered"),
  ACKNOWLEDGED("acknowledge_log_entry", "incident.acknowledged", "Acknowledged"),
  UNACKNOWLEDGED("unacknowledge_log_entry", "incident.unacknowledged", "Unacknowledged"),
  /** Other people have it. */
  REASSIGNED("assign_log_entry", "incident.reassigned", "Reassigned"),
  /** Another level of the same policy has it. */
  ESCALATED("escalate_log_entry", "incident.escalated", "Escalated"),
  /** Another escalation policy has it. */
  DELEGATED("delegate_log_entry", "incident.delegated", "Delegated"),
  /** The document has no log entry for it, but many public programs read this one. */
  PRIORITY_UPDATED("priority_change_log_entry", "incident.priority_updated", "Priority updated"),
  SERVICE_UPDATED("field_value_change_log_entry", "incident.service_updated", "Service updated"),
  TITLE_UPDATED("field_value_change_log_entry", null, "Title updated"),
  URGENCY_UPDATED("urgency_change_log_entry", null, "Urgency updated"),
  RESOLVED("resolve_log_entry", "incident.resolved", "Resolved"),
  /** The document knows no log entry for it; the new assignment is what is logged. */
  REOPENED("assign_log_entry", "incident.reopened", "Reopened"),
  ANNOTATED("annotate_log_entry", "incident.annotated", "Note added"),
  STATUS_UPDATE_PUBLISHED(null, "incident.status_update_published", "Status update published"),
  // The REST document knows neither tasks nor log entries of them.
  TASK_CREATED(null, "incident.task.created", "Task created"),
  TASK_UPDATED(null, "incident.task.updated", "Task updated"),
  TASK_COMPLETED(null, "incident.task.completed", "Task completed");

  private final @Nullable String logEntryType;
  private final @Nullable String eventType;
  private final String summary;

  EventType(@Nullable String logEntryType, @Nullable String eventType, String summary) {
    this.logEntryType = logEntryType;
    this.eventType = eventType;
    this.summary = summary;
  }

  /** The {@code type} of its log entry, if it leaves one. */
  public Optional<String> logEntryType() {
    return Optional.ofNullable(logEntryType);
  }

  /** The {@code event_type} of its webhook, if it sends one. */
  public Optional<String> eventType() {
    return Optional.ofNullable(eventType);
  }

  String summary() {
    return summary;
  }
}
