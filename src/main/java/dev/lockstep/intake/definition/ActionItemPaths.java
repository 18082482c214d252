package dev.lockstep.intake.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.intake.ReportedActionItem;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Paths of an action item's fields in an event.
 *
 * @param done null: {@code alwaysDone} applies to every such event
 * @param doneValues values of {@code done} that mean the item is done
 */
public record ActionItemPaths(
    JsonPath id,
    JsonPath incident,
    JsonPath title,
    @Nullable JsonPath description,
    @Nullable OwnerPaths owner,
    @Nullable JsonPath due,
    @Nullable JsonPath done,
    Set<String> doneValues,
    boolean alwaysDone) {
  private static final Pattern DATE = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(T.*)?");

  /** Paths of the owner's fields; a null path: the system does not report that field. */
  record OwnerPaths(
      String reference, @Nullable JsonPath id, @Nullable JsonPath email, @Nullable JsonPath name) {

    ReportedActionItem.@Nullable Owner extract(JsonNode event) {
      String id = text(id(), event);
      String email = text(email(), event);
      String name = text(name(), event);
      return id.isEmpty() && email.isEmpty() && name.isEmpty()
          ? null
          : new ReportedActionItem.Owner(reference, id, email, name);
    }
  }

  /**
   * @throws WebhookParseException when a required field is missing or the due date is invalid
   */
  public ReportedActionItem extract(
      String system, String kind, String deliveryId, Instant occurredAt, JsonNode event) {
    return new ReportedActionItem(
        system,
        required(id, event),
        new RecordRef(system, kind, required(incident, event)),
        required(title, event),
        text(description, event),
        owner == null ? null : owner.extract(event),
        due == null ? null : day(due, event),
        done == null ? alwaysDone : done.findText(event).filter(doneValues::contains).isPresent(),
        occurredAt,
        deliveryId);
  }

  /** A timestamp is reduced to its day as written, in the author's time zone. */
  private static @Nullable LocalDate day(JsonPath path, JsonNode event) {
    String text = text(path, event);
    if (text.isEmpty()) {
      return null;
    }
    var date = DATE.matcher(text);
    try {
      if (date.matches()) {
        return LocalDate.parse(date.group(1));
      }
    } catch (DateTimeParseException noSuchDay) {
      // Reported below.
    }
    throw new WebhookParseException("the action item's " + path + " is not a date");
  }

  private static String required(JsonPath path, JsonNode event) {
    return path.findText(event)
        .orElseThrow(() -> new WebhookParseException("the action item's " + path + " is missing"));
  }

  private static String text(@Nullable JsonPath path, JsonNode event) {
    return path == null ? "" : path.findText(event).orElse("");
  }
}
