package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * Writes the counterpart's id to each record, if its system has a field for it. A record that lost
 * the reference, or was closed when the reference was due, gets it as soon as it accepts it.
 */
@Component
class ReferenceWriter {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final PairTransaction journal;

  ReferenceWriter(Connectors connectors, SnapshotReader snapshots, PairTransaction journal) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.journal = journal;
  }

  void write(Pass pass, Pair pair, Mapping mapping) {
    Pair updated = pair;
    List<AuditEntry> entries = new ArrayList<>();
    for (Side side : Side.values()) {
      Snapshot here = Objects.requireNonNull(updated.seen(side));
      boolean closed = mapping.isClosed(side, here.values());
      if (isDue(pass, updated, side, closed)) {
        try {
          updated = write(updated, side);
        } catch (RequestRejectedException refused) {
          RecordRef counterpart = Objects.requireNonNull(updated.ref(side.other()));
          if (!closed && !Mention.refersTo(here.correlationId(), counterpart)) {
            throw refused;
          }
          String text =
              "%s does not accept a reference to its counterpart%s"
                  .formatted(here.key(), closed ? " because it is closed" : "");
          entries.add(new AuditEntry("unlinked", text, Map.of("answer", refused.answer())));
        }
      }
    }
    Pair linked = updated.markLinked();
    if (entries.isEmpty()) {
      journal.commitIfChanged(pass, linked);
    } else {
      journal.commit(pass, linked, entries, List.of());
    }
  }

  /**
   * Not if it names the record of another of its pairs: a system has one place for a reference, and
   * the pair that was linked first keeps it. Only Lockstep's own records name several.
   */
  private boolean isDue(Pass pass, Pair pair, Side side, boolean closed) {
    Snapshot here = Objects.requireNonNull(pair.seen(side));
    RecordRef counterpart = Objects.requireNonNull(pair.ref(side.other()));
    if (isEvent(here.ref()) || isEvent(counterpart)) {
      return false;
    }
    if (List.of(here.correlationId().split(" ", -1)).contains(counterpart.toString())) {
      return false;
    }
    boolean namesAnother =
        Mention.parseAll(here.correlationId()).stream()
            .filter(named -> !named.ref().equals(counterpart))
            .anyMatch(named -> isPaired(pass, here.ref(), named.ref()));
    if (namesAnother && !connectors.ownsCorrelation(here.ref().system(), here.ref().kind())) {
      return false;
    }
    // Another integration may use the field later; its value is left alone.
    return !pair.linked() || here.correlationId().isEmpty() && !closed;
  }

  private boolean isEvent(RecordRef ref) {
    return connectors.isAppendOnly(ref.system(), ref.kind());
  }

  /** A merged incident may stay in the correlation, yet it is in no pair with the ticket. */
  private static boolean isPaired(Pass pass, RecordRef one, RecordRef other) {
    return pass.correlation().pairsOf(one).stream().anyMatch(pair -> pair.sideOf(other) != null);
  }

  private Pair write(Pair pair, Side side) {
    RecordState here = Objects.requireNonNull(pair.state(side));
    RecordState counterpart = Objects.requireNonNull(pair.state(side.other()));
    return connectors
        .link(here.ref(), counterpart.ref().toString(), counterpart.key())
        .map(after -> pair.seen(side, snapshots.read(after, here)))
        .orElse(pair);
  }
}
