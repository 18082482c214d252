package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Applies the decisions of operators on pairs; each is in their audit. */
@Component
public class PairDecisions {
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;
  private final Clock clock;

  PairDecisions(
      PairStore pairs, WorkScheduler scheduler, TransactionTemplate transaction, Clock clock) {
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Schedules a pass that fetches all records and notes of a correlation; a dead letter is retried.
   *
   * @param by the operator
   * @return false if there is no such correlation
   */
  public boolean reconcile(UUID correlation, String by) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              Correlation found = pairs.load(correlation);
              Map<RecordRef, Hint> hints = new HashMap<>();
              found.records().forEach(ref -> hints.put(ref, Hint.toFetch(true, false)));
              if (hints.isEmpty()) {
                return false;
              }
              scheduler.schedule(new Subject.OfCorrelation(correlation), hints, clock.instant());
              AuditEntry entry =
                  new AuditEntry(
                      "requested", "All records are fetched and reconciled", Map.of(), by);
              found.pairs().forEach(pair -> pairs.record(pair.id(), List.of(entry)));
              return true;
            }));
  }

  /**
   * Ends a pair permanently: neither record is changed, nothing is synced between them any more,
   * and neither starts another pair of this mapping.
   *
   * @param by the operator
   * @param reason why; may be empty
   * @return false if there is no such pair, it is over already, or its counterpart may yet be
   *     created: that would name a record without a pair
   * @throws org.springframework.dao.OptimisticLockingFailureException if it is being processed: try
   *     again
   */
  public boolean unlink(UUID pair, String by, String reason) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status ->
                pairs
                    .find(pair)
                    .filter(
                        found ->
                            found.state() == Pair.State.LINKED
                                || found.state() == Pair.State.BROKEN)
                    .map(
                        found ->
                            pairs.save(
                                found.withState(Pair.State.UNLINKED).withGaps(Map.of()),
                                List.of(
                                    new AuditEntry(
                                        "unlinked",
                                        "Unlinked by an operator; no longer synced",
                                        reason.isEmpty() ? Map.of() : Map.of("reason", reason),
                                        by))))
                    .isPresent()));
  }
}
