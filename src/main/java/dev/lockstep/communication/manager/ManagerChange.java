package dev.lockstep.communication.manager;

import dev.lockstep.record.RecordRef;
import java.time.Instant;

/**
 * An assignment, handover or release in Lockstep.
 *
 * @param by empty for Lockstep itself
 * @param from who led the incident; empty for nobody
 * @param to who leads it from then on; empty for nobody
 * @param openPoints of a handover
 */
record ManagerChange(
    long id,
    String requestKey,
    RecordRef incident,
    Kind kind,
    Instant at,
    String by,
    String from,
    String to,
    String reason,
    String openPoints) {

  enum Kind {
    ASSIGNED,
    HANDED_OVER,
    RELEASED
  }

  /** As it is stored. */
  ManagerChange withId(long stored) {
    return new ManagerChange(
        stored, requestKey, incident, kind, at, by, from, to, reason, openPoints);
  }

  /** In one line. */
  String describe() {
    return switch (kind) {
      case ASSIGNED -> "%s is the incident manager".formatted(to);
      case HANDED_OVER -> "%s is the incident manager instead of %s".formatted(to, from);
      case RELEASED -> "%s is no longer the incident manager".formatted(from);
    };
  }

  /** Whether another request asked for the same. */
  boolean isSameAs(ManagerChange other) {
    return incident.equals(other.incident)
        && kind == other.kind
        && to.equals(other.to)
        && reason.equals(other.reason);
  }
}
