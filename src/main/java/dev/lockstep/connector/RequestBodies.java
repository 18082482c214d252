package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.definition.DuplicateDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.KindDefinition.ValueType;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.connector.definition.SendDefinition;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;

/** Builds the bodies of writes as {@code connector.yaml} declares. */
final class RequestBodies {
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,9})?");

  private RequestBodies() {}

  /** The body of a create, with the counterpart's id and key where the system takes them. */
  static JsonNode toCreate(
      KindDefinition kind, JsonNode body, String correlationId, String farKey) {
    ObjectNode whole = body.deepCopy();
    for (String path : kind.send().correlation()) {
      putMention(kind, whole, path, correlationId, "", "");
    }
    putMention(kind, whole, "", "", kind.send().key(), farKey);
    return wrap(kind, whole, kind.send().create());
  }

  /** Puts the counterpart's id and key at these paths; an empty path is not written. */
  static void putMention(
      KindDefinition kind,
      ObjectNode body,
      String correlation,
      String correlationId,
      String key,
      String farKey) {
    if (!correlation.isEmpty()) {
      String word = kind.correlationPrefix() + correlationId;
      KindDefinition.Link link = kind.link();
      JsonPath.put(
          body,
          correlation,
          TextNode.valueOf(
              link != null && link.correlation().equals(correlation) && !link.text().isEmpty()
                  ? linkText(link.text(), word, farKey)
                  : word));
    }
    if (!key.isEmpty()) {
      JsonPath.put(body, key, TextNode.valueOf(farKey));
    }
  }

  /** With the counterpart's address where the system takes it. */
  static ObjectNode withUrl(KindDefinition kind, ObjectNode body, String url) {
    if (kind.send().url().isEmpty() || url.isEmpty()) {
      return body;
    }
    ObjectNode whole = body.deepCopy();
    JsonPath.put(whole, kind.send().url(), TextNode.valueOf(url));
    return whole;
  }

  private static String linkText(String template, String correlation, String key) {
    Map<String, String> values = Map.of("correlation", correlation, "key", key);
    return Placeholders.fill(template, name -> values.getOrDefault(name, "{" + name + "}"));
  }

  static JsonNode toUpdate(KindDefinition kind, JsonNode body) {
    return wrap(kind, body.deepCopy(), kind.send().update());
  }

  private static JsonNode wrap(KindDefinition kind, ObjectNode body, Map<String, JsonNode> added) {
    ObjectNode declared = JsonNodeFactory.instance.objectNode().setAll(added);
    String place = SendDefinition.placeOfRecord(added).orElse("");
    if (place.isEmpty()) {
      merge(body, declared);
    }
    ObjectNode converted = TextConverter.send(kind, body);
    kind.types().forEach((path, type) -> convert(converted, path, type));
    ObjectNode sent = kind.send().rename().apply(converted);
    if (!place.isEmpty()) {
      return declared.deepCopy().set(place, sent);
    }
    String wrapper = kind.send().wrapper();
    return wrapper.isEmpty() ? sent : sent.objectNode().set(wrapper, sent);
  }

  /** A value of another form is sent as it is, so that the system names it in its refusal. */
  private static void convert(ObjectNode body, String path, ValueType type) {
    JsonNode value = JsonPath.find(body, path);
    String text = value.asText();
    if (!value.isTextual()) {
      return;
    }
    switch (type) {
      case BOOLEAN -> {
        if (text.equals("true") || text.equals("false")) {
          JsonPath.put(body, path, BooleanNode.valueOf(text.equals("true")));
        }
      }
      case NUMBER -> {
        if (NUMBER.matcher(text).matches()) {
          JsonPath.put(body, path, DecimalNode.valueOf(new BigDecimal(text)));
        }
      }
    }
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
  static ObjectNode primaryUpdate(DuplicateDefinition how, String primaryId) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    JsonPath.put(body, how.primary(), TextNode.valueOf(primaryId));
    return body;
  }

  /** The body of the merge or link call. */
  static JsonNode duplicateBody(DuplicateDefinition how, RecordRef duplicate, RecordRef primary) {
    Map<String, String> ids = Map.of("duplicate", duplicate.id(), "primary", primary.id());
    return Placeholders.fill(how.body(), name -> ids.getOrDefault(name, "{" + name + "}"));
  }
}
