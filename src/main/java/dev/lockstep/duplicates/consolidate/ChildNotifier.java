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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a duplicate is told: why it was consolidated, for those who work on it, and what is said to
 * the public on its primary, for its caller. Each once; nothing else of the primary ever.
 */
class ChildNotifier {
  /** A system that copies a comment by itself does so at once, but dates it by its own clock. */
  private static final Duration SAME_MOMENT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ChildNotifier.class);

  private final Connectors connectors;
  private final NoteStore notes;
  private final NoteSender sender;
  private final Clock clock;
  private final Duration copiedWithin;

  /** When a comment that is not there yet was first looked for. */
  private final Map<String, Instant> firstLooked = new ConcurrentHashMap<>();

  /**
   * @param copiedWithin for how long a comment is looked for before Lockstep copies it
   */
  ChildNotifier(
      Connectors connectors,
      NoteStore notes,
      NoteSender sender,
      Clock clock,
      Duration copiedWithin) {
    this.connectors = connectors;
    this.notes = notes;
    this.sender = sender;
    this.clock = clock;
    this.copiedWithin = copiedWithin;
  }

  /**
   * Keeps a note to be told; in the caller's transaction.
   *
   * @param name unlike any other note's of this duplicate
   */
  void owe(Duplicate duplicate, String name, Visibility visibility, String text) {
    sender.enqueue(duplicate.voice(), name, visibility, text);
  }

  /** The ticket goes on under another name, and what it is owed with it. */
  void rename(RecordRef ticket, RecordRef name) {
    sender.rename(Duplicate.voiceTo(ticket), Duplicate.voiceTo(name));
  }

  /**
   * Owes what the primary's public was told since the duplicate was opened. Its system may copy any
   * of these comments by itself, however late it was with an earlier one: each is looked for first.
   */
  void oweComments(Duplicate duplicate, RecordRef primary, RecordRef own, Instant openedAt) {
    Set<String> known = notes.ids(duplicate.voice());
    List<WorkNote> fresh =
        notes.publicSince(primary, openedAt).stream()
            .filter(comment -> !known.contains(name(comment)))
            .toList();
    if (fresh.isEmpty()) {
      return;
    }
    if (list(own)) {
      Instant now = clock.instant();
      // At the same time, so that several comments wait no longer than one.
      fresh.forEach(comment -> firstLooked.putIfAbsent(key(duplicate, comment), now));
    }
    fresh.forEach(comment -> oweComment(duplicate, comment, own));
  }

  private void oweComment(Duplicate duplicate, WorkNote comment, RecordRef own) {
    boolean there = isThere(own, comment);
    if (!there) {
      requireSettled(duplicate, comment);
    }
    firstLooked.remove(key(duplicate, comment));
    if (there) {
      notes.skip(duplicate.voice(), name(comment), comment);
    } else {
      owe(duplicate, name(comment), Visibility.PUBLIC, NoteMark.removeFrom(comment.text()));
    }
  }

  private static String name(WorkNote comment) {
    return "comment:" + comment.id();
  }

  private static String key(Duplicate duplicate, WorkNote comment) {
    return duplicate.voice() + name(comment);
  }

  /** Whether the system lists comments; one that does not is taken for one that copies none. */
  private boolean list(RecordRef own) {
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

  /** A system may copy the comment a moment later, in a job of its own. */
  private void requireSettled(Duplicate duplicate, WorkNote comment) {
    Instant now = clock.instant();
    Instant first = firstLooked.get(key(duplicate, comment));
    if (first != null && now.isBefore(first.plus(copiedWithin))) {
      throw new RetryLaterException(
          Duration.between(now, first.plus(copiedWithin)),
          "its system may be about to copy a comment to " + duplicate.duplicate());
    }
  }

  private boolean isThere(RecordRef own, WorkNote comment) {
    Set<String> marks = NoteMark.findAll(comment.text());
    String text = NoteMark.removeFrom(comment.text());
    return notes.publicSince(own, comment.createdAt().minus(SAME_MOMENT)).stream()
        .anyMatch(
            there ->
                // A mark that is not the comment's is of a note Lockstep wrote there itself.
                marks.containsAll(NoteMark.findAll(there.text()))
                    && NoteFormat.isSame(text, NoteMark.removeFrom(there.text())));
  }

  /** Sends what is owed, in the order it came up. */
  void speak(Duplicate duplicate, RecordRef target) {
    for (StoredNote note : notes.open(duplicate.voice())) {
      try {
        sender.send(note, target, id -> notes.markSynced(note, target, id));
      } catch (RequestRejectedException e) {
        sender.refuse(note, e);
      }
    }
  }
}
