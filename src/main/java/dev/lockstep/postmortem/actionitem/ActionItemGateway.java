package dev.lockstep.postmortem.actionitem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Exposes action items as a system of its own: the Kamelets of {@code connectors/lockstep} call
 * these methods, and pairs keep an item in sync with its change request, and with the issue it is
 * followed up in, like any two records. Since a record can be in one pair of a mapping only, an
 * item has a record for each of its change requests ({@link LocalRecordId}); the issue follows the
 * first.
 *
 * <p>All responses are JSON. An empty response means that there is no such record.
 */
// The name by which the Kamelets of connectors/lockstep call it.
@Component("localRecords")
public class ActionItemGateway {
  private final ActionItemStore store;
  private final ActionItemAudit audit;
  private final ActionItems items;
  private final ContextProvider context;
  private final ObjectMapper json;
  private final ActionItemJson itemJson;
  private final Clock clock;

  /** Supplies the related data shown on an item's record. */
  public interface ContextProvider {

    ItemOrigin findOrigin(ActionItem item);

    /** The first known incident that a text names. */
    Optional<RecordRef> findMentioned(String text);

    /** The record of a ticket in a system that items are followed up in; empty if it is none. */
    String followUp(String ticket);

    /** Whether such a record is an issue that an item is followed up in. */
    boolean isFollowUp(RecordRef counterpart);
  }

  public ActionItemGateway(
      ActionItemStore store,
      ActionItemAudit audit,
      ActionItems items,
      ContextProvider context,
      ObjectMapper json,
      Clock clock) {
    this.store = store;
    this.audit = audit;
    this.items = items;
    this.context = context;
    this.json = json;
    this.itemJson = new ActionItemJson(json);
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
    JsonNode fields = itemJson.parse(body);
    RecordRef counterpart = RecordRef.parse(correlation);
    ActionItem item =
        start(counterpart, fields.path("ticket").asText(counterpart.id()), fields.path("item"));
    LocalRecordId localId = new LocalRecordId(item.id(), 0);
    ActionItem linked =
        items.change(item.id(), "", localId.ref(), known -> link(known, localId, correlation));
    return view(linked, localId).toString();
  }

  private ActionItem start(RecordRef counterpart, String ticket, JsonNode fields) {
    SourceItem sourceItem = ActionItemJson.toSourceItem(fields, ticket);
    return items.add(
        null,
        counterpart.system(),
        counterpart.toString(),
        context.findMentioned(sourceItem.title() + "\n" + sourceItem.description()).orElse(null),
        sourceItem,
        clock.instant());
  }

  /** Sets the fields of the body: those of the item, and those of one of its change requests. */
  public String update(String id, String body) {
    LocalRecordId localId = parse(id).orElse(null);
    if (localId == null) {
      return "";
    }
    JsonNode fields = itemJson.parse(body);
    String by = fields.at("/change/by").asText("");
    ActionItem changed =
        items.change(
            localId.item(), by, localId.ref(), known -> withFields(known, localId, fields));
    return view(changed, localId).toString();
  }

  private ActionItem withFields(ActionItem item, LocalRecordId localId, JsonNode fields) {
    ActionItem shown = ActionItemJson.withFields(item.forAttempt(localId.attempt()), fields);
    if (fields.has("change")) {
      shown =
          shown
              .edit()
              .change(ActionItemJson.withFields(shown.change(), fields.path("change")))
              .done();
    }
    String counterpart = fields.path("counterpart").asText("");
    String key = fields.path("counterpartKey").asText("");
    if (!key.isEmpty() && !isFollowUp(counterpart)) {
      shown = shown.edit().change(shown.change().withKey(key)).done();
    }
    ActionItem next =
        ActionItemJson.withFields(item.withAttempt(localId.attempt(), shown), fields.path("item"));
    return fields.has("counterpart") ? link(next, localId, counterpart) : next;
  }

  private boolean isFollowUp(String counterpart) {
    return !counterpart.isBlank() && context.isFollowUp(RecordRef.parse(counterpart));
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

  public String notes(String id) {
    ArrayNode notes = json.createArrayNode();
    LocalRecordId.parse(id)
        .flatMap(localId -> store.find(localId.item()))
        .ifPresent(item -> audit.notes(item).forEach(note -> notes.add(toJson(note))));
    return notes.toString();
  }

  private ObjectNode toJson(ItemNote note) {
    return json.createObjectNode()
        .put("id", note.id())
        .put("by", note.by())
        .put("at", note.at().toString())
        .put("text", note.text());
  }

  public String addNote(String id, String body) {
    ActionItem item =
        LocalRecordId.parse(id).flatMap(localId -> store.find(localId.item())).orElse(null);
    if (item == null) {
      return "";
    }
    String text = itemJson.parse(body).path("text").asText();
    return json.createObjectNode().put("id", audit.addNote(item, text, "Lockstep")).toString();
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
        !item.followUp().isEmpty() || ticket == null ? item.followUp() : context.followUp(ticket);
    return (change + " " + (localId.attempt() == 0 ? issue : "")).strip();
  }

  private ObjectNode view(LocalRecordId localId) {
    return view(store.find(localId.item()).orElseThrow(), localId);
  }

  private ObjectNode view(ActionItem item, LocalRecordId localId) {
    return itemJson.toJson(item, localId, counterparts(item, localId), context.findOrigin(item));
  }
}
