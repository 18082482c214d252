package dev.lockstep.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an event tells notes.
 *
 * @param list null: the event tells one note; else the other paths start at an element. Something
 *     else than a list there says: there are notes, fetch them.
 * @param visibilityFrom null: every note is {@code visibility}
 * @param table what {@code visibilityFrom} holds to visibility; anything else is no note
 * @param keepTrimmed take a text that was cut short, since the whole one can't be had
 * @param timeFormat in UTC; null: ISO 8601
 */
record NotePaths(
    @Nullable JsonPath list,
    JsonPath id,
    JsonPath text,
    @Nullable JsonPath author,
    JsonPath createdAt,
    @Nullable Visibility visibility,
    @Nullable JsonPath visibilityFrom,
    Map<String, Visibility> table,
    @Nullable JsonPath trimmed,
    boolean keepTrimmed,
    @Nullable DateTimeFormatter timeFormat) {

  /**
   * @param incomplete some note is known of but not told, it must be fetched
   */
  record ExtractedNotes(List<WorkNote> notes, boolean incomplete) {}

  /**
   * The notes of an event, oldest first.
   *
   * @throws WebhookParseException when its only note can't be read; in a list, the others are taken
   *     and the bad one is left to be fetched
   */
  ExtractedNotes extract(JsonNode event) {
    if (list == null) {
      return extractNote(event);
    }
    JsonNode entries = list.find(event);
    if (!entries.isArray()) {
      return new ExtractedNotes(List.of(), !entries.isMissingNode() && !entries.isNull());
    }
    List<WorkNote> notes = new ArrayList<>();
    boolean incomplete = false;
    for (JsonNode entry : entries) {
      try {
        ExtractedNotes told = extractNote(entry);
        notes.addAll(told.notes);
        incomplete |= told.incomplete;
      } catch (WebhookParseException unreadable) {
        incomplete = true;
      }
    }
    notes.sort(Comparator.comparing(WorkNote::createdAt));
    return new ExtractedNotes(List.copyOf(notes), incomplete);
  }

  private ExtractedNotes extractNote(JsonNode note) {
    Optional<Visibility> readers = visibilityOf(note);
    if (readers.isEmpty()) {
      return new ExtractedNotes(List.of(), false);
    }
    if (!keepTrimmed && trimmed != null && trimmed.find(note).asBoolean()) {
      return new ExtractedNotes(List.of(), true);
    }
    String noteId = id.findText(note).orElseThrow(() -> missing(id));
    Instant created =
        time(createdAt, createdAt.findText(note).orElseThrow(() -> missing(createdAt)));
    JsonNode words = text.find(note);
    if (!words.isTextual()) {
      throw missing(text);
    }
    if (words.asText().isBlank()) {
      return new ExtractedNotes(List.of(), false);
    }
    String by = author == null ? "" : author.findText(note).orElse("");
    return new ExtractedNotes(
        List.of(new WorkNote(noteId, by, created, words.asText(), readers.get())), false);
  }

  private Optional<Visibility> visibilityOf(JsonNode note) {
    return visibilityFrom == null
        ? Optional.ofNullable(visibility)
        : visibilityFrom.findText(note).map(table::get);
  }

  private Instant time(JsonPath path, String value) {
    try {
      return timeFormat == null
          ? isoTime(value)
          : LocalDateTime.parse(value, timeFormat).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new WebhookParseException("the note's " + path + " is no time");
    }
  }

  /** With any offset, with or without fractions. */
  static Instant isoTime(String value) {
    return OffsetDateTime.parse(value).toInstant();
  }

  private static WebhookParseException missing(JsonPath path) {
    return new WebhookParseException("the note's " + path + " is missing");
  }
}
