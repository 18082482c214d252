package dev.lockstep.connector;

import dev.lockstep.connector.definition.ConnectorDefinition.ErrorClass;
import dev.lockstep.connector.definition.ConnectorDefinition.Meaning;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * What an error answer means: the first matching error class of {@code connector.yaml}.
 *
 * @param delay how long to wait; used for {@code WAIT} and {@code LOCKED_OUT} only
 */
record ErrorClassification(Meaning meaning, Duration delay, String advice) {
  private static final Duration USUAL_DELAY = Duration.ofSeconds(30);
  private static final String NO_ADVICE = "Look at the request and the answer, then retry.";

  /** Of an answer that is known to be an error. */
  static ErrorClassification classify(ApiCall call, ApiResponse answer, Clock clock) {
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    return find(call, answer, clock)
        .orElseGet(
            () ->
                new ErrorClassification(
                    refused ? Meaning.REJECTED : Meaning.UNAVAILABLE, USUAL_DELAY, NO_ADVICE));
  }

  /** Empty when no error class fits; a success status can be an error too, by its body. */
  static Optional<ErrorClassification> find(ApiCall call, ApiResponse answer, Clock clock) {
    return call.connector().errors().stream()
        .filter(candidate -> fits(candidate, call, answer))
        .findFirst()
        .map(
            found ->
                new ErrorClassification(
                    found.means(),
                    delay(found, answer, clock),
                    found.advice().isEmpty() ? NO_ADVICE : found.advice()));
  }

  private static boolean fits(ErrorClass candidate, ApiCall call, ApiResponse answer) {
    String status = String.valueOf(answer.status());
    String wanted = candidate.status();
    boolean statusFits =
        wanted.endsWith("xx") ? wanted.charAt(0) == status.charAt(0) : wanted.equals(status);
    return statusFits
        && (candidate.call().isEmpty() || candidate.call().equals(call.operation()))
        && (candidate.body() == null || candidate.body().matcher(answer.text()).find());
  }

  private static Duration delay(ErrorClass candidate, ApiResponse answer, Clock clock) {
    RetryAfterParser header = new RetryAfterParser(clock);
    for (String name : candidate.delay()) {
      Optional<Duration> wait = answer.header(name).flatMap(header::parse);
      if (wait.isPresent()) {
        return wait.get();
      }
    }
    return candidate.otherwise() == null ? USUAL_DELAY : candidate.otherwise();
  }
}
