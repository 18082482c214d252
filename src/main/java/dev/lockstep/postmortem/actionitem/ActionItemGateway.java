package dev.lockstep.postmortem.actionitem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Exposes action items as a system of its own: the Kamelets of {@code connectors/lockstep} call
 * these methods, and pairs keep an item in sync with its change requests, and with the issue it is
 * followed up in, like any two records. An item has one local record for each ({@link
 * LocalRecordId} for change requests, the kind {@code follow-up} for the issue): a record can be in
 * one pair of each mapping only.
 *
 * <p>All responses are JSON. An empty response means that there is no such record.
 */
public class ActionItemGateway {
  private final ActionItemStore store;
  private final ActionItems items;
  private final ContextProvider surroundings;
  private final ObjectMapper json;
  private final Clock clock;

  /** Supplies the related data shown on an item's record. */
  public interface ContextProvider {

    /**
     * @param incidents system to the id of the incident there
     * @param incidentKey display key of the incident
     * @param url where the item can be read; may be empty
     */
    record View(java.util.Map<String, String> incidents, String incidentKey, String url) {}

    View view(ActionItem item);

    /** The first known incident that a text names. */
    Optional<RecordRef> findMentioned(String text);

    /** The record of a ticket in a system that items are followed up in; empty if it is none. */
    String followUp(String ticket);
  }

  public ActionItemGateway(
      ActionItemStore store,
      ActionItems items,
      ContextProvider surroundings,
      ObjectMapper json,
      Clock clock) {
    this.store = store;
    this.items = items;
    this.surroundings = surroundings;
    this.json = json;
    this.clock = clock;
  }

  public String fetch(String kind, String id) {
    return findVisible(kind, id).map(item -> view(kind, item).toString()).orElse("");
  }

  public String find(String kind, String correlation) {
    ArrayNode found = json.createArrayNode();
    store
        .findByRecord(correlation)
        .ifPresent(
            item ->
                localRecords(kind, item)
                    .filter(shown -> counterpart(kind, shown).equals(correlation))
                    .forEach(shown -> found.add(view(kind, shown))));
    return found.toString();
  }

  /** An item that was started in another system; idempotent. */
  public String create(String kind, String correlation, String body) {
    JsonNode fields = read(body);
    RecordRef far = RecordRef.parse(correlation);
    String ticket = fields.path("ticket").asText(far.id());
    ActionItem item = start(far, ticket, fields);
    ActionItem linked =
        items.change(item.id(), "", ref(kind, item), known -> link(kind, known, correlation));
    return view(kind, linked).toString();
  }

  private ActionItem start(RecordRef far, String ticket, JsonNode fields) {
    SourceItem sourceItem =
        new SourceItem(
            null,
            0,
            fields.path("title").asText(""),
            fields.path("description").asText(""),
            text(fields, "owner"),
            date(fields.path("due").asText("")),
            text(fields, "priority"),
            Set.of(),
            ticket,
            fields.path("done").asBoolean(false),
            List.of());
    String text = fields.path("title").asText("") + "\n" + fields.path("description").asText("");
    return items.add(
        null,
        far.system(),
        far.toString(),
        surroundings.findMentioned(text).orElse(null),
        sourceItem,
        clock.instant());
  }

  /** Sets the fields of the body. */
  public String update(String kind, String id, String body) {
    ActionItem item = findVisible(kind, id).orElse(null);
    if (item == null) {
      return "";
    }
    int attempt = item.earlier().size();
    JsonNode fields = read(body);
    String by = fields.at("/change/by").asText("");
    ActionItem changed =
        items.change(
            item.id(),
            by,
            ref(kind, item),
            known ->
                kind.equals(ActionItem.KIND)
                    ? known.withAttempt(attempt, update(kind, known.forAttempt(attempt), fields))
                    : update(kind, known, fields));
    return view(kind, kind.equals(ActionItem.KIND) ? changed.forAttempt(attempt) : changed)
        .toString();
  }

  /** An item as the local record of that id shows it. */
  private Optional<ActionItem> findVisible(String kind, String id) {
    return kind.equals(ActionItem.KIND)
        ? LocalRecordId.parse(id)
            .flatMap(
                localId ->
                    store
                        .find(localId.item())
                        .filter(item -> localId.attempt() <= item.earlier().size())
                        .map(item -> item.forAttempt(localId.attempt())))
        : item(id);
  }

  /** The item of a local record of either kind; notes are stored per item. */
  private Optional<ActionItem> item(String id) {
    return LocalRecordId.parse(id).flatMap(localId -> store.find(localId.item()));
  }

  private static Stream<ActionItem> localRecords(String kind, ActionItem item) {
    return kind.equals(ActionItem.KIND)
        ? IntStream.rangeClosed(0, item.earlier().size()).mapToObj(item::forAttempt)
        : Stream.of(item);
  }

  private static ActionItem update(String kind, ActionItem item, JsonNode fields) {
    ActionItem.Editing edit = item.edit();
    text(fields, "title", edit::title);
    text(fields, "owner", edit::owner);
    text(fields, "group", edit::group);
    text(fields, "due", due -> edit.due(date(due)));
    if (fields.has("change")) {
      edit.change(changed(item.change(), fields.path("change")));
    }
    ActionItem set = edit.done();
    String key = fields.path("counterpartKey").asText("");
    if (!key.isEmpty() && kind.equals(ActionItem.KIND)) {
      set = set.edit().change(withKey(set.change(), key)).done();
    }
    return fields.has("counterpart") ? link(kind, set, fields.path("counterpart").asText()) : set;
  }

  private static ChangeRequestState withKey(ChangeRequestState change, String key) {
    return new ChangeRequestState(
        key,
        change.state(),
        change.closeCode(),
        change.by(),
        change.start(),
        change.end(),
        change.gone());
  }

  private static ChangeRequestState changed(ChangeRequestState change, JsonNode fields) {
    return new ChangeRequestState(
        change.key(),
        fields.path("state").asText(change.state()),
        fields.path("closeCode").asText(change.closeCode()),
        fields.path("by").asText(change.by()),
        fields.path("start").asText(change.start()),
        fields.path("end").asText(change.end()),
        change.gone());
  }

  private static ActionItem link(String kind, ActionItem item, String counterpart) {
    return kind.equals(ActionItem.KIND)
        ? item.edit().counterpart(counterpart).done()
        : item.edit().followUp(counterpart).done();
  }

  public String notes(String id) {
    ArrayNode notes = json.createArrayNode();
    item(id)
        .ifPresent(
            item ->
                store.history(item).stream()
                    .filter(event -> event.what().startsWith("note "))
                    .forEach(
                        event ->
                            notes.add(
                                json.createObjectNode()
                                    .put("id", event.what().substring(5))
                                    .put("by", event.by())
                                    .put("at", event.at().toString())
                                    .put("text", event.text()))));
    return notes.toString();
  }

  public String addNote(String id, String body) {
    ActionItem item = item(id).orElse(null);
    if (item == null) {
      return "";
    }
    String note = UUID.randomUUID().toString();
    store.record(item, "note " + note, read(body).path("text").asText(), "Lockstep");
    return json.createObjectNode().put("id", note).toString();
  }

  /** Everything changed since then, in one page. */
  public String changed(String kind, String since) {
    ArrayNode records = json.createArrayNode();
    store.findChangedSince(Instant.parse(since)).stream()
        .flatMap(item -> localRecords(kind, item))
        .filter(item -> kind.equals(ActionItem.KIND) || !counterpart(kind, item).isEmpty())
        .forEach(item -> records.add(view(kind, item)));
    ObjectNode page = json.createObjectNode().put("more", false);
    page.set("records", records);
    return page.toString();
  }

  private static RecordRef ref(String kind, ActionItem item) {
    return kind.equals(ActionItem.KIND) ? item.ref() : item.followUpRef();
  }

  private String counterpart(String kind, ActionItem item) {
    if (kind.equals(ActionItem.KIND)) {
      return item.counterpart();
    }
    String ticket = item.sourceItem().ticket();
    return !item.followUp().isEmpty() || ticket == null
        ? item.followUp()
        : surroundings.followUp(ticket);
  }

  private ObjectNode view(String kind, ActionItem item) {
    ContextProvider.View around = surroundings.view(item);
    ChangeRequestState change = item.change();
    ObjectNode view =
        json.createObjectNode()
            .put("id", ref(kind, item).id())
            .put("key", item.key())
            .put("url", around.url())
            .put("revision", item.revision())
            .put("createdAt", item.createdAt().toString())
            .put("changedAt", item.changedAt().toString())
            .put("counterpart", counterpart(kind, item))
            .put("title", item.title())
            .put("description", description(item, around))
            .put("owner", item.owner())
            .put("due", Objects.toString(item.due(), ""))
            .put("service", item.service())
            .put("group", item.group())
            .put("type", item.type())
            .put("priority", Objects.toString(item.sourceItem().priority(), ""))
            .put("stage", item.stage().slug())
            .put("progress", progress(item))
            .put("standing", item.hasChange() || !item.earlier().isEmpty() ? item.statusText() : "")
            .put("incident", around.incidentKey())
            .put("ticket", Objects.toString(item.sourceItem().ticket(), ""));
    view.set(
        "change",
        json.createObjectNode()
            .put("state", change.state())
            .put("closeCode", change.closeCode())
            .put("by", change.by())
            .put("start", change.start())
            .put("end", change.end()));
    view.set("incidents", json.valueToTree(around.incidents()));
    return view;
  }

  /** What is to be done, and where the reason is documented. */
  private static String description(ActionItem item, ContextProvider.View around) {
    String ticket = item.sourceItem().ticket();
    return (item.description()
            + "\n\nAction item "
            + item.key()
            + (around.incidentKey().isEmpty() ? "" : " of " + around.incidentKey())
            + (ticket == null ? "" : ", followed up in " + ticket)
            + (around.url().isEmpty() ? "." : ": " + around.url())
            + follows(item))
        .strip();
  }

  private static String follows(ActionItem item) {
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

  private JsonNode read(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a JSON record: " + e.getOriginalMessage(), e);
    }
  }

  private static @Nullable LocalDate date(String text) {
    try {
      return text.isBlank() ? null : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("Not a date: " + text, e);
    }
  }

  private static @Nullable String text(JsonNode fields, String field) {
    String text = fields.path(field).asText("");
    return text.isBlank() ? null : text;
  }

  private static void text(JsonNode fields, String field, java.util.function.Consumer<String> set) {
    if (fields.has(field)) {
      set.accept(fields.path(field).asText(""));
    }
  }
}
