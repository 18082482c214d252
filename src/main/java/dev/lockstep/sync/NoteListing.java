package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.WorkNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Lists the notes of a record. If the system refuses, or does not list notes that Lockstep wrote,
 * the notes are unreadable: this is reported as a gap of its pairs and blocks nothing else.
 */
@Component
class NoteListing {
  private final Connectors connectors;
  private final NoteStore notes;
  private final DeliveryStore deliveries;
  private final SentNotes sent;

  NoteListing(Connectors connectors, NoteStore notes, DeliveryStore deliveries, SentNotes sent) {
    this.connectors = connectors;
    this.notes = notes;
    this.deliveries = deliveries;
    this.sent = sent;
  }

  /**
   * Lists and stores the notes of a record.
   *
   * @return why they cannot be read; empty if they can
   */
  Optional<String> read(RecordState record) {
    List<WorkNote> listed;
    try {
      listed = connectors.notes(record.ref());
    } catch (RequestRejectedException e) {
      return Optional.of(text(record, e.answer()));
    }
    notes.insertNew(record.ref(), listed, true);
    return isShown(record.ref(), listed)
        ? Optional.empty()
        : Optional.of(text(record, "It does not list the note Lockstep wrote there."));
  }

  /** Lists the notes of a record; a gap in each of its pairs says why they cannot be read. */
  void read(Pass pass, RecordState record) {
    Optional<String> problem = read(record);
    for (Pair pair : pass.correlation().pairsOf(record.ref())) {
      Side side = Objects.requireNonNull(pair.sideOf(record.ref()));
      pass.update(pair.withNoteGap(Pair.notesOf(side), problem));
    }
  }

  /** Reads and stores single notes of a record. */
  void read(RecordRef record, Set<String> ids) {
    List<WorkNote> found = new ArrayList<>();
    for (String id : new TreeSet<>(ids)) {
      connectors.note(record, id).ifPresent(found::add);
    }
    notes.insertNew(record, found, true);
  }

  /** Once the system lists notes again, clears the gap and reads the missed notes. */
  void readAgain(Pass pass, RecordState record) {
    boolean hasGap =
        pass.correlation().pairsOf(record.ref()).stream()
            .anyMatch(
                pair ->
                    pair.gaps()
                        .containsKey(
                            Pair.notesOf(Objects.requireNonNull(pair.sideOf(record.ref())))));
    if (hasGap && notes.isListed(record.ref())) {
      read(pass, record);
    }
  }

  /**
   * For each visibility Lockstep wrote in, at least one note must be listed, if the system lists
   * such notes at all. It need not be Lockstep's own note, which may have been deleted.
   */
  private boolean isShown(RecordRef ref, List<WorkNote> listed) {
    List<Delivery> written = deliveries.sentTo(ref);
    return written.stream()
        .map(Delivery::sentAs)
        .distinct()
        .filter(visibility -> connectors.showsNotes(ref, visibility))
        .allMatch(
            visibility ->
                listed.stream().anyMatch(note -> note.visibility() == visibility)
                    || written.stream()
                        .filter(one -> one.sentAs() == visibility)
                        .anyMatch(one -> sent.isListed(listed, ref, one)));
  }

  private String text(RecordState record, String why) {
    return "%s's notes cannot be read: notes of %s do not sync. %s"
        .formatted(connectors.title(record.ref().system()), record.key(), why);
  }
}
