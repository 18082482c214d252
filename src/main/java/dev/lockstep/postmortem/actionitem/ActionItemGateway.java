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
 * these methods, and pairs keep an item in sync with its change request, and with the issue it is
 * followed up in, like any two records. Since a record can be in one pair of a mapping only, an
 * item has a record for each of its change requests ({@link LocalRecordId}); the issue follows the
 * first.
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

    /** Whether such a record is an issue that an item is followed up in. */
    boolean isFollowUp(RecordRef counterpart);
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

  public String fetch(String id) {
    return parse(id).map(localId -> view(localId).toString()).orElse("");
  }

  /** The id of a local record of an existing item. */
  private Optional<LocalRecordId> parse(String id) {
    return LocalRecordId.parse(id)
        .filter(
            localId ->
                store
                    .find(localId.item())
                    .filter(item -> localId.attempt() <= item.earlier().size())
                    .isPresent());
  }

  public String find(String correlation) {
    ArrayNode found = json.createArrayNode();
    store
        .findByRecord(correlation)
        .ifPresent(
            item ->
                localRecords(item)
                    .map(localId -> view(item, localId))
                    .filter(view -> names(view).contains(correlation))
                    .forEach(found::add));
    return found.toString();
  }

  private static List<String> names(JsonNode view) {
    return List.of(view.path("counterpart").asText().split(" ", -1));
  }

  /** An item that was started in another system; idempotent. */
  public String create(String correlation, String body) {
    JsonNode fields = read(body);
    RecordRef far = RecordRef.parse(correlation);
    ActionItem item = start(far, fields.path("ticket").asText(far.id()), fields.path("item"));
    LocalRecordId localId = new LocalRecordId(item.id(), 0);
    ActionItem linked =
        items.change(item.id(), "", localId.ref(), known -> link(known, localId, correlation));
    return view(linked, localId).toString();
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

  /** Sets the fields of the body: those of the item, and those of one of its change requests. */
  public String update(String id, String body) {
    LocalRecordId localId = parse(id).orElse(null);
    if (localId == null) {
      return "";
    }
    JsonNode fields = read(body);
    String by = fields.at("/change/by").asText("");
    ActionItem changed =
        items.change(
            localId.item(), by, localId.ref(), known -> withFields(known, localId, fields));
    return view(changed, localId).toString();
  }

  private ActionItem withFields(ActionItem item, LocalRecordId localId, JsonNode fields) {
    ActionItem shown = set(item.forAttempt(localId.attempt()), fields);
    if (fields.has("change")) {
      shown = shown.edit().change(changed(shown.change(), fields.path("change"))).done();
    }
    String counterpart = fields.path("counterpart").asText("");
    String key = fields.path("counterpartKey").asText("");
    if (!key.isEmpty() && !isFollowUp(counterpart)) {
      shown = shown.edit().change(withKey(shown.change(), key)).done();
    }
    ActionItem next = set(item.withAttempt(localId.attempt(), shown), fields.path("item"));
    return fields.has("counterpart") ? link(next, localId, counterpart) : next;
  }

  private static ActionItem set(ActionItem item, JsonNode fields) {
    ActionItemBuilder edit = item.edit();
    text(fields, "title", edit::title);
    text(fields, "owner", edit::owner);
    text(fields, "group", edit::group);
    text(fields, "due", due -> edit.due(date(due)));
    return edit.done();
  }

  private boolean isFollowUp(String counterpart) {
    return !counterpart.isBlank() && surroundings.isFollowUp(RecordRef.parse(counterpart));
  }

  private ActionItem link(ActionItem item, LocalRecordId localId, String counterpart) {
    if (isFollowUp(counterpart)) {
      return item.edit().followUp(counterpart).done();
    }
    ActionItem shown = item.forAttempt(localId.attempt());
    return item.withAttempt(localId.attempt(), shown.edit().counterpart(counterpart).done());
  }

  private static Stream<LocalRecordId> localRecords(ActionItem item) {
    return IntStream.rangeClosed(0, item.earlier().size())
        .mapToObj(attempt -> new LocalRecordId(item.id(), attempt));
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

  public String notes(String id) {
    ArrayNode notes = json.createArrayNode();
    LocalRecordId.parse(id)
        .flatMap(localId -> store.find(localId.item()))
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
    ActionItem item =
        LocalRecordId.parse(id).flatMap(localId -> store.find(localId.item())).orElse(null);
    if (item == null) {
      return "";
    }
    String note = UUID.randomUUID().toString();
    store.record(item, "note " + note, read(body).path("text").asText(), "Lockstep");
    return json.createObjectNode().put("id", note).toString();
  }

  /** Everything changed since then, in one page. */
  public String changed(String since) {
    ArrayNode records = json.createArrayNode();
    store.findChangedSince(Instant.parse(since)).stream()
        .flatMap(item -> localRecords(item).map(localId -> view(item, localId)))
        .forEach(records::add);
    ObjectNode page = json.createObjectNode().put("more", false);
    page.set("records", records);
    return page.toString();
  }

  /** The records it is kept in sync with, separated by blanks. */
  private String counterparts(ActionItem item, LocalRecordId localId) {
    String change = item.forAttempt(localId.attempt()).counterpart();
    String ticket = item.sourceItem().ticket();
    String issue =
        !item.followUp().isEmpty() || ticket == null
            ? item.followUp()
            : surroundings.followUp(ticket);
    return (change + " " + (localId.attempt() == 0 ? issue : "")).strip();
  }

  private ObjectNode view(LocalRecordId localId) {
    return view(store.find(localId.item()).orElseThrow(), localId);
  }

  private ObjectNode view(ActionItem item, LocalRecordId localId) {
    ContextProvider.View around = surroundings.view(item);
    ActionItem shown = item.forAttempt(localId.attempt());
    ChangeRequestState change = shown.change();
    ObjectNode view =
        json.createObjectNode()
            .put("id", localId.ref().id())
            .put("key", item.key())
            .put("url", around.url())
            .put("revision", item.revision())
            .put("createdAt", item.createdAt().toString())
            .put("changedAt", item.changedAt().toString())
            .put("counterpart", counterparts(item, localId))
            .put("title", shown.title())
            .put("description", description(shown, around))
            .put("owner", shown.owner())
            .put("due", Objects.toString(shown.due(), ""))
            .put("service", shown.service())
            .put("group", shown.group())
            .put("type", shown.type())
            .put("priority", Objects.toString(item.sourceItem().priority(), ""))
            .put("stage", shown.stage().slug())
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
    view.set("item", wholeItem(item, around));
    view.set("incidents", json.valueToTree(around.incidents()));
    return view;
  }

  /** The item itself, whichever of its change requests a record stands for. */
  private ObjectNode wholeItem(ActionItem item, ContextProvider.View around) {
    return json.createObjectNode()
        .put("title", item.title())
        .put("description", description(item, around))
        .put("owner", item.owner())
        .put("due", Objects.toString(item.due(), ""))
        .put("progress", progress(item))
        .put("status", item.hasChange() || !item.earlier().isEmpty() ? item.statusText() : "");
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
