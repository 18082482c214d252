package dev.lockstep.sandbox.statuspage;

import java.time.Instant;
import java.util.List;

/**
 * An update of an incident: what the page shows and subscribers are sent.
 *
 * @param affected the components whose status it changed
 * @param notified whether subscribers were notified
 */
public record PageUpdate(
    String id,
    PageIncidentStatus status,
    String body,
    Instant createdAt,
    Instant updatedAt,
    List<Affected> affected,
    boolean notified) {

  /** A component whose status was changed. */
  public record Affected(String code, String name, String oldStatus, String newStatus) {}

  PageUpdate edited(String text, Instant now) {
    return new PageUpdate(id, status, text, createdAt, now, affected, notified);
  }
}
