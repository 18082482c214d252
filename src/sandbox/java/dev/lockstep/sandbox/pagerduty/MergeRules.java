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
  record Merged(IncidentRules.Outcome target, List<IncidentRules.Outcome> sources) {}

  private MergeRules() {}

  static Merged merge(Incident target, List<Incident> sources, Agent by, Instant at) {
    if (!target.isOpen()) {
      throw ApiError.refused(1001, "Incident Already Resolved");
    }
    if (sources.isEmpty()) {
      throw ApiError.invalid("Source incidents cannot be empty.");
    }
    Set<String> alerts = new LinkedHashSet<>(target.alertKeys());
    int openAlerts = target.openAlerts();
    List<IncidentRules.Outcome> outcomes = new ArrayList<>();
    for (Incident source : sources) {
      if (source.id().equals(target.id())) {
        throw ApiError.invalid("An incident cannot be merged into itself.");
      }
      if (source.mergedInto() != null) {
        throw ApiError.refused(1019, "Incident Already Merged");
      }
      if (!source.isMergeable() || !target.isMergeable()) {
        throw ApiError.invalid(
            "Only incidents that have alerts, or that are manually created can be merged.");
      }
      alerts.addAll(source.alertKeys());
      openAlerts += source.openAlerts();
      outcomes.add(merged(source, target, by, at));
    }
    if (alerts.size() > MOST_ALERTS) {
      throw ApiError.invalid("An incident cannot have more than 1000 alerts.");
    }
    IncidentDraft draft = new IncidentDraft(target);
    draft.alertKeys = List.copyOf(alerts);
    draft.openAlerts = openAlerts;
    // The document names no event for the incident that took the others in.
    return new Merged(new IncidentRules.Outcome(draft.done(at), List.of()), outcomes);
  }

  private static IncidentRules.Outcome merged(
      Incident source, Incident target, Agent by, Instant at) {
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
    return new IncidentRules.Outcome(draft.done(at), wasOpen ? List.of(What.RESOLVED) : List.of());
  }
}
