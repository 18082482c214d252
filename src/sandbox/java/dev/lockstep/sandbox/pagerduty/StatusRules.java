package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transitions between triggered, acknowledged and resolved. */
final class StatusRules {

  private StatusRules() {}

  static List<EventType> change(
      IncidentDraft draft, IncidentChange wanted, IncidentStatus status, Agent by, Instant at) {
    return switch (status) {
      case TRIGGERED -> trigger(draft, wanted, by, at);
      case ACKNOWLEDGED -> acknowledge(draft, by, at);
      case RESOLVED -> {
        if (draft.status == IncidentStatus.RESOLVED) {
          throw PagerDutyException.refused(1001, "Incident Already Resolved");
        }
        resolve(draft, wanted.resolution, by, at);
        yield List.of(EventType.RESOLVED);
      }
    };
  }

  private static List<EventType> trigger(
      IncidentDraft draft, IncidentChange wanted, Agent by, Instant at) {
    return switch (draft.status) {
      case TRIGGERED -> List.of();
      case ACKNOWLEDGED -> {
        silentlyUnacknowledge(draft, by, at);
        yield List.of(EventType.UNACKNOWLEDGED);
      }
      case RESOLVED -> {
        reopen(draft, IncidentStatus.TRIGGERED, by, at);
        AssignmentRules.assignReopened(draft, wanted, at);
        yield List.of(EventType.REOPENED);
      }
    };
  }

  /** A second person may acknowledge as well; the same person again changes nothing. */
  private static List<EventType> acknowledge(IncidentDraft draft, Agent by, Instant at) {
    List<EventType> happened = new ArrayList<>();
    if (draft.status == IncidentStatus.RESOLVED) {
      // "When reopening an incident to the acknowledged status, it will be assigned to the current
      // user" (PUT /incidents/{id}).
      reopen(draft, IncidentStatus.TRIGGERED, by, at);
      AssignmentRules.assignTo(draft, by, at);
      happened.add(EventType.REOPENED);
    }
    boolean already =
        draft.acknowledgements.stream()
            .anyMatch(acknowledgement -> acknowledgement.acknowledger().id().equals(by.id()));
    if (!already) {
      List<PagerDutyIncident.Acknowledgement> all = new ArrayList<>(draft.acknowledgements);
      all.add(new PagerDutyIncident.Acknowledgement(at, by));
      draft.acknowledgements = all;
      to(draft, IncidentStatus.ACKNOWLEDGED, by, at);
      happened.add(EventType.ACKNOWLEDGED);
    }
    return happened;
  }

  static void resolve(IncidentDraft draft, @Nullable String resolution, Agent by, Instant at) {
    to(draft, IncidentStatus.RESOLVED, by, at);
    draft.resolvedAt = at;
    draft.resolution = resolution;
    draft.assignments = List.of();
    draft.acknowledgements = List.of();
    draft.openAlerts = 0;
  }

  /** Others have it now, so nobody has acknowledged it: no event of its own tells that. */
  static void silentlyUnacknowledge(IncidentDraft draft, Agent by, Instant at) {
    if (draft.status == IncidentStatus.ACKNOWLEDGED) {
      draft.acknowledgements = List.of();
      to(draft, IncidentStatus.TRIGGERED, by, at);
    }
  }

  private static void reopen(IncidentDraft draft, IncidentStatus status, Agent by, Instant at) {
    if (draft.mergedInto != null) {
      throw PagerDutyException.refused(1019, "Incident Already Merged");
    }
    to(draft, status, by, at);
    draft.resolvedAt = null;
    draft.resolution = null;
    draft.reopenedAt = at;
  }

  private static void to(IncidentDraft draft, IncidentStatus status, Agent by, Instant at) {
    draft.status = status;
    draft.lastStatusChangeAt = at;
    draft.lastStatusChangeBy = by;
  }
}
