package dev.lockstep.sync;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The failures of one pass. A failure of one record does not block the others: every step is tried,
 * and the failure that is most likely to be resolved by a retry is reported.
 */
final class Failures {
  private final List<RuntimeException> found = new ArrayList<>();
  private final Consumer<RecordNotFoundException> onGone;

  /**
   * @param onGone is given what says that a record no longer exists, which is no failure
   */
  Failures(Consumer<RecordNotFoundException> onGone) {
    this.onGone = onGone;
  }

  /** Returns whether the step succeeded. */
  boolean guard(Runnable step) {
    try {
      step.run();
      return true;
    } catch (RecordNotFoundException e) {
      onGone.accept(e);
    } catch (RetryLaterException | SystemUnavailableException | RequestRejectedException e) {
      found.add(e);
    }
    return false;
  }

  /** Adds what no retry resolves. */
  void add(IllegalStateException fault) {
    found.add(fault);
  }

  /**
   * A fault ranks first, since it must not be repeated for as long as a system is away; then
   * unknown outcomes, and retryable failures before final ones.
   */
  private static int rank(RuntimeException failure) {
    if (failure instanceof IllegalStateException) {
      return 0;
    }
    if (failure instanceof SystemUnavailableException) {
      return 1;
    }
    return failure instanceof RetryLaterException ? 2 : 3;
  }

  void rethrow() {
    found.stream()
        .min(Comparator.comparing(Failures::rank))
        .ifPresent(
            e -> {
              throw e;
            });
  }
}
