package dev.lockstep.pause;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pause that was started.
 *
 * @param reason empty if none was given
 * @param by who started it; empty for a freeze window
 * @param until null if it has no end
 * @param freeze whether it is a freeze window of the configuration, which nobody can end early
 */
public record Pause(
    PauseScope scope,
    String reason,
    String by,
    Instant since,
    @Nullable Instant until,
    boolean freeze) {

  boolean isActive(Instant now) {
    return !now.isBefore(since) && (until == null || now.isBefore(until));
  }

  /** One line, for example {@code system jira is paused by kim until 2026-12-01T06:00:00Z: why}. */
  public String describe() {
    return "%s is paused by %s%s%s"
        .formatted(
            scope.title(),
            freeze ? "a freeze window" : by,
            until == null ? "" : " until " + until,
            reason.isEmpty() ? "" : ": " + reason);
  }
}
