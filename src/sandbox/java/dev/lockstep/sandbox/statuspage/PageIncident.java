package dev.lockstep.sandbox.statuspage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A realtime incident of the page.
 *
 * @param impactOverride null while the impact follows from the components
 * @param componentIds the components affected
 * @param updates newest first
 */
public record PageIncident(
    String id,
    String name,
    PageIncidentStatus status,
    @Nullable String impactOverride,
    List<String> componentIds,
    JsonNode metadata,
    boolean backfilled,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant monitoringAt,
    @Nullable Instant resolvedAt,
    List<PageUpdate> updates) {

  public PageIncident {
    componentIds = List.copyOf(componentIds);
    updates = List.copyOf(updates);
  }

  boolean isResolved() {
    return status == PageIncidentStatus.RESOLVED;
  }
}
