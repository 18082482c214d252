package dev.lockstep.apply;

import dev.lockstep.connector.NoteTrace;
import dev.lockstep.inbox.PairDirectory;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
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
    RecordRef far = pair.get().ref(Objects.requireNonNull(pair.get().sideOf(ref)).other());
    Instant first =
        traces.stream().map(NoteTrace::at).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    List<WorkNote> heard = new ArrayList<>(notes.heardSince(ref, first.minus(SAME_MOMENT)));
    return traces.stream()
        .allMatch(trace -> far != null && isOwn(far, trace) || account(heard, trace));
  }

  private boolean isOwn(RecordRef far, NoteTrace trace) {
    return NoteText.markIn(trace.text()).filter(mark -> notes.sent(far, mark)).isPresent();
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
  public int keep(RecordRef ref, List<WorkNote> heard) {
    return notes.keep(ref, heard);
  }
}
