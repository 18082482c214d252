package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.AuditEntry;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides whether a record without a pair starts syncing. It writes to no other system: the new
 * pair is scheduled and creates its counterpart in its own work item.
 */
class PairStarter {
  private static final Logger LOG = LoggerFactory.getLogger(PairStarter.class);

  /** Linking takes a few calls. */
  private static final Duration UNTIL_LINKED = Duration.ofSeconds(1);

  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final SnapshotReader snapshots;
  private final PairStore pairs;
  private final NoteStore notes;
  private final NoteInterest notesWanted;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;
  private final UndecidedScope undecided;
  private final boolean adoption;
  private final MeterRegistry metrics;

  /**
   * @param adoption whether two records that name each other become a pair
   */
  PairStarter(
      Connectors connectors,
      MappingCatalog mappings,
      SnapshotReader snapshots,
      PairStore pairs,
      NoteStore notes,
      NoteInterest notesWanted,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      UndecidedScope undecided,
      boolean adoption,
      MeterRegistry metrics) {
    this.connectors = connectors;
    this.mappings = mappings;
    this.snapshots = snapshots;
    this.pairs = pairs;
    this.notes = notes;
    this.notesWanted = notesWanted;
    this.scheduler = scheduler;
    this.transaction = transaction;
    this.undecided = undecided;
    this.adoption = adoption;
    this.metrics = metrics;
  }

  void startIfInScope(RecordRef ref, InboxEntry entry) {
    var pair = pairs.find(ref);
    if (pair.isPresent()) {
      // Paired since the event was received; the event belongs to the pair.
      scheduler.schedule(new Subject.OfPair(pair.get().id()), entry.hints(), entry.receivedAt());
      return;
    }
    NativeRecord state = stateOf(ref, entry);
    if (state != null && belongsToKnownPair(state, entry)) {
      return;
    }
    try {
      boolean fetches = state == null ? isMapped(ref) : mayBelong(state);
      if (fetches) {
        startOrAdopt(connectors.fetch(ref), entry);
      } else if (state != null) {
        skipOutOfScope(state);
      } else {
        forgetNotes(ref);
      }
    } catch (RecordNotFoundException e) {
      notes.forget(ref);
    }
  }

  private void skipOutOfScope(NativeRecord record) {
    for (Placed placed : places(record)) {
      undecided.report(placed.mapping(), placed.side(), record.key(), placed.undecided());
    }
    forgetNotes(record.ref());
  }

  private void forgetNotes(RecordRef ref) {
    if (!notesWanted.wantsNotes(ref)) {
      notes.forget(ref);
    }
  }

  /** The record's state as received, if it can be trusted. */
  private static @Nullable NativeRecord stateOf(RecordRef ref, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    return entry.outcomeUnknown() || hint == null || hint.mustFetch() ? null : hint.state();
  }

  private boolean isMapped(RecordRef ref) {
    return !mappings.forRecord(ref.system(), ref.kind()).isEmpty();
  }

  /**
   * Avoids a fetch for the many records that are out of scope, where the received state is
   * sufficient.
   */
  private boolean mayBelong(NativeRecord state) {
    return mention(state).isPresent()
        || findInScope(state).isPresent()
        || places(state).stream()
            .anyMatch(placed -> placed.undecided().values().stream().anyMatch(Objects::isNull));
  }

  private void startOrAdopt(NativeRecord record, InboxEntry entry) {
    if (belongsToKnownPair(record, entry) || isAdopted(record, entry)) {
      return;
    }
    var starting = findInScope(record);
    if (starting.isEmpty()) {
      skipOutOfScope(record);
      return;
    }
    Placed placed = starting.get();
    Pair pair =
        Pair.start(UUID.randomUUID(), placed.mapping().name(), placed.side(), placed.snapshot());
    start(pair, record, "%s is in scope".formatted(record.key()), entry);
  }

  /**
   * A record that names a member of a pair and carries the pair's token was created by Lockstep for
   * that pair. While the pair is being linked it searches for the record itself; once linked, the
   * record belongs to it. Lockstep's local records keep no token: their pair is known only once it
   * is linked.
   */
  private boolean belongsToKnownPair(NativeRecord record, InboxEntry entry) {
    Mention mention = mention(record).orElse(null);
    Pair pair = mention == null ? null : pairs.find(mention.ref()).orElse(null);
    if (mention == null || pair == null) {
      return false;
    }
    boolean created = pair.mention(mention.ref()).equals(mention);
    boolean linking = pair.state() == Pair.State.LINKING;
    if (pair.sideOf(record.ref()) != null || created && linking) {
      scheduler.schedule(new Subject.OfPair(pair.id()), entry.hints(), entry.receivedAt());
      return true;
    }
    if (linking && ownsCorrelation(record)) {
      throw new RetryLaterException(
          UNTIL_LINKED, mention.ref() + " is being linked, perhaps to this record");
    }
    if (created || ownsCorrelation(record)) {
      throw alreadyPaired(record, mention.ref(), mention.ref());
    }
    refuse(record, mention.ref(), "it is kept in sync with another record");
    return false;
  }

  /** Only an operator can resolve this: neither record may be in two pairs. */
  private static RequestRejectedException alreadyPaired(
      NativeRecord record, RecordRef named, RecordRef paired) {
    return new RequestRejectedException(
        0,
        "start syncing " + record.ref(),
        "it names %s as its counterpart, which is already kept in sync with another record%s"
            .formatted(named, named.equals(paired) ? "" : " (as " + paired + ")"),
        "Change or clear its correlation id, or merge the two records; then retry.");
  }

  /**
   * Both were linked before Lockstep knew either. Since anyone can write a correlation id, both
   * must name each other and one must be in scope, unless it is Lockstep's own record.
   */
  private boolean isAdopted(NativeRecord record, InboxEntry entry) {
    RecordRef named = mention(record).map(Mention::ref).orElse(null);
    NativeRecord counterpart = named == null ? null : fetchNamed(record, named);
    if (named == null || counterpart == null) {
      return false;
    }
    for (Placed placed : places(record)) {
      Side farSide = placed.side().other();
      Mapping mapping = placed.mapping();
      if (isOn(named, mapping, farSide)) {
        Snapshot other = snapshots.read(mapping, farSide, counterpart, null);
        String objection = objection(record, placed, other);
        if (!objection.isEmpty()) {
          refuse(record, named, objection);
          return false;
        }
        for (RecordRef alias : connectors.aliases(named)) {
          if (pairs.find(alias).isPresent()) {
            throw alreadyPaired(record, named, alias);
          }
        }
        Pair both =
            Pair.start(UUID.randomUUID(), mapping.name(), placed.side(), placed.snapshot())
                .seen(farSide, other);
        start(both, record, "%s names %s".formatted(record.key(), other.key()), entry);
        return true;
      }
    }
    return false;
  }

  /** The named record; null if it cannot be read, so that nothing proves the reference. */
  private @Nullable NativeRecord fetchNamed(NativeRecord record, RecordRef named) {
    try {
      return connectors.fetch(named);
    } catch (RecordNotFoundException | RequestRejectedException e) {
      if (ownsCorrelation(record)) {
        throw e;
      }
      refuse(record, named, "it cannot be read: " + e.getMessage());
      return null;
    }
  }

  /** Why the two records must not become a pair; empty if they may. */
  private String objection(NativeRecord record, Placed placed, Snapshot other) {
    if (ownsCorrelation(record)) {
      return "";
    }
    if (!adoption) {
      return "adoption is switched off (lockstep.adoption)";
    }
    if (!Mention.refersTo(other.correlationId(), record.ref())) {
      return "it does not name the record in return";
    }
    Mapping mapping = placed.mapping();
    boolean inScope =
        mapping.startsSync(placed.side(), placed.snapshot().values())
            || mapping.startsSync(placed.side().other(), other.values());
    return inScope ? "" : "neither of them is in scope";
  }

  private boolean ownsCorrelation(NativeRecord record) {
    return connectors.ownsCorrelation(record.ref().system(), record.ref().kind());
  }

  private void refuse(NativeRecord record, RecordRef named, String why) {
    metrics.counter("lockstep.adoptions.refused", "system", record.ref().system()).increment();
    LOG.warn("{} names {} as its counterpart and is not adopted: {}", record.ref(), named, why);
  }

  /** Deletes a pair whose record was resolved or closed before its counterpart was created. */
  void cancel(Pair pair) {
    transaction.executeWithoutResult(
        status -> {
          pairs.delete(pair);
          for (Side side : Side.values()) {
            RecordRef ref = pair.ref(side);
            if (ref != null) {
              notes.forget(ref);
            }
          }
        });
  }

  private void start(Pair pair, NativeRecord record, String why, InboxEntry entry) {
    try {
      transaction.executeWithoutResult(
          status -> {
            pairs.insert(pair, new AuditEntry("started", why, Map.of()));
            scheduler.schedule(new Subject.OfPair(pair.id()), entry.hints(), entry.receivedAt());
          });
    } catch (DuplicateKeyException e) {
      if (pairs.find(record.ref()).isEmpty()) {
        throw e;
      }
      throw new RetryLaterException(
          Duration.ZERO, record.ref() + " was paired by another process meanwhile");
    }
  }

  private record Placed(Mapping mapping, Side side, Snapshot snapshot) {

    Map<String, @Nullable String> undecided() {
      return mapping.undecided(side, snapshot.values());
    }
  }

  private List<Placed> places(NativeRecord record) {
    return mappings.forRecord(record.ref().system(), record.ref().kind()).stream()
        .map(
            place ->
                new Placed(
                    place.mapping(),
                    place.side(),
                    snapshots.read(place.mapping(), place.side(), record, null)))
        .toList();
  }

  private Optional<Placed> findInScope(NativeRecord record) {
    return places(record).stream()
        .filter(placed -> placed.mapping().startsSync(placed.side(), placed.snapshot().values()))
        .findFirst();
  }

  /**
   * The record that a record names, if a mapping pairs it with that record's system. A record that
   * was merged into another is no longer anyone's counterpart.
   */
  private Optional<Mention> mention(NativeRecord record) {
    return Mention.parse(record.correlationId())
        .filter(
            mention ->
                mappings.forRecord(record.ref().system(), record.ref().kind()).stream()
                    .anyMatch(place -> isOn(mention.ref(), place.mapping(), place.side().other())))
        .filter(
            mention ->
                pairs
                    .find(mention.ref())
                    .map(pair -> pair.state() != Pair.State.ENDED)
                    .orElse(true));
  }

  private static boolean isOn(RecordRef ref, Mapping mapping, Side side) {
    return mapping.system(side).equals(ref.system()) && mapping.kind(side).equals(ref.kind());
  }
}
