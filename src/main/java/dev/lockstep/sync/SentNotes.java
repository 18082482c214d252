package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.util.List;
import org.springframework.stereotype.Component;

/** Recognizes notes that Lockstep wrote, as their systems render them. */
@Component
class SentNotes {
  private final Connectors connectors;
  private final DeliveryStore deliveries;

  SentNotes(Connectors connectors, DeliveryStore deliveries) {
    this.connectors = connectors;
    this.deliveries = deliveries;
  }

  /**
   * Whether a text on a record is Lockstep's. Only if the entire text is: users quote notes in
   * their replies, including the mark.
   */
  boolean isOwn(RecordRef on, String text) {
    return deliveries.findSentLike(on, text).stream().anyMatch(sent -> isSame(sent, on, text));
  }

  /** Whether a text on that record is the complete text of a sent note. */
  boolean isSame(Delivery sent, RecordRef on, String text) {
    return NoteFormat.isSame(sent.text(), text)
        || NoteFormat.isSame(connectors.shown(on, sent.text()), text);
  }

  /** Whether a note sent to a record is among those its system lists. */
  boolean isListed(List<WorkNote> listed, RecordRef on, Delivery sent) {
    return listed.stream()
        .anyMatch(other -> other.id().equals(sent.sentId()) || isSame(sent, on, other.text()));
  }
}
