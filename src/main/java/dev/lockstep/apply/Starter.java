package dev.lockstep.apply;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.Gone;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.Wakes;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.History;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides whether a record that belongs to no pair begins one. It writes to no other system: the
 * pair it makes is woken, and creates what is missing under its own name.
 */
class Starter {
  private static final Logger LOG = LoggerFactory.getLogger(Starter.class);

  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final Snapshots snapshots;
  private final PairStore pairs;
  private final NoteStore notes;
  private final NotesWanted notesWanted;
  private final Wakes wakes;
  private final TransactionTemplate transaction;
  private final UndecidedScope undecided;

  Starter(
      Connectors connectors,
      MappingCatalog mappings,
      Snapshots snapshots,
      PairStore pairs,
      NoteStore notes,
      NotesWanted notesWanted,
      Wakes wakes,
      TransactionTemplate transaction,
      UndecidedScope undecided) {
    this.connectors = connectors;
    this.mappings = mappings;
    this.snapshots = snapshots;
    this.pairs = pairs;
    this.notes = notes;
    this.notesWanted = notesWanted;
    this.wakes = wakes;
    this.transaction = transaction;
    this.undecided = undecided;
  }

  void consider(RecordRef ref, InboxEntry entry) {
    var pair = pairs.find(ref);
    if (pair.isPresent()) {
      // Paired since this was heard: what was heard belongs to the pair.
      wakes.wake(new Subject.OfPair(pair.get().id()), entry.hints(), entry.receivedAt());
      return;
    }
    NativeRecord told = told(ref, entry);
    if (told != null && belongsToKnownPair(told, entry)) {
      return;
    }
    try {
      if (told == null ? isMapped(ref) : mightBelong(told)) {
        startOrAdopt(connectors.fetch(ref), entry);
      } else {
        outOfScope(told);
      }
    } catch (Gone e) {
      notes.forget(ref);
    }
  }

  private void outOfScope(NativeRecord record) {
    for (Placed placed : places(record)) {
      undecided.report(placed.mapping(), placed.side(), record.key(), placed.undecided());
    }
    forgetNotes(record.ref());
  }

  private void forgetNotes(RecordRef ref) {
    if (!notesWanted.of(ref)) {
      notes.forget(ref);
    }
  }

  /** The record's state as heard, if that can be trusted. */
  private static @Nullable NativeRecord told(RecordRef ref, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    return entry.doubt() || hint == null || hint.look() ? null : hint.state();
  }

  private boolean isMapped(RecordRef ref) {
    return !mappings.forRecord(ref.system(), ref.kind()).isEmpty();
  }

  /** Spares the fetch for the many records nobody wants, where what was heard says enough. */
  private boolean mightBelong(NativeRecord told) {
    return counterpart(told).isPresent()
        || starting(told).isPresent()
        || places(told).stream().anyMatch(placed -> placed.undecided().containsValue(null));
  }

  private void startOrAdopt(NativeRecord record, InboxEntry entry) {
    if (belongsToKnownPair(record, entry)) {
      return;
    }
    Optional<RecordRef> counterpart = counterpart(record);
    if (counterpart.isPresent()) {
      adopt(record, counterpart.get(), entry);
      return;
    }
    var starting = starting(record);
    if (starting.isEmpty()) {
      outOfScope(record);
      return;
    }
    Placed placed = starting.get();
    Pair pair =
        Pair.startedBy(
            UUID.randomUUID(), placed.mapping().name(), placed.side(), placed.snapshot());
    begin(pair, "%s is in scope".formatted(record.key()), entry);
  }

  /**
   * A record that names one of a pair was created by Lockstep for that pair: while the pair is
   * being linked it looks for the record itself, and once it is linked the record is its own.
   */
  private boolean belongsToKnownPair(NativeRecord record, InboxEntry entry) {
    Optional<Pair> pair = counterpart(record).flatMap(pairs::find);
    if (pair.isEmpty()) {
      return false;
    }
    boolean linking = pair.get().state() == Pair.State.LINKING;
    if (linking || pair.get().sideOf(record.ref()) != null) {
      wakes.wake(new Subject.OfPair(pair.get().id()), entry.hints(), entry.receivedAt());
    } else {
      LOG.warn(
          "{} names {} as its counterpart, which is kept in step with another record already;"
              + " clear its correlation id or merge the two",
          record.ref(),
          record.correlationId());
    }
    return true;
  }

  /** Both were linked before this Lockstep knew of either. */
  private void adopt(NativeRecord record, RecordRef counterpart, InboxEntry entry) {
    for (Placed placed : places(record)) {
      Side farSide = placed.side().other();
      Mapping mapping = placed.mapping();
      if (mapping.system(farSide).equals(counterpart.system())
          && mapping.kind(farSide).equals(counterpart.kind())) {
        Snapshot far = snapshots.read(mapping, farSide, connectors.fetch(counterpart), null);
        Pair both =
            Pair.startedBy(UUID.randomUUID(), mapping.name(), placed.side(), placed.snapshot())
                .seen(farSide, far);
        begin(both, "%s names %s".formatted(record.key(), far.key()), entry);
        return;
      }
    }
  }

  /** Forgets a pair that never came to be: its record was over before the other one was created. */
  void giveUp(Pair pair) {
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

  private void begin(Pair pair, String why, InboxEntry entry) {
    transaction.executeWithoutResult(
        status -> {
          pairs.insert(pair, new History("started", why, Map.of()));
          wakes.wake(new Subject.OfPair(pair.id()), entry.hints(), entry.receivedAt());
        });
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

  private Optional<Placed> starting(NativeRecord record) {
    return places(record).stream()
        .filter(placed -> placed.mapping().starts(placed.side(), placed.snapshot().values()))
        .findFirst();
  }

  /**
   * The far record a record names, if it names one of a system some mapping pairs it with. One that
   * was merged away is nobody's counterpart any more.
   */
  private Optional<RecordRef> counterpart(NativeRecord record) {
    String id = record.correlationId();
    return mappings.forRecord(record.ref().system(), record.ref().kind()).stream()
        .map(
            place ->
                place.mapping().system(place.side().other())
                    + "/"
                    + place.mapping().kind(place.side().other())
                    + "/")
        .filter(prefix -> id.startsWith(prefix) && id.length() > prefix.length())
        .findFirst()
        .map(prefix -> RecordRef.parse(id))
        .filter(far -> pairs.find(far).map(pair -> pair.state() != Pair.State.ENDED).orElse(true));
  }
}
