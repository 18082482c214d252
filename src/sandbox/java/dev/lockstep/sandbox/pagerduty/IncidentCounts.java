package dev.lockstep.sandbox.pagerduty;

import java.util.List;

/**
 * How many incidents there are.
 *
 * @param opened ever, by whomever
 * @param open not resolved now
 * @param merged into others; resolved, therefore
 */
public record IncidentCounts(int opened, int open, int merged) {

  static IncidentCounts of(List<PagerDutyIncident> incidents) {
    int open = 0;
    int merged = 0;
    for (PagerDutyIncident incident : incidents) {
      open += incident.isOpen() ? 1 : 0;
      merged += incident.mergedInto() != null ? 1 : 0;
    }
    return new IncidentCounts(incidents.size(), open, merged);
  }
}
