package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code PUT /incidents/{id}/merge} as the REST OpenAPI document describes it. */
final class MergeRules {

  private static final int MOST_ALERTS = 1000;

  /** The sources in the order they were named. */
  record Merged(IncidentLifecycle.Outcome target, List<IncidentLifecycle.Outcome> sources) {}

  private MergeRules() {}

  static Merged merge(
      PagerDutyIncident target, List<PagerDutyIncident> sources, Agent by, Instant at) {
    if (!target.isOpen()) {
      throw PagerDutyException.refused(1001, "Incident Already Resolved");
    }
    if (sources.isEmpty()) {
      throw PagerDutyException.invalid("Source incidents cannot be empty.");
    }
    Set<String> alerts = new LinkedHashSet<>(target.alertKeys());
    int openAlerts = target.openAlerts();
    List<IncidentLifecycle.Outcome> outcomes = new ArrayList<>();
    for (PagerDutyIncident source : sources) {
      if (source.id().equals(target.id())) {
        throw PagerDutyException.invalid("An incident cannot be merged into itself.");
      }
      if (source.mergedInto() != null) {
        throw PagerDutyException.refused(1019, "Incident Already Merged");
      }
      if (!source.isMergeable() || !target.isMergeable()) {
        throw PagerDutyException.invalid(
            "Only incidents that have alerts, or that are manually created can be merged.");
      }
      alerts.addAll(source.alertKeys());
      openAlerts += source.openAlerts();
      outcomes.add(merged(source, target, by, at));
    }
    if (alerts.size() > MOST_ALERTS) {
      throw PagerDutyException.invalid("An incident cannot have more than 1000 alerts.");
    }
    IncidentDraft draft = new IncidentDraft(target);
    draft.alertKeys = List.copyOf(alerts);
    draft.openAlerts = openAlerts;
    // The document names no event for the incident that took the others in.
    return new Merged(new IncidentLifecycle.Outcome(draft.done(at), List.of()), outcomes);
  }

  private static IncidentLifecycle.Outcome merged(
      PagerDutyIncident source, PagerDutyIncident target, Agent by, Instant at) {
    // An incident that was resolved before can be merged too. That shows in its resolve_reason
    // only:
    // the document knows neither an event nor a log entry for it.
    boolean wasOpen = source.isOpen();
    IncidentDraft draft = new IncidentDraft(source);
    if (wasOpen) {
      StatusRules.resolve(draft, null, by, at);
    }
    draft.mergedInto = target.id();
    draft.alertKeys = List.of();
    draft.openAlerts = 0;
    return new IncidentLifecycle.Outcome(
        draft.done(at), wasOpen ? List.of(EventType.RESOLVED) : List.of());
  }
}
