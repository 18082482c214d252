package dev.lockstep.trace.timeline;

import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Each note once, where it was written; not the copies that Lockstep sent to other records. */
@Component
@Order(3)
class NoteEvents implements TimelineSource {
  private final NoteStore notes;

  NoteEvents(NoteStore notes) {
    this.notes = notes;
  }

  @Override
  public List<TimelineEvent> events(TimelineScope about) {
    return notes.all(about.refs()).stream()
        .filter(note -> note.state() != StoredNote.State.ECHO)
        .map(note -> event(about, note))
        .toList();
  }

  private static TimelineEvent event(TimelineScope about, StoredNote stored) {
    WorkNote note = stored.note();
    String text = PlainText.normalize(NoteMark.removeFrom(note.text()));
    String key = about.key(stored.record());
    TimelineEvent event =
        stored.own()
            ? TimelineEvent.own(note.createdAt(), key, "note", text, "").withWeight(Weight.DETAIL)
            : TimelineEvent.of(
                stored.record().system(), note.createdAt(), key, "note", text, note.author());
    return event.forOperators(note.visibility() == Visibility.INTERNAL);
  }
}
