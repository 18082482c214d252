package dev.lockstep.inbox;

import dev.lockstep.connector.Backoff;
import dev.lockstep.connector.PausedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides by the {@link Failure} of an attempt whether the entry is retried, and when. Jitter
 * prevents all waiting entries from calling at once.
 */
final class RetryPolicy {
  /** Random share of the delay that a system asks for, in addition to it. */
  private static final double ADDED_JITTER = 0.2;

  private final Backoff backoff;
  private final RandomGenerator random;

  RetryPolicy(Backoff backoff, RandomGenerator random) {
    this.backoff = backoff;
    this.random = random;
  }

  /**
   * @param counted whether the failed attempt counts: not if nothing was done
   */
  record Retry(Duration delay, boolean counted) {}

  /**
   * @param row the entry as it was before the attempt
   * @param received what was received about its records since the attempt began
   * @return empty for a dead letter
   */
  Optional<Retry> after(Throwable failure, InboxStore.Row row, Map<RecordRef, Hint> received) {
    return switch (Failure.classify(failure)) {
      case RETRY_LATER -> Optional.of(later((RetryLaterException) failure));
      case TRANSIENT -> Optional.of(withBackoff(failure, row));
      case REJECTED -> ifChanged(failure, row, received);
      case FAULT ->
          row.faults() + 1 < Failure.MAX_ATTEMPTS
              ? Optional.of(withBackoff(failure, row))
              : ifChanged(failure, row, received);
    };
  }

  /**
   * For an entry that could not be read or written, so that nothing was processed.
   *
   * @return empty for a dead letter
   */
  Optional<Retry> afterNotBegun(Throwable failure) {
    return Failure.classify(failure) == Failure.TRANSIENT
        ? Optional.of(new Retry(backoff.delay(1, random.nextDouble()), false))
        : Optional.empty();
  }

  /** What waits for a pause is released in order, not after its delay. */
  private Retry later(RetryLaterException failure) {
    Duration asked = failure.delay();
    if (failure instanceof PausedException) {
      return new Retry(asked, false);
    }
    long added = (long) (asked.toMillis() * ADDED_JITTER * random.nextDouble());
    return new Retry(asked.plusMillis(added), false);
  }

  private Retry withBackoff(Throwable failure, InboxStore.Row row) {
    Backoff override =
        failure instanceof SystemUnavailableException unavailable ? unavailable.backoff() : null;
    Duration delay =
        (override == null ? backoff : override).delay(row.attempts() + 1, random.nextDouble());
    return new Retry(delay, true);
  }

  /**
   * Retries if a change was received meanwhile, since it may fix the cause; after a fault only once
   * more, since the change may be an echo of what each attempt writes.
   */
  private Optional<Retry> ifChanged(
      Throwable failure, InboxStore.Row row, Map<RecordRef, Hint> received) {
    boolean changed = row.faults() < Failure.MAX_ATTEMPTS && Hint.anyAddsTo(received, row.hints());
    return changed ? Optional.of(withBackoff(failure, row)) : Optional.empty();
  }
}
