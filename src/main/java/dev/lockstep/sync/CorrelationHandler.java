package dev.lockstep.sync;

import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Loads the correlation of an inbox entry and passes it to the steps. What is received for a record
 * that has joined or left a correlation meanwhile is scheduled where it belongs now.
 */
public final class CorrelationHandler implements EntryHandler {
  private final RecordStore records;
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final Step first;

  public CorrelationHandler(
      RecordStore records, PairStore pairs, WorkScheduler scheduler, Step first) {
    this.records = records;
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.first = first;
  }

  @Override
  public void process(InboxEntry entry) {
    if (entry.subject() instanceof Subject.OfCorrelation subject) {
      processCorrelation(pairs.load(subject.id()), entry);
    } else if (entry.subject() instanceof Subject.OfRecord subject) {
      processRecord(subject.ref(), entry);
    }
  }

  private void processCorrelation(Correlation correlation, InboxEntry entry) {
    if (correlation.pairs().isEmpty()) {
      entry
          .hints()
          .forEach((ref, hint) -> scheduler.schedule(ref, Map.of(ref, hint), entry.receivedAt()));
    } else {
      first.process(new Pass(entry, correlation, null));
    }
  }

  private void processRecord(RecordRef ref, InboxEntry entry) {
    RecordStore.Known known = records.find(ref).orElse(null);
    UUID correlation = known == null ? null : known.correlation();
    if (correlation == null) {
      Correlation none = new Correlation(new UUID(0, 0), List.of());
      first.process(new Pass(entry, none, known == null ? null : known.state()));
    } else {
      scheduler.schedule(
          new Subject.OfCorrelation(correlation), entry.hints(), entry.receivedAt());
    }
  }
}
