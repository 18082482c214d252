package dev.lockstep.postmortem.actionitem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The native JSON of action items, which {@code mappings/} maps. */
class ActionItemJson {
  private final ObjectMapper json;

  ActionItemJson(ObjectMapper json) {
    this.json = json;
  }

  JsonNode parse(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a JSON record: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * @param ticket the issue it is followed up in
   */
  static SourceItem toSourceItem(JsonNode fields, String ticket) {
    return new SourceItem(
        null,
        0,
        fields.path("title").asText(""),
        fields.path("description").asText(""),
        textOrNull(fields, "owner"),
        date(fields.path("due").asText("")),
        textOrNull(fields, "priority"),
        Set.of(),
        ticket,
        fields.path("done").asBoolean(false),
        List.of());
  }

  /** The item with the values of a body; values that it does not contain are kept. */
  static ActionItem withFields(ActionItem item, JsonNode fields) {
    ActionItemBuilder edit = item.edit();
    ifPresent(fields, "title", edit::title);
    ifPresent(fields, "owner", edit::owner);
    ifPresent(fields, "group", edit::group);
    ifPresent(fields, "due", due -> edit.due(date(due)));
    return edit.done();
  }

  static ChangeRequestState withFields(ChangeRequestState change, JsonNode fields) {
    return new ChangeRequestState(
        change.key(),
        fields.path("state").asText(change.state()),
        fields.path("closeCode").asText(change.closeCode()),
        fields.path("by").asText(change.by()),
        fields.path("start").asText(change.start()),
        fields.path("end").asText(change.end()),
        change.gone());
  }

  private static void ifPresent(JsonNode fields, String field, Consumer<String> set) {
    if (fields.has(field)) {
      set.accept(fields.path(field).asText(""));
    }
  }

  private static @Nullable LocalDate date(String text) {
    try {
      return text.isBlank() ? null : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("Not a date: " + text, e);
    }
  }

  private static @Nullable String textOrNull(JsonNode fields, String field) {
    String text = fields.path(field).asText("");
    return text.isBlank() ? null : text;
  }

  /**
   * The record of one of an item's change requests.
   *
   * @param counterparts the records it is kept in sync with, separated by blanks
   */
  ObjectNode toJson(
      ActionItem item, LocalRecordId localId, String counterparts, ItemOrigin origin) {
    ActionItem shown = item.forAttempt(localId.attempt());
    ChangeRequestState change = shown.change();
    ObjectNode record =
        json.createObjectNode()
            .put("id", localId.ref().id())
            .put("key", item.key())
            .put("url", origin.url())
            .put("revision", item.revision())
            .put("createdAt", item.createdAt().toString())
            .put("changedAt", item.changedAt().toString())
            .put("counterpart", counterparts)
            .put("title", shown.title())
            .put("description", description(shown, origin))
            .put("owner", shown.owner())
            .put("due", Objects.toString(shown.due(), ""))
            .put("service", shown.service())
            .put("group", shown.group())
            .put("type", shown.type())
            .put("priority", Objects.toString(item.sourceItem().priority(), ""))
            .put("stage", shown.stage().slug())
            .put("incident", origin.incidentKey())
            .put("ticket", Objects.toString(item.sourceItem().ticket(), ""));
    record.set(
        "change",
        json.createObjectNode()
            .put("state", change.state())
            .put("closeCode", change.closeCode())
            .put("by", change.by())
            .put("start", change.start())
            .put("end", change.end()));
    record.set("item", wholeItem(item, origin));
    record.set("incidents", json.valueToTree(origin.incidents()));
    return record;
  }

  /** The item itself, whichever of its change requests a record stands for. */
  private ObjectNode wholeItem(ActionItem item, ItemOrigin origin) {
    return json.createObjectNode()
        .put("title", item.title())
        .put("description", description(item, origin))
        .put("owner", item.owner())
        .put("due", Objects.toString(item.due(), ""))
        .put("progress", progress(item))
        .put("status", item.hasChange() || !item.earlier().isEmpty() ? item.statusText() : "");
  }

  /** What is to be done, and where the reason is documented. */
  private static String description(ActionItem item, ItemOrigin origin) {
    String ticket = item.sourceItem().ticket();
    return (item.description()
            + "\n\nAction item "
            + item.key()
            + (origin.incidentKey().isEmpty() ? "" : " of " + origin.incidentKey())
            + (ticket == null ? "" : ", followed up in " + ticket)
            + (origin.url().isEmpty() ? "." : ": " + origin.url())
            + predecessor(item))
        .strip();
  }

  private static String predecessor(ActionItem item) {
    if (item.earlier().isEmpty()) {
      return "";
    }
    EarlierChange before = item.earlier().get(item.earlier().size() - 1);
    return "\nIt was reopened: %s%s"
        .formatted(
            before.change().statusText(), before.url().isEmpty() ? "." : ": " + before.url());
  }

  /**
   * The progress shown on the followed-up issue; empty until a change request exists, so that the
   * status of an issue in progress is kept.
   */
  private static String progress(ActionItem item) {
    return switch (item.stage()) {
      case DEPLOYED, DONE -> "done";
      case CANCELLED -> "cancelled";
      case IN_CHANGE -> "in-progress";
      case REOPENED -> "open";
      case NEEDS_OWNER, NEEDS_DUE_DATE, NEEDS_STATUS, READY -> "";
    };
  }
}
