package dev.lockstep.communication.manager;

import dev.lockstep.communication.settings.OnCallSource;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.OnCall;
import dev.lockstep.connector.RequestRejectedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Who is on call, as the systems last answered: each is asked once a minute at most, for all
 * incidents together. Thread-safe.
 */
@Component
class OnCallBook {
  private static final Logger LOG = LoggerFactory.getLogger(OnCallBook.class);
  private static final Duration FRESH = Duration.ofMinutes(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(20);

  static final Answer UNASKED = new Answer(List.of(), "it was not asked yet");

  private final Connectors connectors;
  private final Clock clock;
  private final Map<OnCallSource, Asked> answers = new ConcurrentHashMap<>();

  OnCallBook(Connectors connectors, Clock clock) {
    this.connectors = connectors;
    this.clock = clock;
  }

  /**
   * @param people those who are called first before the others; nobody is on call if there are none
   * @param problem why it is not known who is on call; empty if it is
   */
  record Answer(List<OnCall> people, String problem) {
    boolean isKnown() {
      return problem.isEmpty();
    }
  }

  private record Asked(Answer answer, Instant until) {}

  /** Makes a call unless the last answer is fresh; not in a transaction. */
  Answer ask(OnCallSource source) {
    return answers
        .compute(
            source,
            (key, last) ->
                last != null && clock.instant().isBefore(last.until()) ? last : call(source, last))
        .answer();
  }

  /** The last answer, without a call. */
  Answer last(OnCallSource source) {
    Asked last = answers.get(source);
    return last == null ? UNASKED : last.answer();
  }

  private Asked call(OnCallSource source, Asked last) {
    Answer answer;
    try {
      answer = new Answer(sorted(source), "");
    } catch (RequestRejectedException e) {
      answer = new Answer(List.of(), "it answered %d: %s".formatted(e.status(), e.advice()));
    } catch (RuntimeException e) {
      answer = new Answer(List.of(), String.valueOf(e.getMessage()));
    }
    if (!answer.isKnown() && (last == null || last.answer().isKnown())) {
      LOG.warn("Who is on call is unknown, {}: {}", source, answer.problem());
    }
    return new Asked(answer, clock.instant().plus(answer.isKnown() ? FRESH : RETRY_AFTER));
  }

  private List<OnCall> sorted(OnCallSource source) {
    return connectors.onCall(source.system(), source.kind(), source.id()).stream()
        .distinct()
        .sorted(Comparator.comparingInt(OnCall::level))
        .toList();
  }
}
