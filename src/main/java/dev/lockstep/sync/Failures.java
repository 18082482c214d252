package dev.lockstep.sync;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The failures of one pass. A failure of one record does not block the others: every step is tried,
 * and the failure that is most likely to be resolved by a retry is reported.
 */
final class Failures {
  private final List<RuntimeException> found = new ArrayList<>();
  private final Consumer<RecordNotFoundException> onGone;
  private @Nullable IllegalStateException endless;

  /**
   * @param onGone is given what says that a record no longer exists, which is no failure
   */
  Failures(Consumer<RecordNotFoundException> onGone) {
    this.onGone = onGone;
  }

  /**
   * Returns whether the step succeeded. A fault of a step, such as an answer that cannot be parsed,
   * does not block the others either; if the database fails, there is nothing left to do.
   */
  boolean guard(Runnable step) {
    try {
      step.run();
      return true;
    } catch (RecordNotFoundException e) {
      onGone.accept(e);
    } catch (DataAccessException | TransactionException e) {
      throw e;
    } catch (RuntimeException e) {
      found.add(e);
    }
    return false;
  }

  /** Each retry would repeat the writes that led to this: it is reported before any other. */
  void addEndless(IllegalStateException fault) {
    endless = fault;
  }

  /** Unknown outcomes rank first, and retryable failures before final ones. */
  private static int rank(RuntimeException failure) {
    if (failure instanceof SystemUnavailableException) {
      return 0;
    }
    if (failure instanceof RetryLaterException) {
      return 1;
    }
    return failure instanceof RequestRejectedException ? 2 : 3;
  }

  void rethrow() {
    if (endless != null) {
      throw endless;
    }
    found.stream()
        .min(Comparator.comparing(Failures::rank))
        .ifPresent(
            e -> {
              throw e;
            });
  }
}
