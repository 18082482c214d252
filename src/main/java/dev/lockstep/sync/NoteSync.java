package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.NotePolicy;
import dev.lockstep.pair.AuditEntry;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteFormat;
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
 * Sends each note to the other side once, in the order they were written. A refused note waits for
 * an operator; the others continue.
 */
class NoteSync {
  private final Connectors connectors;
  private final PairRefresher observer;
  private final NoteStore notes;
  private final PairStore pairs;
  private final PairTransaction journal;
  private final TransactionTemplate transaction;
  private final NoteSender sender;

  NoteSync(
      Connectors connectors,
      PairRefresher observer,
      NoteStore notes,
      PairStore pairs,
      PairTransaction journal,
      TransactionTemplate transaction,
      NoteSender sender) {
    this.connectors = connectors;
    this.observer = observer;
    this.notes = notes;
    this.pairs = pairs;
    this.journal = journal;
    this.transaction = transaction;
    this.sender = sender;
  }

  /**
   * Sends all pending notes of side {@code from}.
   *
   * @return the pair, with a gap for notes that the other side refused
   */
  Pair sync(Pair pair, Mapping mapping, Side from) {
    RecordRef source = Objects.requireNonNull(pair.ref(from));
    Side to = from.other();
    RecordRef target = Objects.requireNonNull(pair.ref(to));
    if (mapping.isClosed(to, Objects.requireNonNull(pair.seen(to)).values())) {
      // They stay open and are sent if the record is reopened.
      return withNoteGap(pair, source, to);
    }
    int refused = 0;
    for (StoredNote note : notes.open(source)) {
      if (note.state() == StoredNote.State.REFUSED) {
        refused++;
        continue;
      }
      try {
        send(pair, mapping, from, note, target);
      } catch (RequestRejectedException e) {
        if (mapping.isClosed(to, observer.fetch(pair, mapping, to, target).values())) {
          return pair;
        }
        sender.refuse(note, e);
        refused++;
      }
    }
    return journal.commitIfChanged(
        pair, pair.withNoteGap(Pair.notesTo(to), refusedGap(to, refused)));
  }

  /** An operator may have settled some of the refused notes. */
  private Pair withNoteGap(Pair pair, RecordRef source, Side to) {
    long refused =
        notes.open(source).stream()
            .filter(note -> note.state() == StoredNote.State.REFUSED)
            .count();
    return journal.commitIfChanged(
        pair, pair.withNoteGap(Pair.notesTo(to), refusedGap(to, (int) refused)));
  }

  private static Optional<String> refusedGap(Side to, int count) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "%d %s refused: retry or discard the dead letter"
                .formatted(count, count == 1 ? "note was" : "notes were"));
  }

  private void send(Pair pair, Mapping mapping, Side from, StoredNote note, RecordRef target) {
    switch (note.state()) {
      case SEEN -> decide(pair, mapping.notes(), from, note, target);
      case READY, SENDING -> sender.send(note, target, id -> markSynced(pair, note, target, id));
      case SYNCED, REFUSED, ECHO, SKIPPED -> {}
    }
  }

  private void decide(Pair pair, NotePolicy policy, Side from, StoredNote note, RecordRef target) {
    if (isOwn(note)) {
      notes.settle(note, StoredNote.State.ECHO);
      return;
    }
    Optional<Visibility> sentAs = policy.targetVisibility(from, note.note().visibility());
    if (sentAs.isEmpty() || note.note().text().isBlank()) {
      notes.settle(note, StoredNote.State.SKIPPED);
      return;
    }
    Snapshot there = Objects.requireNonNull(pair.seen(from.other()));
    if (policy.isHeld(from, note.note().visibility(), there.values())) {
      return;
    }
    String mark = sender.newMark();
    Snapshot source = Objects.requireNonNull(pair.seen(from));
    String text = NoteFormat.formatSynced(note.note(), source.key(), mark, NoteSender.LONGEST);
    sender.send(note, target, sentAs.get(), text, mark, id -> markSynced(pair, note, target, id));
  }

  /**
   * Only if the entire text is Lockstep's: users quote notes in their replies, including the mark.
   */
  private boolean isOwn(StoredNote note) {
    String text = note.note().text();
    return notes.findSentLike(note.record(), text).stream()
        .anyMatch(sent -> sender.isSame(sent, note.record(), text));
  }

  private void markSynced(
      Pair pair, StoredNote note, RecordRef target, @Nullable String carriedId) {
    Map<String, String> details = new HashMap<>();
    details.put("from", note.record().toString());
    details.put("note", note.note().id());
    transaction.executeWithoutResult(
        status -> {
          notes.markSynced(note, target, carriedId);
          pairs.record(
              pair.id(),
              List.of(
                  new AuditEntry(
                      "note",
                      "A note was synced to " + connectors.title(target.system()),
                      details)));
        });
  }
}
