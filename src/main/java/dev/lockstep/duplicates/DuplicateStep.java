package dev.lockstep.duplicates;

import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.MappingCatalog;
import java.util.Map;
import java.util.Optional;

/**
 * Runs before the reconciler of pairs: an unpaired record is compared before a pair may start for
 * it, and a duplicate never starts one. Entries of mappings without duplicate detection go straight
 * to the next handler.
 */
class DuplicateStep implements EntryHandler {
  private final EntryHandler next;
  private final MappingCatalog mappings;
  private final PairStore pairs;
  private final UnpairedHandler unpaired;
  private final PairedHandler paired;
  private final WorkScheduler scheduler;

  DuplicateStep(
      EntryHandler next,
      MappingCatalog mappings,
      PairStore pairs,
      UnpairedHandler unpaired,
      PairedHandler paired,
      WorkScheduler scheduler) {
    this.next = next;
    this.mappings = mappings;
    this.pairs = pairs;
    this.unpaired = unpaired;
    this.paired = paired;
    this.scheduler = scheduler;
  }

  @Override
  public void process(InboxEntry entry) {
    if (entry.subject() instanceof Subject.OfRecord record && pairs.find(record.ref()).isEmpty()) {
      findMappedSide(record.ref())
          .ifPresentOrElse(
              place -> unpaired.process(record.ref(), place, entry), () -> next.process(entry));
    } else if (entry.subject() instanceof Subject.OfPair subject) {
      pairs
          .find(subject.id())
          .ifPresentOrElse(pair -> processPair(pair, entry), () -> forwardHints(entry));
    } else {
      next.process(entry);
    }
  }

  private Optional<Mappings.MappedSide> findMappedSide(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind()).stream()
        .filter(place -> place.mapping().duplicates().isPresent())
        .findFirst();
  }

  private void processPair(Pair pair, InboxEntry entry) {
    Mapping mapping = mappings.findByName(pair.mapping()).orElse(null);
    if (mapping == null || mapping.duplicates().isEmpty()) {
      next.process(entry);
    } else {
      paired.process(pair, mapping, entry);
    }
  }

  /** The pair was deleted: its hints are rescheduled for the records, so that none is lost. */
  private void forwardHints(InboxEntry entry) {
    entry
        .hints()
        .forEach(
            (record, hint) ->
                scheduler.schedule(
                    new Subject.OfRecord(record), Map.of(record, hint), entry.receivedAt()));
  }
}
