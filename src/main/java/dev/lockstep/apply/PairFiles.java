package dev.lockstep.apply;

import dev.lockstep.connector.NoteTrace;
import dev.lockstep.inbox.PairDirectory;
import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
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

/** What the inbox asks of the pairs. */
class PairFiles implements PairDirectory {
  /** Two sources date the same note this far apart at most. */
  private static final Duration SAME_MOMENT = Duration.ofSeconds(2);

  private final PairStore pairs;
  private final NoteStore notes;
  private final NotesWanted notesWanted;

  PairFiles(PairStore pairs, NoteStore notes, NotesWanted notesWanted) {
    this.pairs = pairs;
    this.notes = notes;
    this.notesWanted = notesWanted;
  }

  @Override
  public Optional<Known> find(RecordRef ref) {
    return pairs.find(ref).map(pair -> known(pair, ref));
  }

  /** In a pair that is not at rest every event counts, whatever its version. */
  private static Known known(Pair pair, RecordRef ref) {
    Snapshot seen = pair.seen(Objects.requireNonNull(pair.sideOf(ref)));
    boolean atRest = pair.state() == Pair.State.LINKED && seen != null;
    return new Known(pair.id(), atRest ? Objects.requireNonNull(seen).version() : null);
  }

  @Override
  public boolean isKnown(RecordRef ref) {
    return pairs.find(ref).isPresent() || notesWanted.of(ref);
  }

  @Override
  public String titleOf(UUID pair) {
    return pairs
        .find(pair)
        .map(found -> key(found.seen(Side.LEFT)) + " ⇄ " + key(found.seen(Side.RIGHT)))
        .orElse("pair " + pair);
  }

  private static String key(@Nullable Snapshot seen) {
    return seen == null ? "(none yet)" : seen.key();
  }

  /**
   * One note accounts for one trace: the same words written twice in a moment are two notes, and
   * the second may not have been heard of.
   */
  @Override
  public boolean knows(RecordRef ref, List<NoteTrace> traces) {
    var pair = pairs.find(ref);
    if (pair.isEmpty()) {
      return !notesWanted.of(ref);
    }
    Instant first =
        traces.stream().map(NoteTrace::at).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    List<WorkNote> heard = new ArrayList<>(notes.heardSince(ref, first.minus(SAME_MOMENT)));
    return traces.stream().allMatch(trace -> isOwn(ref, trace) || account(heard, trace));
  }

  private boolean isOwn(RecordRef ref, NoteTrace trace) {
    return notes.sentLike(ref, trace.text()).stream()
        .map(StoredNote::sentText)
        .anyMatch(sent -> sent != null && NoteText.isSame(sent, trace.text()));
  }

  private static boolean account(List<WorkNote> heard, NoteTrace trace) {
    return heard.stream()
        .filter(note -> note.text().strip().equals(trace.text().strip()))
        .filter(
            note ->
                Duration.between(note.createdAt(), trace.at()).abs().compareTo(SAME_MOMENT) <= 0)
        .findFirst()
        .map(heard::remove)
        .orElse(false);
  }

  @Override
  public int keep(RecordRef ref, List<WorkNote> heard, boolean listed) {
    return notes.keep(ref, heard, listed);
  }

  @Override
  public List<RecordRef> unlisted(String system, String kind, Instant from, Instant before) {
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
  public Optional<Subject> discarded(Subject.OfNote note) {
    return decided(note, StoredNote.State.SKIPPED);
  }

  @Override
  public Optional<Subject> retried(Subject.OfNote note) {
    return decided(note, StoredNote.State.READY);
  }

  private Optional<Subject> decided(Subject.OfNote note, StoredNote.State next) {
    return notes.decide(note.record(), note.id(), next).map(this::subject);
  }

  private Subject subject(RecordRef ref) {
    return find(ref)
        .<Subject>map(known -> new Subject.OfPair(known.pair()))
        .orElseGet(() -> new Subject.OfRecord(ref));
  }
}
