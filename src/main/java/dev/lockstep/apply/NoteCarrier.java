package dev.lockstep.apply;

import dev.lockstep.apply.ActionCounter.Action;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RetryLater;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.NotePolicy;
import dev.lockstep.pair.History;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends each note over once, in the order they were written. A note is marked as being sent before
 * it is; if the answer never comes, the next attempt looks for it on the other side first.
 */
class NoteCarrier {
  /** What a ServiceNow journal field holds by default, the shortest of the systems known. */
  static final int LONGEST = 4000;

  private final Connectors connectors;
  private final NoteStore notes;
  private final PairStore pairs;
  private final TransactionTemplate transaction;
  private final ActionCounter actions;

  NoteCarrier(
      Connectors connectors,
      NoteStore notes,
      PairStore pairs,
      TransactionTemplate transaction,
      ActionCounter actions) {
    this.connectors = connectors;
    this.notes = notes;
    this.pairs = pairs;
    this.transaction = transaction;
    this.actions = actions;
  }

  /** Sends all notes of side {@code from} that wait. */
  void carry(Pair pair, Mapping mapping, Side from) {
    RecordRef source = Objects.requireNonNull(pair.ref(from));
    RecordRef target = Objects.requireNonNull(pair.ref(from.other()));
    if (mapping.isClosed(from.other(), Objects.requireNonNull(pair.seen(from.other())).values())) {
      // They stay open, and go over if the record is ever reopened.
      return;
    }
    for (StoredNote note : notes.open(source)) {
      switch (note.state()) {
        case SEEN -> decide(pair, mapping.notes(), from, note, target);
        case READY ->
            send(
                pair,
                note,
                target,
                Objects.requireNonNull(note.sentAs()),
                Objects.requireNonNull(note.sentText()),
                Objects.requireNonNull(note.mark()));
        case SENDING -> findOrSend(pair, note, target);
        case CARRIED, ECHO, SKIPPED -> {}
      }
    }
  }

  private void decide(Pair pair, NotePolicy policy, Side from, StoredNote note, RecordRef target) {
    if (NoteText.markIn(note.note().text()).filter(mark -> notes.sent(target, mark)).isPresent()) {
      notes.settle(note, StoredNote.State.ECHO);
      return;
    }
    Optional<Visibility> sentAs = policy.carriedAs(from, note.note().visibility());
    if (sentAs.isEmpty() || note.note().text().isBlank()) {
      notes.settle(note, StoredNote.State.SKIPPED);
      return;
    }
    String mark = NoteText.mark(note.record(), note.note().id());
    Snapshot source = Objects.requireNonNull(pair.seen(from));
    String text = NoteText.carried(note.note(), source.key(), mark, LONGEST);
    send(pair, note, target, sentAs.get(), text, mark);
  }

  private void send(
      Pair pair, StoredNote note, RecordRef target, Visibility sentAs, String text, String mark) {
    notes.sending(note, sentAs, text, mark);
    try {
      var id = actions.count(Action.NOTE, () -> connectors.addNote(target, text, sentAs));
      carried(pair, note, target, id.orElse(null));
    } catch (RetryLater e) {
      // Nothing was done, so it need not be looked for.
      notes.settle(note, StoredNote.State.READY);
      throw e;
    }
  }

  private void findOrSend(Pair pair, StoredNote note, RecordRef target) {
    String mark = Objects.requireNonNull(note.mark());
    var there =
        connectors.notes(target).stream()
            .filter(far -> NoteText.markIn(far.text()).filter(mark::equals).isPresent())
            .findFirst();
    if (there.isPresent()) {
      carried(pair, note, target, there.get().id());
    } else {
      send(
          pair,
          note,
          target,
          Objects.requireNonNull(note.sentAs()),
          Objects.requireNonNull(note.sentText()),
          mark);
    }
  }

  private void carried(Pair pair, StoredNote note, RecordRef target, @Nullable String carriedId) {
    Map<String, String> details = new HashMap<>();
    details.put("from", note.record().toString());
    details.put("note", note.note().id());
    transaction.executeWithoutResult(
        status -> {
          notes.carried(note, target, carriedId);
          pairs.record(
              pair.id(),
              List.of(
                  new History(
                      "note",
                      "A note was carried to " + connectors.title(target.system()),
                      details)));
        });
  }
}
