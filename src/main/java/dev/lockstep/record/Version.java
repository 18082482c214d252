package dev.lockstep.record;

import java.time.Instant;

/**
 * When a state of a record was current, on its system's scale: a counter, or epoch milliseconds. It
 * is an interval, because some systems give times in seconds: two states within one second can't be
 * ordered.
 *
 * @param from the earliest it can be
 * @param to the latest it can be, not before {@code from}
 */
public record Version(long from, long to) {

  public Version {
    if (to < from) {
      throw new IllegalArgumentException("A version ends before it begins: " + from + " > " + to);
    }
  }

  /** The inverse of {@code toString()}. */
  public static Version parse(String text) {
    int dash = text.lastIndexOf('-');
    return new Version(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  /** As stored in the audit and in saved plans, for example {@code 3-3}. */
  @Override
  public String toString() {
    return from + "-" + to;
  }

  /** How a version relates to another one of the same record. */
  public enum Order {
    NEWER,
    OLDER,
    SAME,
    /** The intervals overlap: the order is unknown, the record must be fetched. */
    OVERLAPPING
  }

  public static Version count(long count) {
    return new Version(count, count);
  }

  /** A time with millisecond precision. */
  public static Version exactly(Instant time) {
    return new Version(time.toEpochMilli(), time.toEpochMilli());
  }

  /** A time truncated to the second. */
  public static Version within(Instant second) {
    long start = second.getEpochSecond() * 1000;
    return new Version(start, start + 999);
  }

  public Order comparedTo(Version other) {
    if (from > other.to) {
      return Order.NEWER;
    }
    if (to < other.from) {
      return Order.OLDER;
    }
    return from == to && equals(other) ? Order.SAME : Order.OVERLAPPING;
  }
}
