package dev.lockstep.sync;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.inbox.Subject;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.mapping.NotePolicy;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.pair.RefusedNoteStore;
import dev.lockstep.pair.RefusedNoteStore.RefusedNote;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers the inbox's questions about records, pairs and notes. */
@Component
class PairIndex implements PairLookup {
  /** Maximum difference between two sources' timestamps of the same note. */
  private static final Duration SAME_MOMENT = Duration.ofSeconds(2);

  private final RecordStore records;
  private final PairStore pairs;
  private final NoteStore notes;
  private final DeliveryStore deliveries;
  private final RefusedNoteStore refusedNotes;
  private final SentNotes sent;
  private final NoteInterest notesWanted;
  private final SnapshotReader snapshots;
  private final MappingCatalog mappings;

  PairIndex(
      RecordStore records,
      PairStore pairs,
      NoteStore notes,
      DeliveryStore deliveries,
      RefusedNoteStore refusedNotes,
      SentNotes sent,
      NoteInterest notesWanted,
      SnapshotReader snapshots,
      MappingCatalog mappings) {
    this.records = records;
    this.pairs = pairs;
    this.notes = notes;
    this.deliveries = deliveries;
    this.refusedNotes = refusedNotes;
    this.sent = sent;
    this.notesWanted = notesWanted;
    this.snapshots = snapshots;
    this.mappings = mappings;
  }

  @Override
  public Optional<KnownRecord> find(RecordRef ref) {
    return records
        .findPaired(ref)
        .map(known -> new KnownRecord(known.correlation(), known.alive() ? known.version() : null));
  }

  @Override
  public boolean hasSameState(KnownRecord known, NativeRecord state) {
    Version last = known.lastProcessed();
    if (last == null) {
      return false;
    }
    return switch (state.version().comparedTo(last)) {
      case SAME -> true;
      case NEWER, OLDER -> false;
      case OVERLAPPING ->
          records.findState(state.ref()).filter(seen -> hasSameValues(seen, state)).isPresent();
    };
  }

  private boolean hasSameValues(RecordState seen, NativeRecord state) {
    try {
      return snapshots.read(state, seen).hasSameValuesAs(seen);
    } catch (RetryLaterException | SystemUnavailableException | RequestRejectedException e) {
      return false; // The reference cannot be resolved now; processing the entry will show
      // whether anything changed.
    }
  }

  /** The highest priority of its records in any mapping. */
  @Override
  public int priorityOf(Subject subject, Map<RecordRef, Hint> hints) {
    Map<RecordRef, RecordState> states = new HashMap<>();
    if (subject instanceof Subject.OfCorrelation correlation) {
      states.putAll(pairs.load(correlation.id()).states());
    }
    hints.forEach(
        (ref, hint) -> {
          if (hint.state() != null) {
            readIfPossible(hint.state(), states.get(ref)).ifPresent(now -> states.put(ref, now));
          }
        });
    return states.values().stream()
        .map(snapshots::rank)
        .flatMapToInt(OptionalInt::stream)
        .map(rank -> Math.max(0, MOST_URGENT - rank))
        .max()
        .orElse(0);
  }

  private Optional<RecordState> readIfPossible(NativeRecord state, @Nullable RecordState before) {
    try {
      return Optional.of(snapshots.read(state, before));
    } catch (RetryLaterException | SystemUnavailableException | RequestRejectedException e) {
      return Optional.empty(); // A name cannot be looked up now: it is as urgent as it was.
    }
  }

  @Override
  public boolean isKnown(RecordRef ref) {
    return records.correlationOf(ref).isPresent() || notesWanted.wantsNotes(ref);
  }

  @Override
  public String titleOf(UUID correlation) {
    return pairs.titleOf(correlation).orElse("correlation " + correlation);
  }

  /**
   * One note accounts for one fingerprint: if the same text was written twice within moments, these
   * are two notes, and the second may not have been received.
   */
  @Override
  public boolean knowsNotes(RecordRef ref, List<NoteFingerprint> traces) {
    if (records.correlationOf(ref).isEmpty()) {
      return !notesWanted.wantsNotes(ref);
    }
    Instant first =
        traces.stream().map(NoteFingerprint::at).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    List<WorkNote> known = new ArrayList<>(notes.receivedSince(ref, first.minus(SAME_MOMENT)));
    return traces.stream()
        .allMatch(trace -> sent.isOwn(ref, trace.text()) || account(known, trace));
  }

  private static boolean account(List<WorkNote> notes, NoteFingerprint trace) {
    return notes.stream()
        .filter(note -> note.text().strip().equals(trace.text().strip()))
        .filter(
            note ->
                Duration.between(note.createdAt(), trace.at()).abs().compareTo(SAME_MOMENT) <= 0)
        .findFirst()
        .map(notes::remove)
        .orElse(false);
  }

  @Override
  public int insertNewNotes(RecordRef ref, List<WorkNote> received, boolean listed) {
    return notes.insertNew(ref, received, listed);
  }

  @Override
  public List<RecordRef> findUnlisted(String system, String kind, Instant from, Instant before) {
    return deliveries.unlisted(system, kind, from, before);
  }

  @Override
  public List<RecordRef> findOpenForNotes(String system, String kind) {
    List<MappedSide> places = mappings.forRecord(system, kind);
    return records.findLinked(system, kind).stream()
        .filter(record -> places.stream().anyMatch(place -> takesNotes(record, place)))
        .map(RecordState::ref)
        .toList();
  }

  private static boolean takesNotes(RecordState record, MappedSide place) {
    Map<String, String> values = record.in(place.mapping().name()).values();
    Side from = place.side().other();
    NotePolicy policy = place.mapping().notes();
    List<Visibility> sent =
        Stream.of(Visibility.values())
            .filter(visibility -> policy.targetVisibility(from, visibility).isPresent())
            .toList();
    return !place.mapping().isClosed(place.side(), values)
        && (sent.isEmpty()
            || sent.stream().anyMatch(visibility -> !policy.isHeld(from, visibility, values)));
  }

  @Override
  public String titleOf(Subject.OfNote note) {
    return "a note for "
        + records.correlationOf(note.target()).map(this::titleOf).orElse(note.target().toString());
  }

  @Override
  public boolean discardNote(Subject.OfNote note) {
    return refusedNotes.decide(refused(note), Delivery.State.SKIPPED);
  }

  @Override
  public boolean retryNote(Subject.OfNote note) {
    return refusedNotes.decide(refused(note), Delivery.State.READY);
  }

  private static RefusedNote refused(Subject.OfNote note) {
    return new RefusedNote(note.record(), note.id(), note.target());
  }

  @Override
  public List<Subject.OfNote> reclaimUnsentNotes(Subject subject) {
    List<RecordRef> targets = new ArrayList<>();
    if (subject instanceof Subject.OfRecord record) {
      targets.add(record.ref());
    } else if (subject instanceof Subject.OfCorrelation correlation) {
      targets.addAll(pairs.load(correlation.id()).records());
    }
    return refusedNotes.refuseRetried(targets).stream()
        .map(note -> new Subject.OfNote(note.record(), note.note(), note.target()))
        .toList();
  }
}
