package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores pairs that are started, and deletes those that are cancelled before they are linked. Two
 * processes may start a pair of the same record: one of them stores it, the other one retries.
 */
@Component
class NewPairs {
  private final PairStore pairs;
  private final RecordStore records;
  private final NoteStore notes;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;

  NewPairs(
      PairStore pairs,
      RecordStore records,
      NoteStore notes,
      WorkScheduler scheduler,
      TransactionTemplate transaction) {
    this.pairs = pairs;
    this.records = records;
    this.notes = notes;
    this.scheduler = scheduler;
    this.transaction = transaction;
  }

  /** Stores the first pairs of a record and schedules their correlation. */
  void store(List<Pair> started, RecordState record, InboxEntry entry) {
    insert(
        started,
        () -> {
          Pair first = pairs.insert(started.get(0), audit(started.get(0), record));
          RecordState stored =
              Objects.requireNonNull(
                  first.state(Objects.requireNonNull(first.sideOf(record.ref()))));
          for (Pair further : started.subList(1, started.size())) {
            pairs.insert(further.sharing(stored, true), audit(further, record));
          }
          scheduler.schedule(
              new Subject.OfCorrelation(first.correlation()), entry.hints(), entry.receivedAt());
        });
  }

  /** Stores a further pair of a record of the correlation that is being processed. */
  void storeFurther(Pass pass, Pair pair, RecordState record) {
    insert(List.of(pair), () -> pass.store(pairs.insert(pair, audit(pair, record))));
  }

  private void insert(List<Pair> started, Runnable statements) {
    try {
      transaction.executeWithoutResult(status -> statements.run());
    } catch (DuplicateKeyException e) {
      RecordRef taken =
          started.stream().flatMap(pair -> taken(pair).stream()).findFirst().orElseThrow(() -> e);
      throw new RetryLaterException(
          Duration.ZERO, taken + " was paired by another process meanwhile");
    }
  }

  /** The record of a new pair that is in another one by now. */
  private Optional<RecordRef> taken(Pair pair) {
    return pair.records().stream()
        .filter(
            ref ->
                pairs.find(ref, pair.mapping()).isPresent()
                    || records
                        .correlationOf(ref)
                        .filter(other -> !other.equals(pair.correlation()))
                        .isPresent())
        .findFirst();
  }

  private static AuditEntry audit(Pair pair, RecordState record) {
    String why = pair.records().size() == 2 ? "%s names its counterpart" : "%s is in scope";
    return new AuditEntry("started", why.formatted(record.key()), Map.of());
  }

  /** Deletes a pair whose record was resolved or closed before its counterpart was created. */
  void cancel(Pass pass, Pair pair) {
    transaction.executeWithoutResult(status -> pairs.delete(pair));
    pass.remove(pair);
    pair.records().stream()
        .filter(ref -> pass.correlation().pairsOf(ref).isEmpty())
        .forEach(notes::forget);
  }
}
