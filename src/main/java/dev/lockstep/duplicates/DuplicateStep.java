package dev.lockstep.duplicates;

import dev.lockstep.duplicates.consolidate.DuplicateReconciler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.Pass;
import dev.lockstep.sync.PausedMappings;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Two steps of processing an entry: a ticket is compared before its pairs are synced, since a
 * duplicate never starts one; afterwards a duplicate is brought in step with its primary.
 */
@Component
public final class DuplicateStep {
  private final MappingCatalog mappings;
  private final UnpairedHandler unpaired;
  private final PairedHandler paired;
  private final DuplicateReconciler reconciler;
  private final PausedMappings paused;

  DuplicateStep(
      MappingCatalog mappings,
      UnpairedHandler unpaired,
      PairedHandler paired,
      DuplicateReconciler reconciler,
      PausedMappings paused) {
    this.paused = paused;
    this.mappings = mappings;
    this.unpaired = unpaired;
    this.paired = paired;
    this.reconciler = reconciler;
  }

  /**
   * @return null if no mapping of the entry's records compares tickets
   */
  public @Nullable Comparison compare(Pass pass) {
    Optional<Pair> pair = findPair(pass.correlation().pairs());
    if (pair.isPresent()) {
      return paired.compare(pair.get(), mapping(pair.get()).orElseThrow(), pass);
    }
    Optional<RecordRef> record =
        findCompared(
            pass.record()
                .<Collection<RecordRef>>map(List::of)
                .orElse(pass.correlation().records()));
    return record
        .map(ref -> unpaired.compare(ref, findMappedSide(ref).orElseThrow(), pass))
        .orElse(null);
  }

  /**
   * @param found by {@link #compare}
   */
  public void follow(Pass pass, @Nullable Comparison found) {
    if (found != null) {
      pass.finish(() -> followFound(pass, found));
    }
  }

  private void followFound(Pass pass, Comparison found) {
    paused.requireActive(found.mapping());
    Pair pair = found.pair();
    RecordRef record = found.record();
    if (found.link().isPresent()) {
      reconciler.reconcile(found.link().get(), found.mapping(), pass.entry().outcomeUnknown());
    } else if (pair != null) {
      paired.follow(pair, found.mapping(), pass);
    } else if (record != null) {
      unpaired.follow(record, found.mapping(), pass);
    }
  }

  /** The pair whose tickets are compared; one that has ended only if there is no other. */
  private Optional<Pair> findPair(List<Pair> pairs) {
    return pairs.stream()
        .filter(pair -> mapping(pair).flatMap(Mapping::duplicates).isPresent())
        .min(Comparator.comparing(pair -> pair.state() == Pair.State.ENDED));
  }

  private Optional<Mapping> mapping(Pair pair) {
    return mappings.findByName(pair.mapping());
  }

  private Optional<RecordRef> findCompared(Collection<RecordRef> records) {
    return records.stream().filter(record -> findMappedSide(record).isPresent()).findFirst();
  }

  private Optional<MappedSide> findMappedSide(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind()).stream()
        .filter(place -> place.mapping().duplicates().isPresent())
        .findFirst();
  }
}
