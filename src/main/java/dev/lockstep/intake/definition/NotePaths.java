package dev.lockstep.intake.definition;

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
 * Paths of the notes in an event.
 *
 * @param list null: the event holds one note; otherwise the other paths are relative to a list
 *     element. A value that is not a list means that there are notes to fetch.
 * @param visibilityFrom null: every note is {@code visibility}
 * @param table value of {@code visibilityFrom} to visibility; entries with other values are not
 *     notes
 * @param keepTrimmed accept a truncated text, because the full one cannot be fetched
 * @param timeFormat in UTC; null: ISO 8601
 */
public record NotePaths(
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
   * @param incomplete the event refers to a note it does not contain in full: notes must be fetched
   */
  public record ExtractedNotes(List<WorkNote> notes, boolean incomplete) {}

  /**
   * The notes of an event, oldest first.
   *
   * @throws WebhookParseException when its only note is invalid; in a list, the valid notes are
   *     returned and the result is incomplete
   */
  public ExtractedNotes extract(JsonNode event) {
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
        ExtractedNotes extracted = extractNote(entry);
        notes.addAll(extracted.notes);
        incomplete |= extracted.incomplete;
      } catch (WebhookParseException unreadable) {
        incomplete = true;
      }
    }
    notes.sort(Comparator.comparing(WorkNote::createdAt));
    return new ExtractedNotes(List.copyOf(notes), incomplete);
  }

  private ExtractedNotes extractNote(JsonNode note) {
    Optional<Visibility> noteVisibility = visibilityOf(note);
    if (noteVisibility.isEmpty()) {
      return new ExtractedNotes(List.of(), false);
    }
    if (!keepTrimmed && trimmed != null && trimmed.find(note).asBoolean()) {
      return new ExtractedNotes(List.of(), true);
    }
    String noteId = id.findText(note).orElseThrow(() -> missing(id));
    Instant created =
        time(createdAt, createdAt.findText(note).orElseThrow(() -> missing(createdAt)));
    JsonNode textNode = text.find(note);
    if (!textNode.isTextual()) {
      throw missing(text);
    }
    if (textNode.asText().isBlank()) {
      return new ExtractedNotes(List.of(), false);
    }
    String by = author == null ? "" : author.findText(note).orElse("");
    return new ExtractedNotes(
        List.of(new WorkNote(noteId, by, created, textNode.asText(), noteVisibility.get())), false);
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
      throw new WebhookParseException("the note's " + path + " is not a time");
    }
  }

  /** Accepts any offset, with or without fractional seconds. */
  public static Instant isoTime(String value) {
    return OffsetDateTime.parse(value).toInstant();
  }

  private static WebhookParseException missing(JsonPath path) {
    return new WebhookParseException("the note's " + path + " is missing");
  }
}
