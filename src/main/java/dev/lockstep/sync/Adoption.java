package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Adopts two records that were linked before Lockstep knew either. Since anyone can write a
 * correlation id, both must name each other and one must be in scope, unless it is Lockstep's own
 * record.
 */
@Component
class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  /** Linking takes a few calls. */
  private static final Duration UNTIL_LINKED = Duration.ofSeconds(1);

  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final SnapshotReader snapshots;
  private final RecordStore records;
  private final PairStore pairs;
  private final CorrelationMerger merger;
  private final boolean allowed;
  private final MeterRegistry metrics;
  private final Novelty novelty;
  private final Clock clock;

  Adoption(
      Connectors connectors,
      MappingCatalog mappings,
      SnapshotReader snapshots,
      RecordStore records,
      PairStore pairs,
      CorrelationMerger merger,
      SyncSettings settings,
      MeterRegistry metrics,
      Novelty novelty,
      Clock clock) {
    this.connectors = connectors;
    this.mappings = mappings;
    this.snapshots = snapshots;
    this.records = records;
    this.pairs = pairs;
    this.merger = merger;
    this.allowed = settings.adoption();
    this.metrics = metrics;
    this.novelty = novelty;
    this.clock = clock;
  }

  /**
   * The record that a record names, if a mapping pairs it with that record's system. A record that
   * was merged into another is no longer anyone's counterpart.
   */
  Optional<Mention> mention(RecordState record) {
    return places(record.ref()).stream()
        .flatMap(place -> mention(record, place).stream())
        .findFirst();
  }

  private List<MappedSide> places(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind());
  }

  /** The same for one mapping. */
  Optional<Mention> mention(RecordState record, MappedSide place) {
    return Mention.parseAll(record.correlationId()).stream()
        .filter(mention -> isOn(mention.ref(), place.mapping(), place.side().other()))
        .findFirst()
        .filter(
            mention ->
                pairs
                    .find(mention.ref(), place.mapping().name())
                    .map(pair -> !pair.state().isOver())
                    .orElse(true));
  }

  /** The record's claim on a pair of that mapping, if it names a record in one. */
  Optional<CounterpartClaim> claim(RecordState record, MappedSide place) {
    return mention(record, place).flatMap(mention -> claim(record, mention, place));
  }

  private Optional<CounterpartClaim> claim(RecordState record, Mention mention, MappedSide place) {
    return pairs
        .find(mention.ref(), place.mapping().name())
        .map(
            pair ->
                new CounterpartClaim(record.ref(), mention, pair, ownsCorrelation(record.ref())));
  }

  private static boolean isOn(RecordRef ref, Mapping mapping, Side side) {
    return mapping.system(side).equals(ref.system()) && mapping.kind(side).equals(ref.kind());
  }

  /**
   * @param correlation the correlation of the record; null if it has none and joins that of the
   *     other record
   * @return a pair of the record and the one it names, or one that names it, not stored yet; empty
   *     if they must not become one
   */
  Optional<Pair> adopt(RecordState record, MappedSide place, @Nullable UUID correlation) {
    return named(record, place)
        .or(() -> naming(record, place))
        .map(other -> pair(record, place, other, correlation));
  }

  private Pair pair(
      RecordState record, MappedSide place, RecordState other, @Nullable UUID correlation) {
    UUID joined = correlation;
    if (joined != null) {
      // Only once it is proven: anyone can write a reference to a record.
      merger.stateIn(joined, other.ref());
    } else {
      joined = records.correlationOf(other.ref()).orElseGet(UUID::randomUUID);
    }
    return Pair.start(UUID.randomUUID(), joined, place.mapping().name(), place.side(), record)
        .seen(place.side().other(), other);
  }

  /** The record that this one names, if they belong together. */
  private Optional<RecordState> named(RecordState record, MappedSide place) {
    Mention mention = mention(record, place).orElse(null);
    if (mention == null) {
      return Optional.empty();
    }
    claim(record, mention, place).ifPresent(this::requireAdoptable);
    RecordRef named = mention.ref();
    RecordState other =
        fetchNamed(record, named, records.find(named).map(RecordStore.Known::state).orElse(null));
    if (other == null) {
      return Optional.empty();
    }
    String objection = objection(record, place, other);
    if (!objection.isEmpty()) {
      refuse(record.ref(), named, objection);
      return Optional.empty();
    }
    requireUnpaired(record.ref(), named, place.mapping());
    return Optional.of(other);
  }

  /**
   * The record that was created for this one before the database knew it. Searched for only if this
   * record would start a pair and is not {@linkplain Novelty new}, so that live traffic costs no
   * call.
   */
  private Optional<RecordState> naming(RecordState record, MappedSide place) {
    Instant opened = record.openedAt();
    boolean isNew = opened != null && novelty.isNew(opened, clock.instant());
    if (isNew || !allowed || !new Scope(place).includes(record)) {
      return Optional.empty();
    }
    Side there = place.side().other();
    return connectors
        .findByCorrelation(
            place.mapping().system(there), place.mapping().kind(there), record.ref().toString())
        .filter(found -> pairs.find(found.ref(), place.mapping().name()).isEmpty())
        .map(found -> snapshots.readComplete(found, records.findState(found.ref()).orElse(null)))
        .filter(found -> ownsCorrelation(found.ref()) || isNamedInANote(record, found));
  }

  /** Whether Lockstep's note about their link is on the record. */
  private boolean isNamedInANote(RecordState on, RecordState counterpart) {
    String title = connectors.title(counterpart.ref().system());
    try {
      return connectors.notes(on.ref()).stream()
          .anyMatch(note -> LinkNote.isAbout(note.text(), title, counterpart.in("")));
    } catch (RecordNotFoundException | RequestRejectedException e) {
      LOG.debug("The notes of {} cannot be read", on.ref(), e);
      return false;
    }
  }

  /**
   * A pair with the counterpart that a record names in the place that an operator has named: by id,
   * or by the correlation id that both have. The operator's request replaces the proof.
   *
   * @param adoptBy {@link StartPolicy#CORRELATION} or the name of a mapped field
   * @param correlation of the record; null if it has none
   * @return empty if it names no record
   * @throws RequestRejectedException if that record is in another pair
   */
  Optional<Pair> adoptNamed(
      RecordState record, MappedSide place, String adoptBy, @Nullable UUID correlation) {
    Mapping mapping = place.mapping();
    String name =
        adoptBy.equals(StartPolicy.CORRELATION)
            ? record.correlationId()
            : record.in(mapping.name()).values().getOrDefault(adoptBy, "");
    MappedSide opposite = new MappedSide(mapping, place.side().other());
    NativeRecord named = name.isBlank() ? null : findNamed(opposite, name.strip());
    if (named == null) {
      return Optional.empty();
    }
    RecordState other = snapshots.readComplete(named, records.findState(named.ref()).orElse(null));
    if (!new Scope(place).includes(record) && !new Scope(opposite).includes(other)) {
      return Optional.empty();
    }
    requireUnpaired(record.ref(), named.ref(), mapping);
    if (pairs.find(named.ref(), mapping.name()).isPresent()) {
      throw alreadyPaired(record.ref(), named.ref(), named.ref());
    }
    return Optional.of(pair(record, place, other, correlation));
  }

  private @Nullable NativeRecord findNamed(MappedSide place, String name) {
    String system = place.mapping().system(place.side());
    String kind = place.mapping().kind(place.side());
    try {
      return connectors.fetch(new RecordRef(system, kind, name));
    } catch (RecordNotFoundException e) {
      return connectors.findByCorrelation(system, kind, name).orElse(null);
    }
  }

  private void requireAdoptable(CounterpartClaim claim) {
    RecordRef named = claim.mention().ref();
    switch (claim.verdict()) {
      case WAIT ->
          throw new RetryLaterException(
              UNTIL_LINKED, named + " is being linked, perhaps to this record");
      case CONFLICT -> throw alreadyPaired(claim.record(), named, named);
      case UNPROVEN -> refuse(claim.record(), named, "it is kept in sync with another record");
    }
  }

  private void requireUnpaired(RecordRef record, RecordRef named, Mapping mapping) {
    for (RecordRef alias : connectors.aliases(named)) {
      if (pairs.find(alias, mapping.name()).isPresent()) {
        throw alreadyPaired(record, named, alias);
      }
    }
  }

  /** The named record; null if it cannot be read, so that nothing proves the reference. */
  private @Nullable RecordState fetchNamed(
      RecordState record, RecordRef named, @Nullable RecordState before) {
    try {
      return snapshots.readComplete(connectors.fetch(named), before);
    } catch (RecordNotFoundException | RequestRejectedException e) {
      if (ownsCorrelation(record.ref())) {
        throw e;
      }
      refuse(record.ref(), named, "it cannot be read: " + e.getMessage());
      return null;
    }
  }

  /** Why the two records must not become a pair; empty if they may. */
  private String objection(RecordState record, MappedSide place, RecordState other) {
    if (ownsCorrelation(record.ref())) {
      return "";
    }
    if (!allowed) {
      return "adoption is switched off (lockstep.adoption)";
    }
    MappedSide opposite = new MappedSide(place.mapping(), place.side().other());
    if (!new Scope(place).includes(record) && !new Scope(opposite).includes(other)) {
      return "neither of them is in scope";
    }
    return Mention.refersTo(other.correlationId(), record.ref()) || isNamedInANote(other, record)
        ? ""
        : "it does not name the record in return";
  }

  private boolean ownsCorrelation(RecordRef ref) {
    return connectors.ownsCorrelation(ref.system(), ref.kind());
  }

  private void refuse(RecordRef record, RecordRef named, String why) {
    metrics.counter("lockstep.adoptions.refused", "system", record.system()).increment();
    LOG.warn("{} names {} as its counterpart and is not adopted: {}", record, named, why);
  }

  /** Only an operator can resolve this: neither record may be in two pairs of one mapping. */
  private static RequestRejectedException alreadyPaired(
      RecordRef record, RecordRef named, RecordRef paired) {
    return new RequestRejectedException(
        0,
        "start syncing " + record,
        "it names %s as its counterpart, which is already kept in sync with another record%s"
            .formatted(named, named.equals(paired) ? "" : " (as " + paired + ")"),
        "Change or clear its correlation id, or merge the two records; then retry.");
  }
}
