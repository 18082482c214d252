package dev.lockstep.sync;

import dev.lockstep.connector.PausedException;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.Rejection;
import dev.lockstep.pause.PauseScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The failures of one pass. A failure of one record does not block the others: every step is tried,
 * and the failure that is most likely to be resolved by a retry is reported.
 */
final class Failures {
  private final List<RuntimeException> found = new ArrayList<>();
  private final Map<String, Rejection> before;
  private final Map<String, Rejection> rejected = new HashMap<>();
  private final Consumer<RecordNotFoundException> onGone;
  private @Nullable IllegalStateException endless;

  /**
   * @param before steps that were rejected in an earlier attempt, by name
   * @param onGone is given what says that a record no longer exists, which is no failure
   */
  Failures(Map<String, Rejection> before, Consumer<RecordNotFoundException> onGone) {
    this.before = before;
    this.onGone = onGone;
  }

  /**
   * Returns whether the step succeeded. A fault of a step, such as an answer that cannot be parsed,
   * does not block the others either; if the database fails, there is nothing left to do.
   *
   * <p>A step that was rejected in an earlier attempt is not repeated with the same input: an
   * operator decides about it, while others are retried.
   *
   * @param name the same in each attempt
   * @param input a fingerprint of what the outcome depends on
   */
  boolean guard(String name, Supplier<String> input, Runnable step) {
    Rejection known = before.get(name);
    if (known != null && known.tried().equals(input.get())) {
      reject(name, known, known.toException());
      return false;
    }
    try {
      step.run();
      return true;
    } catch (RequestRejectedException e) {
      reject(name, Rejection.of(e, input.get()), e);
    } catch (RecordNotFoundException e) {
      onGone.accept(e);
    } catch (DataAccessException | TransactionException e) {
      throw e;
    } catch (RuntimeException e) {
      found.add(e);
    }
    return false;
  }

  private void reject(String name, Rejection rejection, RequestRejectedException why) {
    rejected.put(name, rejection);
    if (!rejection.discarded()) {
      found.add(why);
    }
  }

  /** Each retry would repeat the writes that led to this: it is reported before any other. */
  void addEndless(IllegalStateException fault) {
    endless = fault;
  }

  /**
   * Unknown outcomes rank first, and what is soon retried before what waits for an operator: a
   * fault or a rejection is not hidden by a pause of hours.
   */
  private static int rank(RuntimeException failure) {
    if (failure instanceof SystemUnavailableException) {
      return 0;
    }
    if (failure instanceof PausedException) {
      return 3;
    }
    if (failure instanceof RetryLaterException) {
      return 1;
    }
    return failure instanceof RequestRejectedException ? 4 : 2;
  }

  boolean isEmpty() {
    return found.isEmpty() && endless == null;
  }

  /** Whether nothing failed but what waits until a system is resumed. */
  boolean areAllOfPausedSystems() {
    return endless == null
        && found.stream()
            .allMatch(
                failure ->
                    failure instanceof PausedException
                        && PausedException.scopes(failure).stream()
                            .map(PauseScope::parse)
                            .allMatch(scope -> scope.kind() == PauseScope.Kind.SYSTEM));
  }

  /** The others are suppressed: together they say what the work waits for. */
  void rethrow() {
    if (endless != null) {
      throw endless;
    }
    found.stream()
        .min(Comparator.comparing(Failures::rank))
        .ifPresent(
            first -> {
              if (first instanceof RequestRejectedException) {
                throw first; // So are all others: the entry is a dead letter.
              }
              found.stream().filter(other -> other != first).forEach(first::addSuppressed);
              if (!rejected.isEmpty()) {
                first.addSuppressed(new Rejection.Report(rejected));
              }
              throw first;
            });
  }
}
