package dev.lockstep.connector;

import dev.lockstep.connector.ConnectorDefinition.ErrorClass;
import dev.lockstep.connector.ConnectorDefinition.Meaning;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an error answer means: the first matching error class of {@code connector.yaml}.
 *
 * @param delay how long to wait; used for {@code WAIT} and {@code LOCKED_OUT} only
 */
record ErrorClassification(Meaning meaning, Duration delay, String advice) {
  private static final Duration USUAL_DELAY = Duration.ofSeconds(30);
  private static final String NO_ADVICE = "Look at the request and the answer, then retry.";

  static ErrorClassification classify(ApiCall call, ApiResponse answer, Clock clock) {
    for (ErrorClass candidate : call.connector().errors()) {
      if (fits(candidate, call, answer)) {
        return new ErrorClassification(
            candidate.means(),
            delay(candidate, answer, clock),
            candidate.advice().isEmpty() ? NO_ADVICE : candidate.advice());
      }
    }
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    return new ErrorClassification(
        refused ? Meaning.REJECTED : Meaning.UNAVAILABLE, USUAL_DELAY, NO_ADVICE);
  }

  private static boolean fits(ErrorClass candidate, ApiCall call, ApiResponse answer) {
    String status = String.valueOf(answer.status());
    String wanted = candidate.status();
    boolean statusFits =
        wanted.endsWith("xx") ? wanted.charAt(0) == status.charAt(0) : wanted.equals(status);
    return statusFits
        && (candidate.call().isEmpty() || candidate.call().equals(call.operation()))
        && (candidate.body().isEmpty()
            || Pattern.compile(candidate.body()).matcher(answer.text()).find());
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
