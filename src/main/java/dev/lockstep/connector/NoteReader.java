package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.NoteDefinition.NoteVisibility;
import dev.lockstep.connector.definition.NoteDefinition.Notes;
import dev.lockstep.connector.definition.TimeFormat;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Reads journal entries as {@code connector.yaml} declares. */
record NoteReader(KindDefinition kind, Notes declared, TimeFormat times) {

  /** Empty for an entry that is not a note. */
  Optional<WorkNote> read(JsonNode entry) {
    return read(entry, id -> JsonPath.find(entry, declared.text().path()));
  }

  /**
   * @param text of the note with this id, as the system shows it
   */
  Optional<WorkNote> read(JsonNode entry, Function<String, JsonNode> text) {
    String id = JsonPath.text(entry, declared.id());
    return visibility(entry)
        .map(
            visibility ->
                new WorkNote(
                    id,
                    author(entry),
                    times.parse(JsonPath.text(entry, declared.createdAt())),
                    TextConverter.readNote(kind, declared, text.apply(id)),
                    visibility));
  }

  private String author(JsonNode entry) {
    return declared.author().isEmpty()
        ? ""
        : PlainText.oneLine(JsonPath.text(entry, declared.author()));
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
