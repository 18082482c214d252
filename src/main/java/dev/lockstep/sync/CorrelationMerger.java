package dev.lockstep.sync;

import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes one correlation of two when a record of one turns out to be the counterpart of a record of
 * the other, for example an issue that is in sync with an incident and follows up an action item.
 */
@Component
class CorrelationMerger {
  private static final Logger LOG = LoggerFactory.getLogger(CorrelationMerger.class);

  /** An attempt to process the other correlation may have ended with an unknown outcome. */
  private static final Hint REFRESH = Hint.toFetch(true, false);

  private static final Duration UNTIL_PROCESSED = Duration.ofSeconds(1);

  private final RecordStore records;
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;
  private final Clock clock;

  CorrelationMerger(
      RecordStore records,
      PairStore pairs,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      Clock clock) {
    this.records = records;
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * The last known state of a record that is to join a correlation; null if it is unknown.
   *
   * @throws RetryLaterException if it was in another correlation: the two are one now, and are to
   *     be loaded again; or they will be once that one has been processed
   */
  @Nullable RecordState stateIn(UUID correlation, RecordRef ref) {
    RecordStore.Known known = records.find(ref).orElse(null);
    UUID other = known == null ? null : known.correlation();
    if (known == null) {
      return null;
    }
    if (other == null || other.equals(correlation)) {
      return known.state();
    }
    boolean merged = Boolean.TRUE.equals(transaction.execute(status -> merge(other, correlation)));
    if (!merged) {
      throw new RetryLaterException(
          UNTIL_PROCESSED, ref + " is being processed with its other records");
    }
    LOG.info("{} joined: its correlation {} is part of {} now", ref, other, correlation);
    throw new RetryLaterException(Duration.ZERO, "the correlation of " + ref + " was joined");
  }

  private boolean merge(UUID correlation, UUID into) {
    boolean absorbed =
        scheduler.absorb(
            new Subject.OfCorrelation(correlation),
            new Subject.OfCorrelation(into),
            clock.instant());
    if (absorbed) {
      Map<RecordRef, Hint> unsure = new HashMap<>();
      pairs.load(correlation).records().forEach(ref -> unsure.put(ref, REFRESH));
      pairs.merge(correlation, into);
      scheduler.schedule(new Subject.OfCorrelation(into), unsure, clock.instant());
    }
    return absorbed;
  }
}
