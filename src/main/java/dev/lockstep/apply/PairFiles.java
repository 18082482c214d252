package dev.lockstep.apply;

import dev.lockstep.inbox.PairDirectory;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.WorkNote;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the inbox asks of the pairs. */
class PairFiles implements PairDirectory {
  private final PairStore pairs;
  private final NoteStore notes;

  PairFiles(PairStore pairs, NoteStore notes) {
    this.pairs = pairs;
    this.notes = notes;
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
  public String titleOf(UUID pair) {
    return pairs
        .find(pair)
        .map(found -> key(found.seen(Side.LEFT)) + " ⇄ " + key(found.seen(Side.RIGHT)))
        .orElse("pair " + pair);
  }

  private static String key(@Nullable Snapshot seen) {
    return seen == null ? "(none yet)" : seen.key();
  }

  @Override
  public int keep(RecordRef ref, List<WorkNote> heard) {
    return notes.keep(ref, heard);
  }
}
