package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A change that responders see beside the incidents of a service.
 *
 * @param timestamp when the sender says that it happened
 * @param acceptedAt when it was received
 * @param payload as it was sent
 * @param links as they were sent; missing if there were none
 */
public record ChangeEvent(
    String id,
    Service service,
    String integration,
    Instant timestamp,
    Instant acceptedAt,
    JsonNode payload,
    JsonNode links) {

  public String summary() {
    return payload.path("summary").asText();
  }

  /** One of its {@code custom_details}; empty if it has none of that name. */
  public String detail(String name) {
    return payload.path("custom_details").path(name).asText();
  }
}
