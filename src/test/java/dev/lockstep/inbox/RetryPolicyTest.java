package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.Backoff;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.RetryPolicy.Retry;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

/** One second after the first attempt, two after the second; less up to half of it by jitter. */
class RetryPolicyTest {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0.5);
  private static final RecordRef RECORD = new RecordRef("itsm", "incident", "1");
  private static final Map<RecordRef, Hint> NOTHING = Map.of();
  private static final Map<RecordRef, Hint> CHANGE = Map.of(RECORD, Hint.toFetch(false, false));

  private static final Throwable REJECTED = new RequestRejectedException(400, "PUT", "no", "Fix.");
  private static final Throwable FAULT = new IllegalStateException("bug");
  private static final Throwable UNAVAILABLE = new SystemUnavailableException("no response");

  private final RetryPolicy policy = new RetryPolicy(BACKOFF, () -> 0);
  private final RetryPolicy jittery = new RetryPolicy(BACKOFF, () -> Long.MIN_VALUE);

  private static InboxStore.Row row(int attempts, int faults) {
    return new InboxStore.Row(
        new Subject.OfRecord(RECORD),
        0,
        InboxStore.State.FAILED,
        attempts,
        faults,
        0,
        false,
        false,
        NOTHING,
        null,
        Instant.EPOCH,
        Map.of(),
        List.of(),
        false,
        null);
  }

  @Test
  void aSystemThatAsksToWaitIsGivenThatTimeAndTheAttemptDoesNotCount() {
    var asked = new RetryLaterException(Duration.ofSeconds(10), "rate limit");

    assertThat(policy.after(asked, row(3, 0), NOTHING))
        .hasValue(new Retry(Duration.ofSeconds(10), false));
    assertThat(jittery.after(asked, row(3, 0), NOTHING))
        .hasValue(new Retry(Duration.ofSeconds(11), false));
  }

  @Test
  void aTemporaryFailureIsRetriedWithBackoffWithoutALimit() {
    assertThat(policy.after(UNAVAILABLE, row(0, 0), NOTHING))
        .hasValue(new Retry(Duration.ofSeconds(1), true));
    assertThat(policy.after(UNAVAILABLE, row(1, 0), NOTHING))
        .hasValue(new Retry(Duration.ofSeconds(2), true));
    assertThat(policy.after(UNAVAILABLE, row(100, 4), NOTHING))
        .hasValue(new Retry(Duration.ofMinutes(1), true));
    assertThat(jittery.after(UNAVAILABLE, row(1, 0), NOTHING))
        .hasValue(new Retry(Duration.ofMillis(1500), true));
  }

  @Test
  void theBackoffOfTheSystemThatDidNotRespondTakesPrecedence() {
    var unavailable =
        new SystemUnavailableException("no response")
            .withBackoff(new Backoff(Duration.ofSeconds(7), Duration.ofSeconds(9), 0));

    assertThat(policy.after(unavailable, row(0, 0), NOTHING))
        .hasValue(new Retry(Duration.ofSeconds(7), true));
  }

  @Test
  void aRejectedCallIsADeadLetterUnlessSomethingChangedMeanwhile() {
    assertThat(policy.after(REJECTED, row(0, 0), NOTHING)).isEmpty();
    assertThat(policy.after(REJECTED, row(0, 0), CHANGE))
        .hasValue(new Retry(Duration.ofSeconds(1), true));
  }

  @Test
  void whatWasKnownBeforeTheAttemptIsNoChange() {
    Map<RecordRef, Hint> polled = Map.of(RECORD, Hint.toFetch(false, true));
    InboxStore.Row before = row(0, 0);
    InboxStore.Row known =
        new InboxStore.Row(
            before.subject(),
            0,
            before.state(),
            0,
            0,
            0,
            false,
            false,
            polled,
            null,
            before.receivedAt(),
            Map.of(),
            List.of(),
            false,
            null);

    assertThat(policy.after(REJECTED, before, polled)).isPresent();
    assertThat(policy.after(REJECTED, known, polled)).isEmpty();
  }

  @Test
  void theFifthFaultIsADeadLetterHoweverManyAttemptsWentBefore() {
    assertThat(policy.after(FAULT, row(20, 3), NOTHING)).isPresent();
    assertThat(policy.after(FAULT, row(4, 4), NOTHING)).isEmpty();
  }

  @Test
  void aChangeReceivedDuringTheFifthFaultIsWorthOneMoreAttempt() {
    assertThat(policy.after(FAULT, row(4, 4), CHANGE)).isPresent();
    assertThat(policy.after(FAULT, row(5, 5), CHANGE)).isEmpty();
  }

  @Test
  void anEntryThatCannotBeReadIsRetriedOnlyWhileTheDatabaseIsUnavailable() {
    assertThat(policy.afterNotBegun(new QueryTimeoutException("busy")))
        .hasValue(new Retry(Duration.ofSeconds(1), false));
    assertThat(policy.afterNotBegun(FAULT)).isEmpty();
  }
}
