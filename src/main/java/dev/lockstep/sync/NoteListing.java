package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.WorkNote;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Lists the notes of a pair's record. If the system refuses, or does not list notes that Lockstep
 * wrote, the notes are unreadable: this is reported as a gap of the pair and blocks nothing else.
 */
class NoteListing {
  private final Connectors connectors;
  private final NoteStore notes;
  private final NoteSender sender;

  NoteListing(Connectors connectors, NoteStore notes, NoteSender sender) {
    this.connectors = connectors;
    this.notes = notes;
    this.sender = sender;
  }

  /**
   * Returns the pair with a gap if that side's notes cannot be read, and without it if they can.
   */
  Pair read(Pair pair, Side side) {
    RecordRef ref = Objects.requireNonNull(pair.ref(side));
    List<WorkNote> listed;
    try {
      listed = connectors.notes(ref);
    } catch (RequestRejectedException e) {
      return pair.withNoteGap(Pair.notesOf(side), Optional.of(text(pair, side, e.answer())));
    }
    notes.insertNew(ref, listed, true);
    return pair.withNoteGap(
        Pair.notesOf(side),
        isShown(ref, listed)
            ? Optional.empty()
            : Optional.of(text(pair, side, "It does not list the note Lockstep wrote there.")));
  }

  /** Once the system lists notes again, clears the gap and reads the missed notes. */
  Pair readAgain(Pair pair, Side side) {
    RecordRef ref = pair.ref(side);
    boolean again =
        ref != null && pair.gaps().containsKey(Pair.notesOf(side)) && notes.isListed(ref);
    return again ? read(pair, side) : pair;
  }

  /**
   * For each visibility Lockstep wrote in, at least one note must be listed, if the system lists
   * such notes at all. It need not be Lockstep's own note, which may have been deleted.
   */
  private boolean isShown(RecordRef ref, List<WorkNote> listed) {
    List<StoredNote> written = notes.syncedTo(ref);
    return written.stream()
        .map(StoredNote::sentAs)
        .distinct()
        .filter(visibility -> visibility == null || connectors.showsNotes(ref, visibility))
        .allMatch(
            visibility ->
                listed.stream().anyMatch(note -> note.visibility() == visibility)
                    || written.stream()
                        .filter(note -> note.sentAs() == visibility)
                        .anyMatch(note -> sender.isListed(listed, ref, note)));
  }

  private String text(Pair pair, Side side, String why) {
    Snapshot seen = pair.seen(side);
    RecordRef ref = Objects.requireNonNull(pair.ref(side));
    return "%s's notes cannot be read: notes of %s do not sync. %s"
        .formatted(connectors.title(ref.system()), seen == null ? ref.id() : seen.key(), why);
  }
}
