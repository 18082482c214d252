package dev.lockstep.sandbox.slack;

import java.time.Clock;
import java.time.Instant;

/** Ids that are never given twice. Thread-safe. */
final class SlackIds {
  private static final long MICROS = 1_000_000;

  private final Clock clock;
  private int last;
  private long lastMicros;

  SlackIds(Clock clock) {
    this.clock = clock;
  }

  synchronized String next(String prefix) {
    last++;
    return "%s%08d".formatted(prefix, last);
  }

  /** The id of a message: when it was written, to the microsecond. */
  synchronized String nextTs() {
    Instant now = clock.instant();
    long micros = now.getEpochSecond() * MICROS + now.getNano() / 1000;
    lastMicros = Math.max(micros, lastMicros + 1);
    return "%d.%06d".formatted(lastMicros / MICROS, lastMicros % MICROS);
  }
}
