package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.ConnectorDefinition.Kind;
import dev.lockstep.connector.ConnectorDefinition.VersionSource;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads records and builds request bodies as {@code connector.yaml} declares. */
final class NativeRecords implements RecordReader {
  private static final int MAX_LAST_SEEN = 1000;

  private final ConnectorCatalog catalog;
  private final Map<String, RecordRef> lastSeen =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, RecordRef> eldest) {
              return size() > MAX_LAST_SEEN;
            }
          });

  /** Display name of Lockstep's own user, by system; known after the first write. */
  private final Map<String, String> ownNames = new ConcurrentHashMap<>();

  NativeRecords(ConnectorCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public NativeRecord read(
      String system, String kind, JsonNode json, @Nullable Instant occurredAt) {
    ConnectorDefinition connector = catalog.connector(system);
    Kind declared = connector.kind(kind);
    String id = JsonPath.text(json, declared.id());
    if (id.isEmpty()) {
      throw new IllegalArgumentException(
          "A " + system + " " + kind + " without its id: " + declared.id() + " is missing");
    }
    RecordRef ref = ref(system, kind, id);
    requireNotMerged(ref, declared, json);
    Instant updatedAt = updatedAt(connector, declared, json, occurredAt);
    String correlation = correlation(declared, json);
    if (declared.find() != null && !correlation.isEmpty()) {
      lastSeen.put(system + "/" + kind + " " + correlation, ref);
    }
    return new NativeRecord(
        ref,
        Placeholders.fill(declared.key(), json),
        Placeholders.fill(declared.url(), json),
        version(declared.version(), connector, json, occurredAt),
        updatedAt,
        correlation,
        TextConverter.read(declared, json),
        openedAt(connector, declared, json),
        primaryId(declared.duplicate(), json),
        changedBy(system, declared, json),
        TextConverter.isHidden(declared, json));
  }

  @Override
  public RecordRef ref(String system, String kind, String id) {
    if (!catalog.connector(system).kind(kind).isId(id)) {
      throw new IllegalArgumentException(
          "'%s' is no id of a %s %s (kinds.%s.id-pattern)"
              .formatted(ApiCall.truncate(id), system, kind, kind));
    }
    return new RecordRef(system, kind, id);
  }

  @Override
  public String noteText(String system, String kind, String text) {
    Kind declared = catalog.connector(system).kind(kind);
    return declared.notes() == null
        ? PlainText.clean(text)
        : TextConverter.readNote(declared, declared.notes(), TextNode.valueOf(text));
  }

  private static void requireNotMerged(RecordRef ref, Kind kind, JsonNode json) {
    String into = kind.mergedInto().isEmpty() ? "" : JsonPath.text(json, kind.mergedInto());
    if (!into.isEmpty() && !into.equals(ref.id())) {
      throw new RecordMergedException(ref, new RecordRef(ref.system(), ref.kind(), into));
    }
  }

  private static @Nullable String primaryId(
      ConnectorDefinition.@Nullable Duplicate how, JsonNode json) {
    if (how == null) {
      return null;
    }
    return switch (how.by()) {
      case UPDATE, MERGE -> primaryId(JsonPath.find(json, how.primary()));
      case LINK -> DuplicateLinks.primaryId(how, json);
    };
  }

  private static @Nullable String primaryId(JsonNode value) {
    return value.isMissingNode() ? null : value.asText("");
  }

  private static String correlation(Kind kind, JsonNode json) {
    if (kind.correlation().isEmpty()) {
      return "";
    }
    JsonNode found = JsonPath.find(json, kind.correlation());
    if (!found.isArray()) {
      return found.asText("");
    }
    for (JsonNode word : found) {
      if (word.asText().startsWith(kind.correlationPrefix())) {
        return word.asText().substring(kind.correlationPrefix().length());
      }
    }
    return "";
  }

  /** The record last seen with this correlation id, whether or not a search returns it. */
  Optional<RecordRef> lastSeen(String system, String kind, String correlationId) {
    return Optional.ofNullable(lastSeen.get(system + "/" + kind + " " + correlationId));
  }

  /**
   * Remembers the name of Lockstep's own user from the answer to a write. A state that shows this
   * name does not reveal who changed the record before.
   */
  NativeRecord learnOwnName(NativeRecord answer) {
    String name = answer.changedBy();
    if (name != null) {
      ownNames.put(answer.ref().system(), name);
    }
    return answer;
  }

  private @Nullable String changedBy(String system, Kind kind, JsonNode json) {
    String name = kind.changedBy().isEmpty() ? "" : JsonPath.text(json, kind.changedBy());
    return name.isEmpty() || name.equals(ownNames.get(system)) ? null : name;
  }

  private static @Nullable Instant openedAt(
      ConnectorDefinition connector, Kind kind, JsonNode json) {
    String text = kind.openedAt().isEmpty() ? "" : JsonPath.text(json, kind.openedAt());
    return text.isEmpty() ? null : connector.times().parse(text);
  }

  private static Instant updatedAt(
      ConnectorDefinition connector, Kind kind, JsonNode json, @Nullable Instant occurredAt) {
    String text = JsonPath.text(json, kind.updatedAt());
    if (!text.isEmpty()) {
      return connector.times().parse(text);
    }
    if (occurredAt != null) {
      return occurredAt;
    }
    throw new IllegalArgumentException(
        "A "
            + connector.system()
            + " record without its time: "
            + kind.updatedAt()
            + " is missing");
  }

  private static Version version(
      VersionSource source,
      ConnectorDefinition connector,
      JsonNode json,
      @Nullable Instant occurredAt) {
    if (source.count() != null) {
      String count = JsonPath.text(json, source.count());
      if (!count.matches("\\d{1,18}")) {
        throw new IllegalArgumentException(
            "A " + connector.system() + " record without a version: " + source.count());
      }
      return Version.count(Long.parseLong(count));
    }
    if (source.time() != null) {
      String time = JsonPath.text(json, source.time());
      if (time.isEmpty()) {
        throw new IllegalArgumentException(
            "A " + connector.system() + " record without a version: " + source.time());
      }
      long at = connector.times().parse(time).toEpochMilli();
      long apart = source.apart() == null ? 0 : source.apart().toMillis();
      return new Version(at - apart, at + apart);
    }
    if (occurredAt != null) {
      return Version.exactly(occurredAt);
    }
    String path = source.second() == null ? "" : source.second();
    String second = path.isEmpty() ? "" : JsonPath.text(json, path);
    if (second.isEmpty()) {
      throw new IllegalArgumentException(
          "A " + connector.system() + " record without a version: " + path + " is missing");
    }
    return Version.within(connector.times().parse(second));
  }

  /** The one record in an answer. */
  NativeRecord readOne(ConnectorDefinition connector, String kind, ApiResponse answer) {
    JsonNode json = JsonPath.find(answer.json(), connector.kind(kind).answer().one());
    try {
      return read(connector.system(), kind, json, null);
    } catch (IllegalArgumentException e) {
      // The call may have been carried out: only fetching the record can tell.
      throw new SystemUnavailableException(
          connector.title() + " answered without the record it was asked for: " + e.getMessage(),
          e);
    }
  }

  /**
   * The record in an answer to a call about it.
   *
   * @throws RecordMergedException when the answer contains another record
   */
  NativeRecord readRequested(ConnectorDefinition connector, RecordRef asked, ApiResponse answer) {
    NativeRecord record = readOne(connector, asked.kind(), answer);
    boolean isAskedFor =
        record.ref().id().equalsIgnoreCase(asked.id())
            // A postmortem or an operator names a record by its key.
            || record.key().equalsIgnoreCase(asked.id());
    if (!isAskedFor) {
      throw new RecordMergedException(asked, record.ref());
    }
    return record;
  }

  /** The several records in an answer. */
  List<NativeRecord> readAll(
      ConnectorDefinition connector, String kind, String path, ApiResponse answer) {
    List<NativeRecord> records = new ArrayList<>();
    for (JsonNode json : requireList(connector, answer, path)) {
      try {
        records.add(read(connector.system(), kind, json, null));
      } catch (RecordMergedException merged) {
        // Listed under its old id: a fetch of it reports the merge.
      } catch (IllegalArgumentException e) {
        throw new SystemUnavailableException(
            connector.title() + " listed a record that is incomplete: " + e.getMessage(), e);
      }
    }
    return records;
  }

  /**
   * The items of the list in an answer.
   *
   * @throws SystemUnavailableException when the answer has no list at this path; that is not an
   *     empty list
   */
  static List<JsonNode> requireList(
      ConnectorDefinition connector, ApiResponse answer, String path) {
    JsonNode found = JsonPath.find(answer.json(), path);
    if (!found.isArray()) {
      throw new SystemUnavailableException(
          connector.title()
              + " answered "
              + answer.status()
              + " without the list that was asked for"
              + (path.isEmpty() ? "" : " (" + path + ")"));
    }
    return items(answer.json(), path);
  }

  static List<JsonNode> items(JsonNode answer, String path) {
    List<JsonNode> items = new ArrayList<>();
    JsonNode found = JsonPath.find(answer, path);
    if (found.isArray()) {
      found.forEach(items::add);
    } else if (found.isObject()) {
      items.add(found);
    }
    return items;
  }

  /** The body of a create, with the counterpart's id and key where the system takes them. */
  static JsonNode toCreate(Kind kind, JsonNode body, String correlationId, String farKey) {
    ObjectNode whole = body.deepCopy();
    putMention(kind, whole, kind.send().correlation(), correlationId, kind.send().key(), farKey);
    return wrap(kind, whole, kind.send().create());
  }

  /** Puts the counterpart's id and key at these paths; an empty path is not written. */
  static void putMention(
      Kind kind,
      ObjectNode body,
      String correlation,
      String correlationId,
      String key,
      String farKey) {
    if (!correlation.isEmpty()) {
      JsonPath.put(body, correlation, TextNode.valueOf(kind.correlationPrefix() + correlationId));
    }
    if (!key.isEmpty()) {
      JsonPath.put(body, key, TextNode.valueOf(farKey));
    }
  }

  static JsonNode toUpdate(Kind kind, JsonNode body) {
    return wrap(kind, body.deepCopy(), kind.send().update());
  }

  private static JsonNode wrap(Kind kind, ObjectNode body, Map<String, JsonNode> added) {
    merge(body, JsonNodeFactory.instance.objectNode().setAll(added));
    ObjectNode sent = TextConverter.send(kind, body);
    String wrapper = kind.send().wrapper();
    return wrapper.isEmpty() ? sent : sent.objectNode().set(wrapper, sent);
  }

  /** Adds everything of the other tree; objects are merged, all else is replaced. */
  private static void merge(ObjectNode into, JsonNode other) {
    for (Map.Entry<String, JsonNode> field : other.properties()) {
      if (field.getValue().isObject() && into.get(field.getKey()) instanceof ObjectNode inner) {
        merge(inner, field.getValue());
      } else {
        into.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  /** The update that sets a duplicate's primary; an empty id removes it. */
  static ObjectNode primaryUpdate(ConnectorDefinition.Duplicate how, String primaryId) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    JsonPath.put(body, how.primary(), TextNode.valueOf(primaryId));
    return body;
  }

  /** The body of the merge or link call. */
  static JsonNode duplicateBody(
      ConnectorDefinition.Duplicate how, RecordRef duplicate, RecordRef primary) {
    Map<String, String> ids = Map.of("duplicate", duplicate.id(), "primary", primary.id());
    return Placeholders.fill(how.body(), name -> ids.getOrDefault(name, "{" + name + "}"));
  }

  /** The fields needed to read a record, besides the mapped ones. */
  static Set<String> ownFields(Kind kind) {
    Set<String> fields = new TreeSet<>();
    fields.add(kind.id());
    fields.addAll(Placeholders.names(kind.key()));
    fields.addAll(Placeholders.names(kind.url()));
    fields.add(kind.updatedAt());
    for (String path : Arrays.asList(kind.version().count(), kind.version().time())) {
      if (path != null) {
        fields.add(path);
      }
    }
    if (!kind.correlation().isEmpty()) {
      fields.add(kind.correlation());
    }
    if (!kind.openedAt().isEmpty()) {
      fields.add(kind.openedAt());
    }
    if (!kind.changedBy().isEmpty()) {
      fields.add(kind.changedBy());
    }
    if (!kind.mergedInto().isEmpty()) {
      fields.add(kind.mergedInto());
    }
    if (kind.moves() != null) {
      fields.add(kind.moves().field());
    }
    if (kind.duplicate() != null) {
      fields.add(kind.duplicate().primaryPath());
    }
    return fields;
  }
}
