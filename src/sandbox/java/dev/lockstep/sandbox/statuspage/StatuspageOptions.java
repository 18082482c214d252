package dev.lockstep.sandbox.statuspage;

import dev.lockstep.sandbox.http.Faults;
import java.time.Clock;
import java.time.Duration;

/** How a simulated page is set up; what is not set is as in {@link #defaults()}. */
public final class StatuspageOptions {
  int port;
  String token = "sandbox-token";
  String page = "2vp47kp8vp10";
  Clock clock = Clock.systemUTC();
  Faults faults = new Faults();
  int callsPerMinute = StatuspageSimulator.DOCUMENTED_LIMIT;
  int limitStatus = 420;
  Duration lateness = Duration.ofSeconds(30);

  private StatuspageOptions() {}

  /** A random port, no faults, the documented rate limit. */
  public static StatuspageOptions defaults() {
    return new StatuspageOptions();
  }

  /** 0 for any free one; only loopback is bound. */
  public StatuspageOptions withPort(int value) {
    port = value;
    return this;
  }

  /** What {@code Authorization: OAuth} must carry. */
  public StatuspageOptions withToken(String value) {
    token = value;
    return this;
  }

  public StatuspageOptions withClock(Clock value) {
    clock = value;
    return this;
  }

  /** Calls in any 60 seconds; 0 for no limit. */
  public StatuspageOptions withCallsPerMinute(int value) {
    callsPerMinute = value;
    return this;
  }

  /** 420 or 429. */
  public StatuspageOptions withLimitStatus(int value) {
    limitStatus = value;
    return this;
  }

  /** How long an injected {@code TIMEOUT} keeps the caller waiting. */
  public StatuspageOptions withLateness(Duration value) {
    lateness = value;
    return this;
  }
}
