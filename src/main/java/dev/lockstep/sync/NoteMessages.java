package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.pair.DeliveryStore.Message;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.springframework.stereotype.Component;

/** The texts of notes as they are sent, each with a mark of its own. */
@Component
class NoteMessages {
  private final Connectors connectors;
  private final RandomGenerator random = new SecureRandom();

  NoteMessages(Connectors connectors) {
    this.connectors = connectors;
  }

  /** A note written by Lockstep. */
  Message own(RecordRef target, Visibility visibility, String text) {
    String mark = newMark();
    return new Message(
        target,
        visibility,
        isTextOnly(target)
            ? NoteFormat.formatTextOnly(text, NoteSender.LONGEST)
            : NoteFormat.formatOwn(text, mark, NoteSender.LONGEST),
        mark);
  }

  /**
   * A note of a user.
   *
   * @param sourceKey display key of the record it was written on
   */
  Message synced(WorkNote note, String sourceKey, RecordRef target, Visibility as) {
    return synced(note, sourceKey, target, as, newMark());
  }

  /** The same with a known mark. */
  Message synced(WorkNote note, String sourceKey, RecordRef target, Visibility as, String mark) {
    return new Message(
        target,
        as,
        isTextOnly(target)
            ? NoteFormat.formatTextOnly(note.text(), NoteSender.LONGEST)
            : NoteFormat.formatSynced(note, sourceKey, mark, NoteSender.LONGEST),
        mark);
  }

  private boolean isTextOnly(RecordRef target) {
    return connectors.addsTextOnly(target.system(), target.kind());
  }

  String newMark() {
    return NoteMark.random(random);
  }
}
