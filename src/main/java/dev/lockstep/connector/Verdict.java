package dev.lockstep.connector;

import dev.lockstep.connector.Connector.ErrorClass;
import dev.lockstep.connector.Connector.Meaning;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an unsuccessful answer means, as {@code connector.yaml} says: the first error class that
 * fits.
 *
 * @param delay how long to wait; only of use for {@code WAIT} and {@code LOCKED_OUT}
 */
record Verdict(Meaning meaning, Duration delay, String advice) {
  private static final Duration USUAL_DELAY = Duration.ofSeconds(30);
  private static final String NO_ADVICE = "Look at the request and the answer, then retry.";

  static Verdict of(Call call, Answer answer, Clock clock) {
    for (ErrorClass candidate : call.connector().errors()) {
      if (fits(candidate, call, answer)) {
        return new Verdict(
            candidate.means(),
            delay(candidate, answer, clock),
            candidate.advice().isEmpty() ? NO_ADVICE : candidate.advice());
      }
    }
    boolean refused = answer.status() >= 400 && answer.status() < 500;
    return new Verdict(refused ? Meaning.REJECTED : Meaning.UNAVAILABLE, USUAL_DELAY, NO_ADVICE);
  }

  private static boolean fits(ErrorClass candidate, Call call, Answer answer) {
    String status = String.valueOf(answer.status());
    String wanted = candidate.status();
    boolean statusFits =
        wanted.endsWith("xx") ? wanted.charAt(0) == status.charAt(0) : wanted.equals(status);
    return statusFits
        && (candidate.call().isEmpty() || candidate.call().equals(call.operation()))
        && (candidate.body().isEmpty()
            || Pattern.compile(candidate.body()).matcher(answer.text()).find());
  }

  private static Duration delay(ErrorClass candidate, Answer answer, Clock clock) {
    WaitHeader header = new WaitHeader(clock);
    for (String name : candidate.delay()) {
      Optional<Duration> wait = answer.header(name).flatMap(header::parse);
      if (wait.isPresent()) {
        return wait.get();
      }
    }
    return candidate.otherwise() == null ? USUAL_DELAY : candidate.otherwise();
  }
}
