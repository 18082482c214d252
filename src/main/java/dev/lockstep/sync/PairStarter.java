package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides which pairs a record starts: one for each mapping in whose scope it is. It writes to no
 * other system: a new pair creates its counterpart when its correlation is processed.
 */
@Component
public final class PairStarter {
  /** Linking takes a few calls. */
  private static final Duration UNTIL_LINKED = Duration.ofSeconds(1);

  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final SnapshotReader snapshots;
  private final RecordStore records;
  private final PairStore pairs;
  private final NoteStore notes;
  private final NoteInterest notesWanted;
  private final Adoption adoption;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;
  private final UndecidedScope undecided;

  PairStarter(
      Connectors connectors,
      MappingCatalog mappings,
      SnapshotReader snapshots,
      RecordStore records,
      PairStore pairs,
      NoteStore notes,
      NoteInterest notesWanted,
      Adoption adoption,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      UndecidedScope undecided) {
    this.connectors = connectors;
    this.mappings = mappings;
    this.snapshots = snapshots;
    this.records = records;
    this.pairs = pairs;
    this.notes = notes;
    this.notesWanted = notesWanted;
    this.adoption = adoption;
    this.scheduler = scheduler;
    this.transaction = transaction;
    this.undecided = undecided;
  }

  /** Starts the pairs of a record that is in none. */
  public void startIfInScope(Pass pass) {
    RecordRef ref = pass.record().orElseThrow();
    NativeRecord received = receivedState(ref, pass.entry());
    RecordState state = received == null ? null : snapshots.read(received, pass.lastKnownState());
    if (state != null && scheduleKnownPair(state, pass.entry())) {
      return;
    }
    try {
      boolean fetches = state == null ? isMapped(ref) : mayStart(state);
      if (fetches) {
        startOrAdopt(
            snapshots.readComplete(connectors.fetch(ref), pass.lastKnownState()), pass.entry());
      } else if (state != null) {
        skipOutOfScope(state);
      } else {
        forgetNotes(ref);
      }
    } catch (RecordNotFoundException e) {
      notes.forget(ref);
    }
  }

  private void skipOutOfScope(RecordState record) {
    for (MappedSide place : places(record.ref())) {
      undecided.report(place.mapping(), place.side(), record.key(), undecided(place, record));
    }
    forgetNotes(record.ref());
  }

  private static Map<String, @Nullable String> undecided(MappedSide place, RecordState record) {
    return place.mapping().undecided(place.side(), record.in(place.mapping().name()).values());
  }

  private void forgetNotes(RecordRef ref) {
    if (!notesWanted.wantsNotes(ref)) {
      notes.forget(ref);
    }
  }

  /** The record's state as received, if it can be trusted. */
  private static @Nullable NativeRecord receivedState(RecordRef ref, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    return entry.outcomeUnknown() || hint == null || hint.mustFetch() ? null : hint.state();
  }

  private boolean isMapped(RecordRef ref) {
    return !places(ref).isEmpty();
  }

  private List<MappedSide> places(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind());
  }

  /**
   * Avoids a fetch for the many records that are out of scope, where the received state is
   * sufficient.
   */
  private boolean mayStart(RecordState state) {
    return adoption.mention(state).isPresent()
        || !inScope(state).isEmpty()
        || places(state.ref()).stream()
            .anyMatch(place -> undecided(place, state).values().stream().anyMatch(Objects::isNull));
  }

  private List<MappedSide> inScope(RecordState state) {
    return places(state.ref()).stream()
        .filter(
            place ->
                place.mapping().startsSync(place.side(), state.in(place.mapping().name()).values()))
        .toList();
  }

  /** A mapping under which the record cannot start keeps it from none of the others. */
  private void startOrAdopt(RecordState record, InboxEntry entry) {
    if (scheduleKnownPair(record, entry)) {
      return;
    }
    List<Pair> started = new ArrayList<>();
    UUID correlation = null;
    RuntimeException blocked = null;
    for (MappedSide place : places(record.ref())) {
      try {
        Optional<Pair> pair = startOrAdopt(record, place, correlation);
        pair.ifPresent(started::add);
        correlation = pair.map(Pair::correlation).orElse(correlation);
      } catch (RetryLaterException
          | SystemUnavailableException
          | RequestRejectedException
          | RecordNotFoundException e) {
        blocked = blocked == null ? e : blocked;
      }
    }
    if (!started.isEmpty()) {
      start(started, record, entry);
    } else if (blocked != null) {
      throw blocked;
    } else {
      skipOutOfScope(record);
    }
  }

  /**
   * @param correlation of the pairs started before; null if there are none
   */
  private Optional<Pair> startOrAdopt(
      RecordState record, MappedSide place, @Nullable UUID correlation) {
    Mention mention = adoption.mention(record, place).orElse(null);
    if (mention != null) {
      pairs
          .find(mention.ref(), place.mapping().name())
          .ifPresent(pair -> requireAdoptable(record, mention, pair));
      Optional<Pair> adopted = adoption.adopt(record, place, correlation);
      if (adopted.isPresent()) {
        return adopted;
      }
    }
    return place.mapping().startsSync(place.side(), record.in(place.mapping().name()).values())
        ? Optional.of(
            newPair(Objects.requireNonNullElseGet(correlation, UUID::randomUUID), place, record))
        : Optional.empty();
  }

  private static Pair newPair(UUID correlation, MappedSide place, RecordState record) {
    return Pair.start(UUID.randomUUID(), correlation, place.mapping().name(), place.side(), record);
  }

  /**
   * A record that names a member of a pair and carries the pair's token was created by Lockstep for
   * that pair. While the pair is being linked it searches for the record itself; once linked, the
   * record belongs to it.
   */
  private boolean scheduleKnownPair(RecordState record, InboxEntry entry) {
    for (MappedSide place : places(record.ref())) {
      Mention mention = adoption.mention(record, place).orElse(null);
      Pair pair =
          mention == null ? null : pairs.find(mention.ref(), place.mapping().name()).orElse(null);
      if (mention != null
          && pair != null
          && (pair.sideOf(record.ref()) != null
              || isCreatedFor(pair, mention) && pair.state() == Pair.State.LINKING)) {
        scheduler.schedule(
            new Subject.OfCorrelation(pair.correlation()), entry.hints(), entry.receivedAt());
        return true;
      }
    }
    return false;
  }

  private static boolean isCreatedFor(Pair pair, Mention mention) {
    return pair.mention(mention.ref()).equals(mention);
  }

  /**
   * The record names a member of another pair. Lockstep's local records keep no token: their pair
   * is known only once it is linked.
   */
  private void requireAdoptable(RecordState record, Mention mention, Pair pair) {
    boolean owned = adoption.ownsCorrelation(record.ref());
    if (pair.state() == Pair.State.LINKING && owned) {
      throw new RetryLaterException(
          UNTIL_LINKED, mention.ref() + " is being linked, perhaps to this record");
    }
    if (isCreatedFor(pair, mention) || owned) {
      throw Adoption.alreadyPaired(record.ref(), mention.ref(), mention.ref());
    }
    adoption.refuse(record.ref(), mention.ref(), "it is kept in sync with another record");
  }

  private void start(List<Pair> started, RecordState record, InboxEntry entry) {
    insert(
        started,
        () -> {
          Pair first = pairs.insert(started.get(0), started(started.get(0), record));
          RecordState stored =
              Objects.requireNonNull(
                  first.state(Objects.requireNonNull(first.sideOf(record.ref()))));
          for (Pair further : started.subList(1, started.size())) {
            pairs.insert(further.sharing(stored, true), started(further, record));
          }
          scheduler.schedule(
              new Subject.OfCorrelation(first.correlation()), entry.hints(), entry.receivedAt());
        });
  }

  private void insert(List<Pair> started, Runnable statements) {
    try {
      transaction.executeWithoutResult(status -> statements.run());
    } catch (DuplicateKeyException e) {
      RecordRef taken =
          started.stream().flatMap(pair -> taken(pair).stream()).findFirst().orElseThrow(() -> e);
      throw new RetryLaterException(
          Duration.ZERO, taken + " was paired by another process meanwhile");
    }
  }

  /** The record of a new pair that is in another one by now. */
  private Optional<RecordRef> taken(Pair pair) {
    return pair.records().stream()
        .filter(
            ref ->
                pairs.find(ref, pair.mapping()).isPresent()
                    || records
                        .correlationOf(ref)
                        .filter(other -> !other.equals(pair.correlation()))
                        .isPresent())
        .findFirst();
  }

  private static AuditEntry started(Pair pair, RecordState record) {
    String why = pair.records().size() == 2 ? "%s names its counterpart" : "%s is in scope";
    return new AuditEntry("started", why.formatted(record.key()), Map.of());
  }

  /** Starts further pairs of a correlation's records, for example of a ticket just created. */
  void startFurther(Pass pass) {
    for (RecordRef ref : pass.correlation().records()) {
      for (MappedSide place : places(ref)) {
        String mapping = place.mapping().name();
        if (pass.mayStart(ref, mapping)
            && pass.correlation().find(ref, mapping).isEmpty()
            && isAlive(pass, ref)
            && !pass.failures().guard(() -> startFurther(pass, place, ref))) {
          pass.markNotStarted(ref, mapping);
        }
      }
    }
  }

  /** Not of a record that is deleted, or was merged into another one. */
  private static boolean isAlive(Pass pass, RecordRef ref) {
    return pass.correlation().pairsOf(ref).stream().anyMatch(Pair::isLive);
  }

  private void startFurther(Pass pass, MappedSide place, RecordRef ref) {
    // Read again: starting another pair has stored it.
    RecordState record = Objects.requireNonNull(pass.correlation().states().get(ref));
    startOrAdopt(record, place, pass.correlation().id())
        .ifPresent(
            pair ->
                insert(List.of(pair), () -> pass.store(pairs.insert(pair, started(pair, record)))));
  }

  /** Deletes a pair whose record was resolved or closed before its counterpart was created. */
  void cancel(Pass pass, Pair pair) {
    transaction.executeWithoutResult(status -> pairs.delete(pair));
    pass.remove(pair);
    pair.records().stream()
        .filter(ref -> pass.correlation().pairsOf(ref).isEmpty())
        .forEach(notes::forget);
  }
}
