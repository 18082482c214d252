package dev.lockstep.sync;

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
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Decides which pairs a record starts: one for each mapping in whose scope it is. It writes to no
 * other system: a new pair creates its counterpart when its correlation is processed.
 */
@Component
public final class PairStarter {
  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final SnapshotReader snapshots;
  private final NoteStore notes;
  private final NoteInterest notesWanted;
  private final Adoption adoption;
  private final PairStore pairs;
  private final NewPairs newPairs;
  private final WorkScheduler scheduler;
  private final UndecidedScope undecided;
  private final StartPolicies policies;
  private final PausedMappings paused;

  PairStarter(
      Connectors connectors,
      MappingCatalog mappings,
      SnapshotReader snapshots,
      NoteStore notes,
      NoteInterest notesWanted,
      Adoption adoption,
      PairStore pairs,
      NewPairs newPairs,
      WorkScheduler scheduler,
      UndecidedScope undecided,
      StartPolicies policies,
      PausedMappings paused) {
    this.paused = paused;
    this.connectors = connectors;
    this.mappings = mappings;
    this.snapshots = snapshots;
    this.notes = notes;
    this.notesWanted = notesWanted;
    this.adoption = adoption;
    this.pairs = pairs;
    this.newPairs = newPairs;
    this.scheduler = scheduler;
    this.undecided = undecided;
    this.policies = policies;
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
      boolean fetches = state == null ? !places(ref).isEmpty() : mayStart(state);
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

  /** The record's state as received, if it can be trusted. */
  private static @Nullable NativeRecord receivedState(RecordRef ref, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    return entry.outcomeUnknown() || hint == null || hint.mustFetch() ? null : hint.state();
  }

  /** Whether a record starts a pair that it is not in yet, or may do so once it is fetched. */
  public boolean mayStart(NativeRecord record) {
    RecordState state = snapshots.read(record, null);
    List<MappedSide> open =
        places(record.ref()).stream()
            .filter(place -> pairs.find(record.ref(), place.mapping().name()).isEmpty())
            .toList();
    return open.stream()
        .anyMatch(
            place ->
                adoption.mention(state, place).isPresent() || new Scope(place).mayInclude(state));
  }

  /**
   * Avoids a fetch for the many records that are out of scope, where the received state is
   * sufficient.
   */
  private boolean mayStart(RecordState state) {
    return adoption.mention(state).isPresent()
        || places(state.ref()).stream().anyMatch(place -> new Scope(place).mayInclude(state));
  }

  private List<MappedSide> places(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind());
  }

  private void skipOutOfScope(RecordState record) {
    for (MappedSide place : places(record.ref())) {
      undecided.report(place.mapping(), place.side(), record, new Scope(place).undecided(record));
    }
    forgetNotes(record.ref());
  }

  private void forgetNotes(RecordRef ref) {
    if (!notesWanted.wantsNotes(ref)) {
      notes.forget(ref);
    }
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
      newPairs.store(started, record, entry);
    } else if (blocked != null) {
      throw blocked;
    } else {
      skipOutOfScope(record);
    }
  }

  private boolean scheduleKnownPair(RecordState record, InboxEntry entry) {
    for (MappedSide place : places(record.ref())) {
      CounterpartClaim claim = adoption.claim(record, place).orElse(null);
      if (claim != null && claim.isOfThePair()) {
        scheduler.schedule(
            new Subject.OfCorrelation(claim.pair().correlation()),
            entry.hints(),
            entry.receivedAt());
        return true;
      }
    }
    return false;
  }

  /**
   * @param correlation of the pairs started before; null if there are none
   */
  private Optional<Pair> startOrAdopt(
      RecordState record, MappedSide place, @Nullable UUID correlation) {
    if (adoption.mention(record, place).isPresent() || new Scope(place).mayInclude(record)) {
      paused.requireActive(place.mapping());
    }
    Optional<Pair> adopted = adoption.adopt(record, place, correlation);
    if (adopted.isPresent()) {
      return adopted;
    }
    StartPolicy policy = policies.find(record.ref()).orElse(null);
    if (policy == null) {
      return start(record, place, correlation);
    }
    return (policy.adoptBy().isEmpty()
            ? Optional.<Pair>empty()
            : adoption.adoptNamed(record, place, policy.adoptBy(), correlation))
        .or(() -> start(record, place, correlation))
        .map(pair -> withOlderNotes(pair, policy.notes()));
  }

  private Optional<Pair> start(RecordState record, MappedSide place, @Nullable UUID correlation) {
    return new Scope(place).includes(record)
        ? Optional.of(
            Pair.start(
                UUID.randomUUID(),
                Objects.requireNonNullElseGet(correlation, UUID::randomUUID),
                place.mapping().name(),
                place.side(),
                record))
        : Optional.empty();
  }

  private Pair withOlderNotes(Pair pair, OlderNotes notes) {
    List<RecordState> states =
        Stream.of(Side.values()).map(pair::state).filter(Objects::nonNull).toList();
    // Each system dates its notes by its own clock.
    Instant now =
        states.stream()
            .map(state -> connectors.now(state.ref().system()))
            .min(Instant::compareTo)
            .orElseThrow();
    return switch (notes) {
      case ALL -> pair;
      case NONE -> pair.withNotesSince(now);
      case SINCE_LINK ->
          pair.withNotesSince(
              states.size() < 2
                  ? now
                  : states.stream()
                      .map(state -> Objects.requireNonNullElse(state.openedAt(), now))
                      .max(Instant::compareTo)
                      .orElse(now));
    };
  }

  /** Starts further pairs of a correlation's records, for example of a ticket just created. */
  void startFurther(Pass pass) {
    for (RecordRef ref : pass.correlation().records()) {
      for (MappedSide place : places(ref)) {
        String mapping = place.mapping().name();
        if (pass.mayStart(ref, mapping)
            && pass.correlation().find(ref, mapping).isEmpty()
            && isAlive(pass, ref)
            && !pass.guard("start " + mapping, ref, () -> startFurther(pass, place, ref))) {
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
        .ifPresent(pair -> newPairs.storeFurther(pass, pair, record));
  }
}
