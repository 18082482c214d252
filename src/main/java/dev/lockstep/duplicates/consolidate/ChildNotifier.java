package dev.lockstep.duplicates.consolidate;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.NoteSender;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Notifies a child: an internal note says why it was linked or unlinked, and the primary's public
 * comments are copied for its caller, each exactly once. Nothing else of the primary is copied.
 */
@Component
class ChildNotifier {
  /** A system that copies a comment on its own dates the copy by its own clock. */
  private static final Duration SAME_MOMENT = Duration.ofSeconds(5);

  private static final String COMMENT = "comment:";

  private static final Logger LOG = LoggerFactory.getLogger(ChildNotifier.class);

  private final Connectors connectors;
  private final NoteStore notes;
  private final NoteSender sender;
  private final Clock clock;
  private final Duration copiedWithin;

  /** When a comment that is not copied yet was first checked. */
  private final Map<String, Instant> firstCheckedAt = new ConcurrentHashMap<>();

  /**
   * @param copiedWithin how long to wait for the system's own copy before Lockstep copies a comment
   */
  ChildNotifier(
      Connectors connectors,
      NoteStore notes,
      NoteSender sender,
      Clock clock,
      ConsolidateSettings settings) {
    this.connectors = connectors;
    this.notes = notes;
    this.sender = sender;
    this.clock = clock;
    this.copiedWithin = settings.copiedWithin();
  }

  /**
   * Enqueues a note to the duplicate, in the caller's transaction.
   *
   * @param name unique among the notes of this duplicate
   */
  void enqueue(Duplicate duplicate, String name, Visibility visibility, String text) {
    sender.enqueue(duplicate.noteSource(), name, visibility, text);
  }

  /** Renames the source of pending notes with the ticket. */
  void rename(RecordRef ticket, RecordRef name) {
    sender.rename(Duplicate.noteSourceOf(ticket), Duplicate.noteSourceOf(name));
  }

  /**
   * Enqueues the primary's public comments since the duplicate was opened. Its system may copy any
   * of them on its own, late and in any order, so each is checked first.
   */
  void enqueueComments(Duplicate duplicate, RecordRef primary, RecordRef own, Instant openedAt) {
    Set<String> known = notes.ids(duplicate.noteSource());
    List<WorkNote> fresh =
        notes.publicSince(primary, openedAt).stream()
            .filter(comment -> !known.contains(name(comment)))
            .toList();
    if (fresh.isEmpty()) {
      return;
    }
    if (storeNotes(own)) {
      Instant now = clock.instant();
      // All start now, so that several comments wait no longer than one.
      fresh.forEach(comment -> firstCheckedAt.putIfAbsent(key(duplicate, comment), now));
    }
    fresh.forEach(comment -> enqueueComment(duplicate, comment, own));
  }

  private void enqueueComment(Duplicate duplicate, WorkNote comment, RecordRef own) {
    boolean there = isCopied(own, comment);
    if (!there) {
      requireSettled(duplicate, comment);
    }
    firstCheckedAt.remove(key(duplicate, comment));
    if (there) {
      notes.insertOwn(
          duplicate.noteSource(),
          new WorkNote(
              name(comment),
              comment.author(),
              comment.createdAt(),
              comment.text(),
              comment.visibility()),
          StoredNote.State.SETTLED);
    } else {
      enqueue(duplicate, name(comment), Visibility.PUBLIC, NoteMark.removeFrom(comment.text()));
    }
  }

  private static String name(WorkNote comment) {
    return COMMENT + comment.id();
  }

  private static String key(Duplicate duplicate, WorkNote comment) {
    return duplicate.noteSource() + name(comment);
  }

  /**
   * Stores the record's notes. A system that does not list comments is assumed to copy none.
   *
   * @return whether the notes could be listed
   */
  private boolean storeNotes(RecordRef own) {
    if (!connectors.showsNotes(own, Visibility.PUBLIC)) {
      return false;
    }
    try {
      notes.insertNew(own, connectors.notes(own), true);
      return true;
    } catch (RequestRejectedException e) {
      LOG.warn("The notes of {} cannot be read: {}", own, e.getMessage());
      return false;
    }
  }

  /**
   * A system may copy the comment asynchronously, a moment later.
   *
   * @throws RetryLaterException until {@code copiedWithin} has passed
   */
  private void requireSettled(Duplicate duplicate, WorkNote comment) {
    Instant now = clock.instant();
    Instant first = firstCheckedAt.get(key(duplicate, comment));
    if (first != null && now.isBefore(first.plus(copiedWithin))) {
      throw new RetryLaterException(
          Duration.between(now, first.plus(copiedWithin)),
          "the system may still copy a comment by itself to " + duplicate.duplicate());
    }
  }

  private boolean isCopied(RecordRef own, WorkNote comment) {
    Set<String> marks = NoteMark.findAll(comment.text());
    String text = NoteMark.removeFrom(comment.text());
    return notes.publicSince(own, comment.createdAt().minus(SAME_MOMENT)).stream()
        .anyMatch(
            there ->
                // A note with a mark that the comment lacks was written by Lockstep itself.
                marks.containsAll(NoteMark.findAll(there.text()))
                    && NoteFormat.isSame(text, NoteMark.removeFrom(there.text())));
  }

  /**
   * Sends pending notes in the order they were enqueued, without comments that became internal.
   *
   * @param primary the record with the comments; null if there is none
   */
  void sendPending(Duplicate duplicate, @Nullable RecordRef primary, RecordRef target) {
    if (primary != null) {
      notes.settleInternal(duplicate.noteSource(), COMMENT, primary);
    }
    for (StoredNote note : notes.open(List.of(duplicate.noteSource()))) {
      try {
        sender.send(note, target, sender.settle(note, target));
      } catch (RequestRejectedException e) {
        sender.refuse(note, target, e);
      }
    }
  }
}
