package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of an incident's history.
 *
 * @param note the text of an annotation, the resolution of a resolve, or the new value of a field
 */
public record LogEntry(
    String id,
    EventType what,
    String incidentId,
    Service service,
    Agent agent,
    Instant at,
    @Nullable String note) {

  /** The type that {@code LogEntry} in the OpenAPI document lists. */
  public String type() {
    return what.logEntryType().orElseThrow();
  }
}
