package dev.lockstep.sync;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.inbox.Subject;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.record.WorkNote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers the inbox's questions about pairs. */
class PairIndex implements PairLookup {
  /** Maximum difference between two sources' timestamps of the same note. */
  private static final Duration SAME_MOMENT = Duration.ofSeconds(2);

  private final PairStore pairs;
  private final NoteStore notes;
  private final NoteInterest notesWanted;
  private final MappingCatalog mappings;
  private final SnapshotReader snapshots;

  PairIndex(
      PairStore pairs,
      NoteStore notes,
      NoteInterest notesWanted,
      MappingCatalog mappings,
      SnapshotReader snapshots) {
    this.pairs = pairs;
    this.notes = notes;
    this.notesWanted = notesWanted;
    this.mappings = mappings;
    this.snapshots = snapshots;
  }

  @Override
  public Optional<KnownPair> find(RecordRef ref) {
    return pairs.find(ref).map(pair -> known(pair, ref));
  }

  /** For a broken or ended pair every event counts, whatever its version. */
  private static KnownPair known(Pair pair, RecordRef ref) {
    Snapshot seen = pair.seen(Objects.requireNonNull(pair.sideOf(ref)));
    return new KnownPair(pair.id(), seen != null && isAlive(pair) ? seen.version() : null);
  }

  private static boolean isAlive(Pair pair) {
    return pair.state() == Pair.State.LINKED || pair.state() == Pair.State.LINKING;
  }

  @Override
  public boolean hasSameState(RecordRef ref, NativeRecord state) {
    return pairs
        .find(ref)
        .filter(PairIndex::isAlive)
        .map(pair -> hasSameState(pair, Objects.requireNonNull(pair.sideOf(ref)), state))
        .orElse(false);
  }

  private boolean hasSameState(Pair pair, Side side, NativeRecord state) {
    Snapshot seen = pair.seen(side);
    Mapping mapping = mappings.findByName(pair.mapping()).orElse(null);
    if (seen == null
        || mapping == null
        || state.version().comparedTo(seen.version()) != Version.Order.OVERLAPPING) {
      return false;
    }
    try {
      return snapshots.read(mapping, side, state, seen).hasSameValuesAs(seen);
    } catch (RetryLaterException | SystemUnavailableException | RequestRejectedException e) {
      return false; // The reference cannot be resolved now; processing the entry will show
      // whether anything changed.
    }
  }

  @Override
  public boolean isKnown(RecordRef ref) {
    return pairs.find(ref).isPresent() || notesWanted.wantsNotes(ref);
  }

  @Override
  public String titleOf(UUID pair) {
    return pairs
        .keysOf(pair)
        .map(keys -> key(keys.left()) + " ⇄ " + key(keys.right()))
        .orElse("pair " + pair);
  }

  private static String key(@Nullable String key) {
    return key == null ? "(none yet)" : key;
  }

  /**
   * One note accounts for one fingerprint: if the same text was written twice within moments, these
   * are two notes, and the second may not have been received.
   */
  @Override
  public boolean knowsNotes(RecordRef ref, List<NoteFingerprint> traces) {
    var pair = pairs.find(ref);
    if (pair.isEmpty()) {
      return !notesWanted.wantsNotes(ref);
    }
    Instant first =
        traces.stream().map(NoteFingerprint::at).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    List<WorkNote> known = new ArrayList<>(notes.receivedSince(ref, first.minus(SAME_MOMENT)));
    return traces.stream().allMatch(trace -> isOwn(ref, trace) || account(known, trace));
  }

  private boolean isOwn(RecordRef ref, NoteFingerprint trace) {
    return notes.findSentLike(ref, trace.text()).stream()
        .map(StoredNote::sentText)
        .anyMatch(sent -> sent != null && NoteFormat.isSame(sent, trace.text()));
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
    return notes.unlisted(system, kind, from, before);
  }

  @Override
  public String titleOf(Subject.OfNote note) {
    return notes
        .targetOf(note.record(), note.id())
        .map(
            target ->
                "a note for " + find(target).map(k -> titleOf(k.pair())).orElse(target.toString()))
        .orElse(note.toString());
  }

  @Override
  public Optional<RecordRef> discardNote(Subject.OfNote note) {
    return notes.decide(note.record(), note.id(), StoredNote.State.SKIPPED);
  }

  @Override
  public List<Subject.OfNote> reclaimUnsentNotes(Subject subject) {
    List<RecordRef> records = new ArrayList<>();
    if (subject instanceof Subject.OfRecord record) {
      records.add(record.ref());
    } else if (subject instanceof Subject.OfPair pair) {
      pairs.find(pair.id()).map(Pair::records).ifPresent(records::addAll);
    }
    return notes.refuseRetried(records).stream()
        .map(note -> new Subject.OfNote(note.record(), note.note().id()))
        .toList();
  }

  @Override
  public Optional<RecordRef> retryNote(Subject.OfNote note) {
    return notes.decide(note.record(), note.id(), StoredNote.State.READY);
  }
}
