package dev.lockstep.duplicates.follow;

import dev.lockstep.apply.NoteSender;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.Rejected;
import dev.lockstep.connector.RetryLater;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteText;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a duplicate is told: why it was consolidated, for those who work on it, and what is said to
 * the public on its primary, for its caller. Each once; nothing else of the primary ever.
 */
class Voice {
  /** A system that copies a comment by itself does so at once, but dates it by its own clock. */
  private static final Duration SAME_MOMENT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Voice.class);

  private final Connectors connectors;
  private final NoteStore notes;
  private final NoteSender sender;
  private final Clock clock;
  private final Duration copiedWithin;

  /**
   * Which systems were seen to copy comments from parent to child by themselves. One of which that
   * is not known is asked before a child is told; one that does not is not asked again.
   */
  private final Map<String, Boolean> copies = new ConcurrentHashMap<>();

  /** When a comment that is not there yet was first looked for. */
  private final Map<String, Instant> firstLooked = new ConcurrentHashMap<>();

  /**
   * @param copiedWithin for how long a comment is looked for before Lockstep copies it
   */
  Voice(
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

  /** Owes what the primary's public was told since the duplicate was opened. */
  void oweComments(Duplicate duplicate, RecordRef primary, RecordRef own, Instant openedAt) {
    Set<String> known = notes.names(duplicate.voice());
    for (WorkNote comment : notes.publicSince(primary, openedAt)) {
      String name = "comment:" + comment.id();
      if (!known.contains(name)) {
        oweComment(duplicate, name, comment, own);
      }
    }
  }

  private void oweComment(Duplicate duplicate, String name, WorkNote comment, RecordRef own) {
    boolean looked = copies.getOrDefault(own.system(), true) && list(own);
    boolean there = isThere(own, comment);
    if (looked && !there) {
      requireSettled(duplicate, name);
    }
    firstLooked.remove(duplicate.voice() + name);
    if (looked || there) {
      copies.put(own.system(), there);
    }
    if (there) {
      notes.pass(duplicate.voice(), name, comment);
    } else {
      owe(duplicate, name, Visibility.PUBLIC, NoteMark.removedFrom(comment.text()));
    }
  }

  /** Whether the system lists notes; one that refuses is taken for one that copies none. */
  private boolean list(RecordRef own) {
    try {
      notes.keep(own, connectors.notes(own), true);
      return true;
    } catch (Rejected e) {
      LOG.warn("The notes of {} cannot be read: {}", own, e.getMessage());
      return false;
    }
  }

  /** A system may copy the comment a moment later, in a job of its own. */
  private void requireSettled(Duplicate duplicate, String name) {
    Instant now = clock.instant();
    Instant first = firstLooked.computeIfAbsent(duplicate.voice() + name, key -> now);
    if (now.isBefore(first.plus(copiedWithin))) {
      throw new RetryLater(
          Duration.between(now, first.plus(copiedWithin)),
          "its system may be about to copy a comment to " + duplicate.duplicate());
    }
  }

  private boolean isThere(RecordRef own, WorkNote comment) {
    Set<String> marks = NoteMark.in(comment.text());
    String text = NoteMark.removedFrom(comment.text());
    return notes.publicSince(own, comment.createdAt().minus(SAME_MOMENT)).stream()
        .anyMatch(
            there ->
                // A mark that is not the comment's is of a note Lockstep wrote there itself.
                marks.containsAll(NoteMark.in(there.text()))
                    && NoteText.isSame(text, NoteMark.removedFrom(there.text())));
  }

  /** Sends what is owed, in the order it came up. */
  void speak(Duplicate duplicate, RecordRef target) {
    for (StoredNote note : notes.open(duplicate.voice())) {
      try {
        sender.send(note, target, id -> notes.carried(note, target, id));
      } catch (Rejected e) {
        sender.refuse(note, e);
      }
    }
  }
}
