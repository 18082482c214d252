package dev.lockstep.duplicates;

import dev.lockstep.apply.NoteSender;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * What a duplicate is told: why it was consolidated, for those who work on it, and what is said to
 * the public on its primary, for its caller. Each once; nothing else of the primary ever.
 */
class Voice {
  /** What a ServiceNow journal field holds by default, the shortest of the systems known. */
  private static final int LONGEST = 4000;

  /** A system that copies a comment by itself does so at once, but dates it by its own clock. */
  private static final Duration SAME_MOMENT = Duration.ofSeconds(5);

  private final NoteStore notes;
  private final NoteSender sender;
  private final Clock clock;

  Voice(NoteStore notes, NoteSender sender, Clock clock) {
    this.notes = notes;
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Keeps a note to be told; in the caller's transaction.
   *
   * @param name unlike any other note's of this duplicate
   */
  void owe(Duplicate duplicate, String name, Visibility visibility, String text) {
    RecordRef voice = duplicate.voice();
    String mark = NoteText.mark(voice, name);
    var note = new WorkNote(name, "Lockstep", clock.instant(), text, visibility);
    notes.say(voice, note, visibility, NoteText.own(text, mark, LONGEST), mark);
  }

  /** Owes what the primary's public was told since the duplicate was opened. */
  void oweComments(Duplicate duplicate, RecordRef primary, RecordRef own, Instant openedAt) {
    for (WorkNote comment : notes.publicSince(primary, openedAt)) {
      String name = "comment:" + comment.id();
      if (isThere(own, comment)) {
        notes.pass(duplicate.voice(), name, comment);
      } else {
        owe(duplicate, name, Visibility.PUBLIC, NoteText.unmarked(comment.text()));
      }
    }
  }

  /** Some systems can be set up to copy comments from parent to child by themselves. */
  private boolean isThere(RecordRef own, WorkNote comment) {
    String text = NoteText.unmarked(comment.text());
    return notes.publicSince(own, comment.createdAt().minus(SAME_MOMENT)).stream()
        .anyMatch(
            there -> NoteText.markIn(there.text()).isEmpty() && there.text().strip().equals(text));
  }

  /** Sends what is owed, in the order it came up. */
  void speak(Duplicate duplicate, RecordRef target) {
    for (StoredNote note : notes.open(duplicate.voice())) {
      sender.send(note, target, id -> notes.carried(note, target, id));
    }
  }
}
