package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.RecordRefresher.Refreshed;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Brings the records of a correlation up to date, each once, and reports what became of edits that
 * were received late.
 */
@Component
public final class Refresh {
  private final RecordRefresher refresher;
  private final NoteListing listing;
  private final LostUpdateDetector lostUpdates;
  private final MappingCatalog mappings;
  private final PairStore pairs;
  private final BrokenPairs broken;

  Refresh(
      RecordRefresher refresher,
      NoteListing listing,
      LostUpdateDetector lostUpdates,
      MappingCatalog mappings,
      PairStore pairs,
      BrokenPairs broken) {
    this.refresher = refresher;
    this.listing = listing;
    this.lostUpdates = lostUpdates;
    this.mappings = mappings;
    this.pairs = pairs;
    this.broken = broken;
  }

  /** A record that cannot be read keeps only its own pairs from being synced. */
  public void refreshRecords(Pass pass) {
    for (RecordState seen : pass.correlation().states().values()) {
      List<Pair> of =
          pass.correlation().pairsOf(seen.ref()).stream()
              .filter(pair -> !pair.state().isOver())
              .toList();
      boolean unsure =
          pass.entry().outcomeUnknown()
              || !isReadByAllMappings(seen)
              || of.stream().anyMatch(pair -> pair.state() == Pair.State.BROKEN);
      if (!of.isEmpty()
          && !pass.guard("refresh", seen.ref(), () -> refreshOrMarkBroken(pass, seen, unsure))) {
        pass.markUnavailable(seen.ref());
      }
    }
    resumeBroken(pass);
  }

  /**
   * A mapping that was added, or missing for a while, has seen nothing of the record or no longer
   * knows how it looks.
   */
  private boolean isReadByAllMappings(RecordState seen) {
    return mappings.forRecord(seen.ref().system(), seen.ref().kind()).stream()
        .allMatch(place -> seen.values().containsKey(place.mapping().name()));
  }

  private void refreshOrMarkBroken(Pass pass, RecordState seen, boolean unsure) {
    try {
      refresh(pass, seen, unsure);
    } catch (RecordNotFoundException e) {
      broken.mark(pass, seen.ref(), e);
    }
  }

  /** Refreshes one record. */
  void refresh(Pass pass, RecordState seen, boolean outcomeUnknown) {
    Hint hint = pass.hint(seen.ref());
    Refreshed refreshed = refresher.refresh(seen, hint, outcomeUnknown);
    pass.update(refreshed.state());
    if (refreshed.fetched()) {
      pass.markFresh(seen.ref());
    }
    if (outcomeUnknown || hint != null && hint.notesIncomplete()) {
      listing.read(pass, refreshed.state());
    } else {
      listing.readAgain(pass, refreshed.state());
    }
    // A listing may leave out some of them, such as replies in a chat. One that cannot be read
    // waits, and blocks nothing else.
    if (hint != null && !hint.noteIds().isEmpty()) {
      pass.guard("read notes", seen.ref(), () -> listing.read(seen.ref(), hint.noteIds()));
    }
  }

  private static void resumeBroken(Pass pass) {
    for (Pair pair : pass.correlation().pairs()) {
      if (pair.state() == Pair.State.BROKEN
          && pair.records().stream().noneMatch(pass.unavailable()::contains)) {
        pass.update(
            pair.withState(pair.records().size() == 2 ? Pair.State.LINKED : Pair.State.LINKING));
      }
    }
  }

  /** Reports edits that were overwritten before they were received, and records out of scope. */
  public void reportFindings(Pass pass) {
    for (Pair pair : pass.duePairs()) {
      mappings
          .findByName(pair.mapping())
          .ifPresent(
              mapping -> {
                lostUpdates.check(pair, mapping, pass.entry());
                reportIfOutOfScope(pass, pair, mapping);
              });
    }
  }

  /**
   * A pair is synced until it ends. If neither record is in scope any more, this is reported once.
   */
  private void reportIfOutOfScope(Pass pass, Pair pair, Mapping mapping) {
    Pair stored = pass.stored(pair.id()).orElse(pair);
    if (stored.state() == Pair.State.LINKING
        || !inScope(stored, mapping)
        || inScope(pair, mapping)) {
      return;
    }
    String text = "Neither record is in scope any more; they are still kept in sync";
    pairs.record(stored.id(), List.of(new AuditEntry("scope", text, Map.of())));
  }

  private static boolean inScope(Pair pair, Mapping mapping) {
    for (Side side : Side.values()) {
      Snapshot seen = pair.seen(side);
      if (seen != null && mapping.startsSync(side, seen.values())) {
        return true;
      }
    }
    return false;
  }
}
