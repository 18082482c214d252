package dev.lockstep.inbox;

import dev.lockstep.connector.RequestRejectedException;
import java.util.Map;
import java.util.Optional;

/**
 * A step of an entry that a system rejected while others are still retried. It waits for an
 * operator, and is not repeated before what it was tried with has changed.
 *
 * @param tried a fingerprint of what it was tried with
 * @param discarded whether an operator has decided that it is not to be done
 */
public record Rejection(
    int status, String request, String answer, String advice, String tried, boolean discarded) {

  public static Rejection of(RequestRejectedException why, String tried) {
    return new Rejection(why.status(), why.request(), why.answer(), why.advice(), tried, false);
  }

  public RequestRejectedException toException() {
    return new RequestRejectedException(status, request, answer, advice);
  }

  /** What an operator decided while the step was in the hands of a worker. */
  Rejection keepDecision(Rejection stored) {
    return tried.equals(stored.tried()) && stored.discarded() ? stored : this;
  }

  /** The rejections of a pass, as a suppressed exception of its failure; carries no stack trace. */
  public static final class Report extends RuntimeException {
    private final transient Map<String, Rejection> steps;

    /**
     * @param steps by name
     */
    public Report(Map<String, Rejection> steps) {
      super("rejected: " + String.join(", ", steps.keySet()), null, false, false);
      this.steps = Map.copyOf(steps);
    }

    static Map<String, Rejection> in(Throwable failure) {
      for (Throwable other : failure.getSuppressed()) {
        if (other instanceof Report report) {
          return report.steps;
        }
      }
      return Map.of();
    }
  }

  /** The first that waits for an operator. */
  static Optional<Rejection> findOpen(Map<String, Rejection> steps) {
    return steps.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .filter(rejection -> !rejection.discarded())
        .findFirst();
  }
}
