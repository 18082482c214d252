package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.DuplicateDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.KindDefinition.VersionSource;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads records as {@code connector.yaml} declares. */
@Component
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
      String system, String kind, JsonNode shown, @Nullable Instant occurredAt) {
    ConnectorDefinition connector = catalog.connector(system);
    KindDefinition declared = connector.kind(kind);
    JsonNode json = withEmptyFields(declared, shown);
    String id = JsonPath.text(json, declared.id());
    if (id.isEmpty()) {
      throw new IllegalArgumentException(
          "A " + system + " " + kind + " without its id: " + declared.id() + " is missing");
    }
    RecordRef ref = ref(system, kind, id);
    requireNotMerged(ref, declared, json);
    Instant updatedAt = updatedAt(connector, declared, json, occurredAt);
    String correlation = declared.correlationIn(json);
    if (declared.find().mayMiss() && !correlation.isEmpty()) {
      lastSeen.put(system + "/" + kind + " " + correlation, ref);
    }
    return new NativeRecord(
        ref,
        Placeholders.fill(declared.key(), json),
        Placeholders.fill(declared.url(), json),
        version(declared.version(), connector, json, occurredAt),
        updatedAt,
        correlation,
        NativeTimes.read(connector, kind, TextConverter.read(declared, json)),
        openedAt(connector, declared, json),
        primaryId(declared.duplicate(), json),
        changedBy(system, declared, json),
        TextConverter.isHidden(declared, json));
  }

  /** A field that the system leaves out when it is empty says that it is. */
  private static JsonNode withEmptyFields(KindDefinition kind, JsonNode shown) {
    List<String> missing =
        kind.emptyIfMissing().stream()
            .filter(path -> JsonPath.find(shown, path).isMissingNode())
            .toList();
    if (missing.isEmpty() || !(shown instanceof ObjectNode record)) {
      return shown;
    }
    ObjectNode whole = record.deepCopy();
    missing.forEach(path -> JsonPath.put(whole, path, NullNode.instance));
    return whole;
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
    KindDefinition declared = catalog.connector(system).kind(kind);
    return declared.notes() == null
        ? PlainText.clean(text)
        : TextConverter.readNote(declared, declared.notes(), TextNode.valueOf(text));
  }

  private static void requireNotMerged(RecordRef ref, KindDefinition kind, JsonNode json) {
    String into = kind.mergedInto().isEmpty() ? "" : JsonPath.text(json, kind.mergedInto());
    if (!into.isEmpty() && !into.equals(ref.id())) {
      throw new RecordMergedException(ref, new RecordRef(ref.system(), ref.kind(), into));
    }
  }

  private static @Nullable String primaryId(@Nullable DuplicateDefinition how, JsonNode json) {
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

  private @Nullable String changedBy(String system, KindDefinition kind, JsonNode json) {
    String name = kind.changedBy().isEmpty() ? "" : JsonPath.text(json, kind.changedBy());
    return name.isEmpty() || name.equals(ownNames.get(system)) ? null : name;
  }

  private static @Nullable Instant openedAt(
      ConnectorDefinition connector, KindDefinition kind, JsonNode json) {
    String text = kind.openedAt().isEmpty() ? "" : JsonPath.text(json, kind.openedAt());
    return text.isEmpty() ? null : connector.times().parse(text);
  }

  private static Instant updatedAt(
      ConnectorDefinition connector,
      KindDefinition kind,
      JsonNode json,
      @Nullable Instant occurredAt) {
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
    return requireList(connector, answer, path).stream()
        .flatMap(json -> readListed(connector, kind, json).stream())
        .toList();
  }

  /** One of them; empty if it was merged into another one. */
  Optional<NativeRecord> readListed(ConnectorDefinition connector, String kind, JsonNode json) {
    try {
      return Optional.of(read(connector.system(), kind, json, null));
    } catch (RecordMergedException merged) {
      // Listed under its old id: a fetch of it reports the merge.
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new SystemUnavailableException(
          connector.title() + " listed a record that is incomplete: " + e.getMessage(), e);
    }
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
}
