package dev.lockstep.sandbox.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Allows a number of calls in each minute of the clock, or in any 60 seconds. Thread-safe. */
public final class RateLimit {

  private static final long WINDOW_SECONDS = 60;

  /**
   * How one call stands against the limit.
   *
   * @param injected refused because a fault said so, not because the limit was reached
   * @param untilReset until calls are allowed again, whole seconds
   */
  public record Quota(
      boolean allowed, boolean injected, int limit, int remaining, Duration untilReset) {}

  private final Clock clock;
  private final int limit;
  private final int announced;
  private final boolean rolling;

  /** The calls allowed in the last 60 seconds, oldest first; of a rolling window only. */
  private final Deque<Instant> recent = new ArrayDeque<>();

  private long window = Long.MIN_VALUE;
  private int used;

  /**
   * @param limit calls per minute; 0 for no limit
   * @param announced the limit that responses state while there is none
   */
  public RateLimit(Clock clock, int limit, int announced) {
    this(clock, limit, announced, false);
  }

  private RateLimit(Clock clock, int limit, int announced, boolean rolling) {
    this.clock = clock;
    this.limit = limit;
    this.announced = announced;
    this.rolling = rolling;
  }

  /**
   * @param limit calls in any 60 seconds; 0 for no limit
   * @param announced as above
   */
  public static RateLimit rolling(Clock clock, int limit, int announced) {
    return new RateLimit(clock, limit, announced, true);
  }

  /** Counts a call, unless it is over the limit. */
  public synchronized Quota count() {
    return rolling && limit > 0 ? countRolling(clock.instant()) : countFixed();
  }

  private Quota countRolling(Instant now) {
    while (!recent.isEmpty() && recent.peek().isBefore(now.minusSeconds(WINDOW_SECONDS))) {
      recent.remove();
    }
    boolean allowed = recent.size() < limit;
    if (allowed) {
      recent.add(now);
    }
    Duration reset = Duration.between(now, recent.element().plusSeconds(WINDOW_SECONDS));
    return new Quota(allowed, false, limit, limit - recent.size(), reset);
  }

  private Quota countFixed() {
    long second = clock.instant().getEpochSecond();
    long present = Math.floorDiv(second, WINDOW_SECONDS);
    if (present != window) {
      window = present;
      used = 0;
    }
    Duration reset = Duration.ofSeconds(WINDOW_SECONDS - Math.floorMod(second, WINDOW_SECONDS));
    if (limit == 0) {
      // No limit: announce nothing that would make a careful client slow down.
      return new Quota(true, false, announced, announced - 1, reset);
    }
    if (used >= limit) {
      return new Quota(false, false, limit, 0, reset);
    }
    used++;
    return new Quota(true, false, limit, limit - used, reset);
  }

  /** What an injected 429 states. */
  Quota exhausted(Duration wait) {
    Duration atLeast = Duration.ofSeconds(Math.max(1, wait.toSeconds()));
    return new Quota(false, true, announced, 0, atLeast);
  }
}
