package dev.lockstep.sandbox.pagerduty;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that look like PagerDuty's and come out the same in every run. Thread-safe. */
final class Ids {

  private static final long SHORT_SPACE = 36L * 36 * 36 * 36 * 36 * 36;

  /** Shares no factor with 36, so that no id comes twice before the space is used up. */
  private static final long STEP = 1_234_567_891L;

  private final AtomicLong counter = new AtomicLong();

  /** Such as {@code PT4KHLK}. */
  String small() {
    return "P" + padded(mixed(), 6);
  }

  /** Such as {@code Q3B15VLMF3ASBD}. */
  String incident() {
    long mixed = mixed();
    return "Q" + padded(mixed, 7) + padded((mixed * STEP) % SHORT_SPACE, 6);
  }

  /** Such as {@code 01BZYK8N47N5JG55J1EEEHPEJI}; later ones sort later. */
  String event(Instant at) {
    return "01" + padded(at.toEpochMilli(), 10) + padded(mixed(), 14);
  }

  private long mixed() {
    return (counter.incrementAndGet() * STEP) % SHORT_SPACE;
  }

  private static String padded(long number, int length) {
    String digits = Long.toString(number, 36).toUpperCase(Locale.ROOT);
    return "0".repeat(Math.max(0, length - digits.length())) + digits;
  }
}
