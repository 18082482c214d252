package dev.lockstep.duplicates;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.Pass;
import dev.lockstep.sync.Step;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Runs before the reconciler: a record is compared before a pair may start for it, and a duplicate
 * never starts one. Correlations of mappings without duplicate detection go straight to the next
 * step.
 */
class DuplicateStep implements Step {
  private final Step next;
  private final MappingCatalog mappings;
  private final UnpairedHandler unpaired;
  private final PairedHandler paired;

  DuplicateStep(
      Step next, MappingCatalog mappings, UnpairedHandler unpaired, PairedHandler paired) {
    this.next = next;
    this.mappings = mappings;
    this.unpaired = unpaired;
    this.paired = paired;
  }

  @Override
  public void process(Pass pass) {
    Optional<Pair> pair = findPair(pass.correlation().pairs());
    Optional<RecordRef> record =
        findCompared(
            pass.record().<Collection<RecordRef>>map(List::of).orElse(pass.correlation().records()));
    if (pair.isPresent()) {
      paired.process(pair.get(), mapping(pair.get()).orElseThrow(), pass);
    } else if (record.isPresent()) {
      unpaired.process(record.get(), findMappedSide(record.get()).orElseThrow(), pass);
    } else {
      next.process(pass);
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
