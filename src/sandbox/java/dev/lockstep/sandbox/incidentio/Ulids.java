package dev.lockstep.sandbox.incidentio;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of the length of those in the API reference; later ones sort later. Thread-safe. */
final class Ulids {

  private static final int RADIX = 32;
  private static final int TIME_DIGITS = 10;
  private static final int OTHER_DIGITS = 16;

  private final AtomicLong counter = new AtomicLong();

  String next(Instant at) {
    return padded(at.toEpochMilli(), TIME_DIGITS) + padded(counter.incrementAndGet(), OTHER_DIGITS);
  }

  private static String padded(long number, int length) {
    String digits = Long.toString(number, RADIX).toUpperCase(Locale.ROOT);
    return "0".repeat(length - digits.length()) + digits;
  }
}
