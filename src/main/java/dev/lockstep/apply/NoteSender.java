package dev.lockstep.apply;

import dev.lockstep.apply.ActionCounter.Action;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RetryLater;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a note once. It is marked as being sent before it is; whoever finds that mark looks for the
 * note on the far record before sending it again.
 */
public class NoteSender {
  /** What a ServiceNow journal field holds by default, the shortest of the systems known. */
  public static final int LONGEST = 4000;

  private final Connectors connectors;
  private final NoteStore notes;
  private final ActionCounter actions;

  NoteSender(Connectors connectors, NoteStore notes, ActionCounter actions) {
    this.connectors = connectors;
    this.notes = notes;
    this.actions = actions;
  }

  /** What is to be told once it is there. */
  public interface Arrival {
    /**
     * @param id its id there; null if that system does not tell
     */
    void at(@Nullable String id);
  }

  /** Sends a note that is ready, or was being sent when an earlier attempt ended. */
  public void send(StoredNote note, RecordRef target, Arrival arrived) {
    String mark = Objects.requireNonNull(note.mark());
    if (note.state() == StoredNote.State.SENDING) {
      Optional<String> there = idOf(mark, target);
      if (there.isPresent()) {
        arrived.at(there.get());
        return;
      }
    }
    send(
        note,
        target,
        Objects.requireNonNull(note.sentAs()),
        Objects.requireNonNull(note.sentText()),
        mark,
        arrived);
  }

  void send(
      StoredNote note,
      RecordRef target,
      Visibility sentAs,
      String text,
      String mark,
      Arrival arrived) {
    notes.sending(note, sentAs, text, mark);
    try {
      var id = actions.count(Action.NOTE, () -> connectors.addNote(target, text, sentAs));
      arrived.at(id.orElse(null));
    } catch (RetryLater e) {
      // Nothing was done, so it need not be looked for.
      notes.settle(note, StoredNote.State.READY);
      throw e;
    }
  }

  private Optional<String> idOf(String mark, RecordRef target) {
    return connectors.notes(target).stream()
        .filter(far -> NoteText.markIn(far.text()).filter(mark::equals).isPresent())
        .findFirst()
        .map(far -> far.id());
  }
}
