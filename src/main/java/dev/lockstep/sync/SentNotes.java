package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Recognizes notes that Lockstep wrote, as their systems render them. */
@Component
class SentNotes {
  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final DeliveryStore deliveries;
  private final NoteStore notes;

  SentNotes(
      Connectors connectors, MappingCatalog mappings, DeliveryStore deliveries, NoteStore notes) {
    this.connectors = connectors;
    this.mappings = mappings;
    this.deliveries = deliveries;
    this.notes = notes;
  }

  /**
   * Whether a text on a record is Lockstep's. Only if the entire text is: users quote notes in
   * their replies, including the mark.
   */
  boolean isOwn(RecordRef on, String text) {
    return isOfAField(on, text)
        || (isTextOnly(on)
            ? isUnaccounted(on, text)
            : deliveries.findSentLike(on, text).stream().anyMatch(sent -> isSame(sent, on, text)));
  }

  /** Whether notes on that record are written without a mark. */
  boolean isTextOnly(RecordRef on) {
    return connectors.addsTextOnly(on.system(), on.kind());
  }

  /** Without a mark, each delivery accounts for one note of the same text. */
  private boolean isUnaccounted(RecordRef on, String text) {
    List<Delivery> same =
        deliveries.attemptedTo(on).stream().filter(other -> isSame(other, on, text)).toList();
    Set<String> ids = same.stream().map(Delivery::sentId).collect(Collectors.toSet());
    return !same.isEmpty()
        && same.size()
            > notes.echoes(on).entrySet().stream()
                .filter(
                    echo -> ids.contains(echo.getKey()) || NoteFormat.isSame(echo.getValue(), text))
                .count();
  }

  /** Whether it was written with a field of the record, by a text of a mapping. */
  private boolean isOfAField(RecordRef on, String text) {
    String field = connectors.noteField(on.system(), on.kind());
    return !field.isEmpty()
        && mappings.forRecord(on.system(), on.kind()).stream()
            .anyMatch(place -> place.mapping().writesText(place.side(), field, text));
  }

  /** Whether a text on that record is the complete text of a sent note. */
  boolean isSame(Delivery sent, RecordRef on, String text) {
    return isSame(sent.text(), on, text);
  }

  /** Whether a record shows this text, which was written on it, in that form. */
  boolean isSame(String text, RecordRef on, String shown) {
    return NoteFormat.isSame(text, shown) || NoteFormat.isSame(connectors.shown(on, text), shown);
  }

  /** Whether a note sent to a record is among those its system lists. */
  boolean isListed(List<WorkNote> listed, RecordRef on, Delivery sent) {
    return listed.stream()
        .anyMatch(other -> other.id().equals(sent.sentId()) || isSame(sent, on, other.text()));
  }

  /**
   * The listed notes that may be this one, which was sent without a mark: those with its text that
   * no other delivery accounts for.
   */
  List<WorkNote> candidates(List<WorkNote> listed, Delivery sent) {
    RecordRef on = sent.target();
    long others =
        deliveries.sentTo(on).stream().filter(other -> isSame(other, on, sent.text())).count();
    return listed.stream().filter(note -> isSame(sent, on, note.text())).skip(others).toList();
  }
}
