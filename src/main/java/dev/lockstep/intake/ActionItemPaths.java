package dev.lockstep.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an event tells an action item.
 *
 * @param done null: {@code alwaysDone} says it of every such event
 * @param doneValues what {@code done} holds when it is done
 */
record ActionItemPaths(
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

  /** Where the owner is told; null: that is not. */
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
   * @throws WebhookParseException when what every action item has is missing
   */
  ReportedActionItem extract(
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

  /** Of a time its day as written: that is the day its author meant. */
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
      // Said below.
    }
    throw new WebhookParseException("the action item's " + path + " is no date");
  }

  private static String required(JsonPath path, JsonNode event) {
    return path.findText(event)
        .orElseThrow(() -> new WebhookParseException("the action item's " + path + " is missing"));
  }

  private static String text(@Nullable JsonPath path, JsonNode event) {
    return path == null ? "" : path.findText(event).orElse("");
  }
}
