package dev.lockstep.sync;

import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.RecordRef;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** First step of processing an entry: loads what it is about. */
@Component
public final class CorrelationLoader {
  private final RecordStore records;
  private final PairStore pairs;
  private final BrokenPairs broken;
  private final WorkScheduler scheduler;
  private final Pauses pauses;

  CorrelationLoader(
      RecordStore records,
      PairStore pairs,
      BrokenPairs broken,
      WorkScheduler scheduler,
      Pauses pauses) {
    this.pauses = pauses;
    this.records = records;
    this.pairs = pairs;
    this.broken = broken;
    this.scheduler = scheduler;
  }

  /**
   * @return null if there is nothing to do: what was received for a record that has joined or left
   *     a correlation meanwhile is scheduled where it belongs now
   * @throws dev.lockstep.connector.PausedException if everything is paused
   */
  public @Nullable Pass load(InboxEntry entry) {
    pauses.requireRunning();
    if (entry.subject() instanceof Subject.OfCorrelation subject) {
      return loadCorrelation(subject.id(), entry);
    }
    return entry.subject() instanceof Subject.OfRecord subject
        ? loadRecord(subject.ref(), entry)
        : null;
  }

  private @Nullable Pass loadCorrelation(UUID id, InboxEntry entry) {
    Correlation correlation = pairs.load(id);
    if (correlation.pairs().isEmpty()) {
      entry
          .hints()
          .forEach((ref, hint) -> scheduler.schedule(ref, Map.of(ref, hint), entry.receivedAt()));
      return null;
    }
    return new Pass(entry, correlation, null, broken::mark);
  }

  private @Nullable Pass loadRecord(RecordRef ref, InboxEntry entry) {
    RecordStore.Known known = records.find(ref).orElse(null);
    UUID correlation = known == null ? null : known.correlation();
    if (correlation != null) {
      scheduler.schedule(new Subject.OfCorrelation(correlation), entry.hints(), entry.receivedAt());
      return null;
    }
    Correlation none = new Correlation(new UUID(0, 0), List.of());
    return new Pass(entry, none, known == null ? null : known.state(), broken::mark);
  }
}
