package dev.lockstep.sandbox.pagerduty;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Applies a requested change to an incident: from an incident and the request to the incident after
 * it and what happened. Pure. Sources: the descriptions of {@code POST /incidents} and {@code PUT
 * /incidents/{id}} in the REST OpenAPI document, "Incident Creation API", "Errors", and "Reassign
 * Incidents" in the support documentation.
 */
final class IncidentLifecycle {

  /** What Events API v2 allows for a summary; the REST document names no limit. */
  private static final int LONGEST_TITLE = 1024;

  /** The incident afterwards; nothing happened when it is what it was. */
  record Outcome(PagerDutyIncident incident, List<EventType> happened) {}

  private final boolean reassigningTriggers;
  private final boolean apiIncidentsMergeable;

  IncidentLifecycle(boolean reassigningTriggers, boolean apiIncidentsMergeable) {
    this.reassigningTriggers = reassigningTriggers;
    this.apiIncidentsMergeable = apiIncidentsMergeable;
  }

  Outcome open(NewIncident wanted, Agent by, String id, int number, String logId, Instant at) {
    checkTitle(wanted.title());
    if (!wanted.assignees().isEmpty() && wanted.escalationPolicy() != null) {
      throw PagerDutyException.invalid(
          "Assignments cannot be specified if an escalation policy is given.");
    }
    if (wanted.assignees().size() > 1) {
      throw PagerDutyException.invalid("Only one assignee is supported.");
    }
    EscalationPolicy policy =
        Objects.requireNonNullElse(wanted.escalationPolicy(), wanted.service().escalationPolicy());
    boolean direct = !wanted.assignees().isEmpty();
    List<PagerDutyUser> assignees =
        direct ? wanted.assignees() : AssignmentRules.firstOnCall(policy);
    // "When a user creates an incident assigned to themselves, the incident will be created in the
    // Acknowledged state" (Incident Creation API).
    boolean own = direct && assignees.get(0).id().equals(by.id());
    List<String> alerts = wanted.alertKey() == null ? List.of() : List.of(wanted.alertKey());
    PagerDutyIncident incident =
        new PagerDutyIncident(
            id,
            number,
            wanted.title(),
            own ? IncidentStatus.ACKNOWLEDGED : IncidentStatus.TRIGGERED,
            wanted.urgency(),
            wanted.priority(),
            wanted.service(),
            policy,
            AssignmentRules.assigned(assignees, at),
            direct,
            own ? List.of(new PagerDutyIncident.Acknowledgement(at, by)) : List.of(),
            wanted.alertKey() == null ? keyOf(wanted, id) : null,
            wanted.body(),
            wanted.incidentType(),
            alerts,
            alerts.size(),
            at,
            at,
            at,
            by,
            null,
            null,
            null,
            null,
            logId,
            apiIncidentsMergeable || !wanted.byApi());
    return new Outcome(
        incident,
        own ? List.of(EventType.TRIGGERED, EventType.ACKNOWLEDGED) : List.of(EventType.TRIGGERED));
  }

  Outcome change(PagerDutyIncident before, IncidentChange wanted, Agent by, Instant at) {
    if (wanted.assignees != null && wanted.escalationPolicy != null) {
      throw PagerDutyException.invalid(
          "Assignments cannot be specified if an escalation policy is given.");
    }
    IncidentDraft draft = new IncidentDraft(before);
    List<EventType> happened = new ArrayList<>();
    changeFields(draft, wanted, happened);
    if (wanted.status != null) {
      StatusRules.change(draft, wanted, wanted.status, by, at).forEach(happened::add);
    }
    if (wanted.status != IncidentStatus.RESOLVED && !happened.contains(EventType.REOPENED)) {
      AssignmentRules.change(draft, wanted, at)
          .ifPresent(
              what -> {
                happened.add(what);
                if (reassigningTriggers && wanted.status == null) {
                  StatusRules.silentlyUnacknowledge(draft, by, at);
                }
              });
    }
    return happened.isEmpty()
        ? new Outcome(before, List.of())
        : new Outcome(draft.done(at), List.copyOf(happened));
  }

  private static void changeFields(
      IncidentDraft draft, IncidentChange wanted, List<EventType> happened) {
    if (wanted.title != null) {
      checkTitle(wanted.title);
      if (!wanted.title.equals(draft.title)) {
        draft.title = wanted.title;
        happened.add(EventType.TITLE_UPDATED);
      }
    }
    boolean otherPriority = wanted.priority != null && !wanted.priority.equals(draft.priority);
    if (otherPriority || (wanted.clearsPriority && draft.priority != null)) {
      draft.priority = wanted.priority;
      happened.add(EventType.PRIORITY_UPDATED);
    }
    if (wanted.urgency != null && wanted.urgency != draft.urgency) {
      draft.urgency = wanted.urgency;
      happened.add(EventType.URGENCY_UPDATED);
    }
    if (wanted.service != null && !wanted.service.id().equals(draft.service.id())) {
      draft.service = wanted.service;
      happened.add(EventType.SERVICE_UPDATED);
    }
  }

  /** PagerDuty makes a key up when none is given. */
  private static String keyOf(NewIncident wanted, String id) {
    return wanted.incidentKey() == null
        ? UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "")
        : wanted.incidentKey();
  }

  private static void checkTitle(String title) {
    if (title.isBlank()) {
      throw PagerDutyException.invalid("Title cannot be empty.");
    }
    if (title.length() > LONGEST_TITLE) {
      throw PagerDutyException.invalid(
          "Title is too long (maximum is " + LONGEST_TITLE + " characters).");
    }
  }
}
