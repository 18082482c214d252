package dev.lockstep.apply;

import dev.lockstep.connector.Connectors;
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

/** Sends each note over once, in the order they were written. */
class NoteCarrier {
  private final Connectors connectors;
  private final NoteStore notes;
  private final PairStore pairs;
  private final TransactionTemplate transaction;
  private final NoteSender sender;

  NoteCarrier(
      Connectors connectors,
      NoteStore notes,
      PairStore pairs,
      TransactionTemplate transaction,
      NoteSender sender) {
    this.connectors = connectors;
    this.notes = notes;
    this.pairs = pairs;
    this.transaction = transaction;
    this.sender = sender;
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
        case READY, SENDING -> sender.send(note, target, id -> carried(pair, note, target, id));
        case CARRIED, ECHO, SKIPPED -> {}
      }
    }
  }

  private void decide(Pair pair, NotePolicy policy, Side from, StoredNote note, RecordRef target) {
    if (NoteText.markIn(note.note().text()).filter(notes::isOwn).isPresent()) {
      notes.settle(note, StoredNote.State.ECHO);
      return;
    }
    Optional<Visibility> sentAs = policy.carriedAs(from, note.note().visibility());
    if (sentAs.isEmpty() || note.note().text().isBlank()) {
      notes.settle(note, StoredNote.State.SKIPPED);
      return;
    }
    Snapshot there = Objects.requireNonNull(pair.seen(from.other()));
    if (policy.waits(from, note.note().visibility(), there.values())) {
      return;
    }
    String mark = NoteText.mark(note.record(), note.note().id());
    Snapshot source = Objects.requireNonNull(pair.seen(from));
    String text = NoteText.carried(note.note(), source.key(), mark, NoteSender.LONGEST);
    sender.send(note, target, sentAs.get(), text, mark, id -> carried(pair, note, target, id));
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
