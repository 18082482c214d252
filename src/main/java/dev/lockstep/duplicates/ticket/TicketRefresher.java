package dev.lockstep.duplicates.ticket;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.sync.SnapshotReader;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Determines the current state of a record outside of a synced pair, with as few calls as possible:
 * the state in a webhook is trusted if it is certainly newer than the known one, else the record is
 * fetched.
 */
@Component
public class TicketRefresher {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final RecordStore records;
  private final WorkScheduler scheduler;
  private final Clock clock;

  public TicketRefresher(
      Connectors connectors,
      SnapshotReader snapshots,
      RecordStore records,
      WorkScheduler scheduler,
      Clock clock) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.records = records;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /**
   * @param before the last known state; null for a new record
   * @throws dev.lockstep.connector.RecordNotFoundException if the record does not exist any more
   */
  public RecordState refresh(
      Mapping mapping, Side side, RecordRef ref, @Nullable RecordState before, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    NativeRecord reported = hint == null ? null : hint.state();
    if (entry.outcomeUnknown() || hint != null && hint.mustFetch()) {
      return fetch(ref, before);
    }
    if (reported == null) {
      return before == null ? fetch(ref, null) : before;
    }
    if (before == null) {
      return reported.hidesTexts()
          ? fetch(ref, null)
          : completeOrFetch(mapping, side, snapshots.read(reported, null));
    }
    return switch (reported.version().comparedTo(before.version())) {
      case NEWER -> snapshots.read(reported, before);
      case OLDER, SAME -> before;
      case OVERLAPPING ->
          snapshots.read(reported, before).hasSameValuesAs(before) ? before : fetch(ref, before);
    };
  }

  /** A webhook without the compared fields is not sufficient for a new record. */
  private RecordState completeOrFetch(Mapping mapping, Side side, RecordState reported) {
    Map<String, String> values = reported.in(mapping.name()).values();
    boolean compared =
        mapping
            .duplicates()
            .map(rules -> !rules.compared(side, values).title().isEmpty())
            .orElse(true);
    return compared ? reported : fetch(reported.ref(), null);
  }

  private RecordState fetch(RecordRef ref, @Nullable RecordState before) {
    return snapshots.read(connectors.fetch(ref), before);
  }

  /** The record as its system now shows it. */
  public RecordState fetch(RecordRef ref) {
    return fetch(ref, records.findState(ref).orElse(null));
  }

  /** Fetches the record and stores it. */
  public RecordState fetchAndSave(RecordRef ref) {
    return save(fetch(ref));
  }

  /** Stores a record as returned by a write. */
  public RecordState saveWritten(NativeRecord after) {
    return save(snapshots.read(after, records.findState(after.ref()).orElse(null)));
  }

  /** Stores a record whose pair has ended. */
  public void saveQuietly(RecordState state) {
    records.save(state);
  }

  /** Stores a record; if it is in a pair, the pair is due. */
  public RecordState save(RecordState state) {
    RecordState saved = records.save(state);
    records
        .correlationOf(state.ref())
        .ifPresent(
            correlation ->
                scheduler.schedule(
                    new Subject.OfCorrelation(correlation), Map.of(), clock.instant()));
    return saved;
  }
}
