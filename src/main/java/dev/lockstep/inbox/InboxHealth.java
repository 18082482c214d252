package dev.lockstep.inbox;

import dev.lockstep.record.PlainText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Readiness check: whether the inbox can be written. A reachable database may still reject writes,
 * for example on a full disk, so the check inserts and deletes a row in one committed transaction,
 * at most once per {@link #CACHE_DURATION}. Thread-safe.
 */
@Component("inboxHealthIndicator")
final class InboxHealth implements HealthIndicator {
  static final Duration CACHE_DURATION = Duration.ofSeconds(5);

  private static final int TIMEOUT_SECONDS = 5;
  private static final Subject CHECK = new Subject.OfDelivery("lockstep/write-check");
  private static final Logger LOG = LoggerFactory.getLogger(InboxHealth.class);

  private final InboxStore store;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private Health last = Health.up().build();
  private Instant checkedAt = Instant.MIN;

  InboxHealth(InboxStore store, TransactionTemplate transaction, Clock clock) {
    this.store = store;
    this.transaction =
        new TransactionTemplate(
            Objects.requireNonNull(transaction.getTransactionManager()), transaction);
    this.transaction.setTimeout(TIMEOUT_SECONDS);
    this.clock = clock;
  }

  @Override
  public synchronized Health health() {
    Instant now = clock.instant();
    if (now.isBefore(checkedAt) || !now.isBefore(checkedAt.plus(CACHE_DURATION))) {
      last = check();
      checkedAt = clock.instant();
    }
    return last;
  }

  private Health check() {
    try {
      transaction.executeWithoutResult(
          status -> {
            store.insert(CHECK, Map.of(), List.of(), clock.instant());
            store.delete(CHECK);
          });
      return Health.up().build();
    } catch (RuntimeException e) {
      String problem = PlainText.oneLine(NestedExceptionUtils.getMostSpecificCause(e).toString());
      if (!problem.equals(last.getDetails().get("problem"))) {
        LOG.error("The database rejects writes, so webhooks are answered with 503: {}", problem);
      }
      return Health.down()
          .withDetail("problem", problem)
          .withDetail(
              "advice",
              "Webhooks are answered with 503 until the database accepts writes again: check its"
                  + " free disk space, whether it is read-only, and the privileges of Lockstep's"
                  + " role.")
          .build();
    }
  }
}
