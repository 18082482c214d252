package dev.lockstep.sync;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.Conflict;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * Detects an edit that Lockstep overwrote before it received it: a user changed a field, Lockstep
 * wrote the same field shortly after from an older state, and the event arrived only then. The
 * records agree, but the user's value would be lost, so it is recorded in the audit and in a note.
 */
@Component
class LostUpdateDetector {
  /** Events are late by seconds, not days; no more writes to one side than this fall in between. */
  private static final int WRITES_LOOKED_AT = 20;

  private final SnapshotReader snapshots;
  private final PairStore pairs;
  private final PairTransaction journal;

  LostUpdateDetector(SnapshotReader snapshots, PairStore pairs, PairTransaction journal) {
    this.snapshots = snapshots;
    this.pairs = pairs;
    this.journal = journal;
  }

  void check(Pair pair, Mapping mapping, InboxEntry entry) {
    for (Side side : Side.values()) {
      RecordRef ref = pair.ref(side);
      var hint = ref == null ? null : entry.hints().get(ref);
      if (hint != null && hint.state() != null) {
        check(pair, mapping, side, hint.state());
        hint.overtaken().forEach(state -> check(pair, mapping, side, state));
      }
    }
  }

  private void check(Pair pair, Mapping mapping, Side side, NativeRecord received) {
    Snapshot now = Objects.requireNonNull(pair.seen(side));
    var order = received.version().comparedTo(now.version());
    if (order == Version.Order.NEWER || order == Version.Order.SAME) {
      return;
    }
    Map<String, String> values = snapshots.values(mapping, side, received);
    List<WriteAudit> writes =
        pairs.latest(pair.id(), WriteAudit.WHAT, WRITES_LOOKED_AT).stream()
            .map(WriteAudit::parse)
            .filter(write -> write.side() == side)
            .toList();
    List<WriteAudit> near =
        writes.stream().filter(write -> isNear(received.version(), write)).toList();
    writes.stream()
        .filter(write -> isBetween(received.version(), write))
        .forEach(write -> reportLost(pair, side, now, received, values, write, near));
  }

  /** Whether the versions leave open if the state was before or after the write. */
  private static boolean isNear(Version received, WriteAudit write) {
    return received.comparedTo(write.before()) == Version.Order.OVERLAPPING
        || received.comparedTo(write.after()) == Version.Order.OVERLAPPING;
  }

  private static boolean isBetween(Version received, WriteAudit write) {
    var toBefore = received.comparedTo(write.before());
    var toAfter = received.comparedTo(write.after());
    return (toBefore == Version.Order.NEWER || toBefore == Version.Order.OVERLAPPING)
        && (toAfter == Version.Order.OLDER || toAfter == Version.Order.OVERLAPPING);
  }

  private void reportLost(
      Pair pair,
      Side side,
      Snapshot now,
      NativeRecord received,
      Map<String, String> values,
      WriteAudit write,
      List<WriteAudit> near) {
    write
        .written()
        .forEach(
            (field, written) -> {
              String lost = values.get(field);
              if (lost != null
                  && !write.contains(field, lost)
                  && near.stream().noneMatch(other -> other.contains(field, lost))
                  && !lost.equals(now.values().get(field))) {
                journal.record(
                    pair,
                    LostValue.toEntry(
                        "%s of %s was overwritten before its edit was received"
                            .formatted(field, now.key()),
                        new Conflict(field, side.other(), written, lost),
                        write.changedBy(),
                        received.changedBy(),
                        written),
                    new PairTransaction.PendingNote(
                        side,
                        "late:" + field + ":" + received.version().from(),
                        "%s was changed here and on the other side at the same time. \"%s\" was kept; \"%s\" was replaced."
                            .formatted(field, written, lost)));
              }
            });
  }
}
