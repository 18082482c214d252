package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules for assigning incidents. */
final class AssignmentRules {

  private AssignmentRules() {}

  /**
   * Carries out what is asked of an incident that was not reopened or resolved by the same call.
   */
  static Optional<EventType> change(IncidentDraft draft, IncidentChange wanted, Instant at) {
    if (wanted.assignees != null) {
      return reassign(draft, wanted.assignees, at);
    }
    if (wanted.escalationPolicy != null) {
      return delegate(draft, wanted.escalationPolicy, at);
    }
    if (wanted.escalationLevel != null) {
      return escalate(draft, wanted.escalationLevel, at);
    }
    return Optional.empty();
  }

  /**
   * "It will be assigned based on the assignees or escalation_policy fields in the request,
   * otherwise it will be assigned to the current Escalation Policy" ({@code PUT /incidents/{id}}).
   */
  static void assignReopened(IncidentDraft draft, IncidentChange wanted, Instant at) {
    if (wanted.assignees != null && !wanted.assignees.isEmpty()) {
      draft.assignments = assigned(wanted.assignees, at);
      draft.assignedDirectly = true;
      return;
    }
    if (wanted.escalationPolicy != null) {
      draft.escalationPolicy = wanted.escalationPolicy;
    }
    draft.assignments = assigned(firstOnCall(draft.escalationPolicy), at);
    draft.assignedDirectly = false;
  }

  /** Nobody, if nobody is on call at the first level: the incident is opened all the same. */
  static List<PagerDutyUser> firstOnCall(EscalationPolicy policy) {
    return policy.levels().stream().limit(1).toList();
  }

  static void assignTo(IncidentDraft draft, Agent by, Instant at) {
    String email = by.email() == null ? "" : by.email();
    draft.assignments = assigned(List.of(new PagerDutyUser(by.id(), by.name(), email)), at);
    draft.assignedDirectly = true;
  }

  static PagerDutyUser onCall(EscalationPolicy policy, int level) {
    if (policy.levels().size() < level) {
      throw PagerDutyException.refused(1015, "Escalation Policy Has No User On Call");
    }
    return policy.levels().get(level - 1);
  }

  static List<PagerDutyIncident.Assignment> assigned(List<PagerDutyUser> users, Instant at) {
    return users.stream()
        .distinct()
        .map(user -> new PagerDutyIncident.Assignment(at, user))
        .toList();
  }

  private static Optional<EventType> reassign(
      IncidentDraft draft, List<PagerDutyUser> assignees, Instant at) {
    if (assignees.isEmpty()) {
      throw PagerDutyException.invalid("Assignments cannot be empty.");
    }
    checkOpen(draft);
    Set<String> wanted = assignees.stream().map(PagerDutyUser::id).collect(Collectors.toSet());
    Set<String> present =
        draft.assignments.stream()
            .map(assignment -> assignment.assignee().id())
            .collect(Collectors.toSet());
    if (wanted.equals(present)) {
      return Optional.empty();
    }
    draft.assignments = assigned(assignees, at);
    draft.assignedDirectly = true;
    return Optional.of(EventType.REASSIGNED);
  }

  private static Optional<EventType> delegate(
      IncidentDraft draft, EscalationPolicy policy, Instant at) {
    checkOpen(draft);
    if (policy.id().equals(draft.escalationPolicy.id()) && !draft.assignedDirectly) {
      return Optional.empty();
    }
    draft.assignments = assigned(List.of(onCall(policy, 1)), at);
    draft.escalationPolicy = policy;
    draft.assignedDirectly = false;
    return Optional.of(EventType.DELEGATED);
  }

  private static Optional<EventType> escalate(IncidentDraft draft, int level, Instant at) {
    checkOpen(draft);
    boolean exists = level >= 1 && level <= draft.escalationPolicy.levels().size();
    // "You cannot reassign low-urgency incidents to an escalation level" (Reassign Incidents).
    if (!exists || draft.urgency == Urgency.LOW) {
      throw PagerDutyException.refused(1006, "Cannot Escalate");
    }
    draft.assignments = assigned(List.of(onCall(draft.escalationPolicy, level)), at);
    draft.assignedDirectly = false;
    return Optional.of(EventType.ESCALATED);
  }

  private static void checkOpen(IncidentDraft draft) {
    if (draft.status == IncidentStatus.RESOLVED) {
      throw PagerDutyException.refused(1001, "Incident Already Resolved");
    }
  }
}
