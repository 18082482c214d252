package dev.lockstep.pause;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/**
 * A recurring pause of the configuration.
 *
 * @param start when it starts, in local time of {@code zone}
 * @param duration from its start, in elapsed time: a change of the clocks does not change it
 */
public record FreezeWindow(
    CronExpression start, ZoneId zone, Duration duration, PauseScope scope, String reason) {
  /** Occurrences that overlap are one pause; more are computed when these have ended. */
  private static final int MOST_OVERLAPPING = 100;

  /** The occurrence that contains this moment, with those that overlap it. */
  Optional<Pause> at(Instant now) {
    ZonedDateTime first = start.next(now.minus(duration).atZone(zone));
    if (first == null || first.toInstant().isAfter(now)) {
      return Optional.empty();
    }
    ZonedDateTime last = first;
    for (int i = 0; i < MOST_OVERLAPPING; i++) {
      ZonedDateTime next = start.next(last);
      if (next == null || next.toInstant().isAfter(last.toInstant().plus(duration))) {
        break;
      }
      last = next;
    }
    return Optional.of(
        new Pause(scope, reason, "", first.toInstant(), last.toInstant().plus(duration), true));
  }
}
