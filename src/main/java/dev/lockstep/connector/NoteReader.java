package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.NoteDefinition.NoteMarker;
import dev.lockstep.connector.definition.NoteDefinition.NoteVisibility;
import dev.lockstep.connector.definition.NoteDefinition.Notes;
import dev.lockstep.connector.definition.TimeFormat;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads journal entries as {@code connector.yaml} declares.
 *
 * @param authors names of authors that entries show by their ids
 */
record NoteReader(KindDefinition kind, Notes declared, TimeFormat times, Authors authors) {

  /** Looks up names. */
  interface Authors {
    /** Empty if the system does not know or does not say it. */
    Optional<String> nameOf(String reference, String id);
  }

  /** Empty for an entry that is not a note. */
  Optional<WorkNote> read(JsonNode entry) {
    return read(entry, id -> JsonPath.find(entry, declared.text().path()));
  }

  /**
   * @param text of the note with this id, as the system shows it
   */
  Optional<WorkNote> read(JsonNode entry, Function<String, JsonNode> text) {
    Visibility visibility = visibility(entry).orElse(null);
    if (visibility == null) {
      return Optional.empty();
    }
    String id = JsonPath.text(entry, declared.id());
    String plain = TextConverter.readNote(kind, declared, text.apply(id));
    // What Lockstep wrote proves that it was delivered, whatever else makes an entry a note.
    boolean own = NoteMark.ofWriter(plain).isPresent();
    if (!own && !isNote(entry)) {
      return Optional.empty();
    }
    return Optional.of(
        new WorkNote(
            id,
            author(entry, own),
            times.parse(JsonPath.text(entry, declared.createdAt())),
            plain,
            visibility));
  }

  private boolean isNote(JsonNode entry) {
    return declared.only().stream()
            .allMatch(condition -> condition.accepts(JsonPath.text(entry, condition.path())))
        && isMarked(entry);
  }

  private boolean isMarked(JsonNode entry) {
    NoteMarker marker = declared.marked();
    if (marker == null || marker.is().isEmpty()) {
      return true;
    }
    for (JsonNode mark : JsonPath.find(entry, marker.list())) {
      if (JsonPath.text(mark, marker.name()).equals(marker.is())) {
        return true;
      }
    }
    return false;
  }

  private String author(JsonNode entry, boolean own) {
    if (declared.author().path().isEmpty()) {
      return "";
    }
    String shown = PlainText.oneLine(JsonPath.text(entry, declared.author().path()));
    String reference = declared.author().reference();
    return reference.isEmpty() || own || shown.isEmpty()
        ? shown
        : authors.nameOf(reference, shown).map(PlainText::oneLine).orElse(shown);
  }

  private Optional<Visibility> visibility(JsonNode entry) {
    NoteVisibility how = declared.visibility();
    if (how.always() != null) {
      return Optional.of(Visibility.valueOf(how.always().toUpperCase(Locale.ROOT)));
    }
    String value = how.path() == null ? "" : JsonPath.text(entry, how.path());
    if (how.internal().contains(value)) {
      return Optional.of(Visibility.INTERNAL);
    }
    return how.shown().contains(value) ? Optional.of(Visibility.PUBLIC) : Optional.empty();
  }
}
