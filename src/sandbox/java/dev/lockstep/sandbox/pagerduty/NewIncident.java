package dev.lockstep.sandbox.pagerduty;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asked to open.
 *
 * @param assignees empty: whoever the escalation policy names
 * @param escalationPolicy null: the service's own
 * @param byApi by {@code POST /incidents}, rather than by hand or by an alert
 * @param alertKey not null when an integration opens it for an alert
 */
record NewIncident(
    String title,
    Service service,
    @Nullable Priority priority,
    Urgency urgency,
    @Nullable String body,
    @Nullable String incidentKey,
    String incidentType,
    List<PagerDutyUser> assignees,
    @Nullable EscalationPolicy escalationPolicy,
    @Nullable String alertKey,
    boolean byApi) {

  static NewIncident of(String title, Service service) {
    return new NewIncident(
        title,
        service,
        null,
        Urgency.HIGH,
        null,
        null,
        "incident_default",
        List.of(),
        null,
        null,
        false);
  }

  NewIncident forAlert(String key) {
    return new NewIncident(
        title,
        service,
        priority,
        urgency,
        body,
        null,
        incidentType,
        assignees,
        escalationPolicy,
        key,
        false);
  }
}
