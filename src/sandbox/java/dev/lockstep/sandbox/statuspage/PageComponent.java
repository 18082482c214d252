package dev.lockstep.sandbox.statuspage;

import java.time.Instant;
import java.util.List;

/**
 * A component of the page.
 *
 * @param status one of {@link #STATUSES}
 */
public record PageComponent(
    String id, String name, String status, int position, Instant createdAt, Instant updatedAt) {

  static final List<String> STATUSES =
      List.of(
          "operational",
          "under_maintenance",
          "degraded_performance",
          "partial_outage",
          "major_outage");

  PageComponent with(String changed, Instant now) {
    return new PageComponent(id, name, changed, position, createdAt, now);
  }
}
