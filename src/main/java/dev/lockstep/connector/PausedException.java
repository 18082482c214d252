package dev.lockstep.connector;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** An operator has paused this: nothing was done, and the work waits until the pause ends. */
public final class PausedException extends RetryLaterException {
  private final transient Set<String> scopes;

  /**
   * @param scopes what is paused; the work waits until one of them no longer is
   */
  public PausedException(Duration delay, Set<String> scopes, String message) {
    super(delay, message);
    this.scopes = Set.copyOf(scopes);
  }

  /** What a failure, and those that were suppressed for it, wait for; empty if for no pause. */
  public static Set<String> scopes(Throwable failure) {
    Set<String> all = new LinkedHashSet<>();
    if (failure instanceof PausedException paused) {
      all.addAll(paused.scopes);
    }
    for (Throwable other : failure.getSuppressed()) {
      all.addAll(scopes(other));
    }
    return all;
  }
}
