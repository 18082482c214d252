package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.json.JsonPath;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A transition that is available to a record.
 *
 * @param json as the system lists it
 */
record Move(TransitionDefinition how, JsonNode json) {

  /** All that an answer lists. */
  static List<Move> all(TransitionDefinition how, JsonNode answer) {
    return NativeRecords.items(answer, how.answer()).stream()
        .map(each -> new Move(how, each))
        .toList();
  }

  String id() {
    return JsonPath.text(json, how.id());
  }

  String name() {
    return JsonPath.text(json, how.name());
  }

  /** The value it leads to. */
  String to() {
    return JsonPath.text(json, how.to());
  }

  /** The paths of the fields on its screen. */
  Set<String> screen() {
    return new LinkedHashSet<>(fields().keySet());
  }

  /** By path, what is listed of the fields without which it is refused. */
  Map<String, JsonNode> required() {
    Map<String, JsonNode> required = fields();
    required
        .values()
        .removeIf(
            field ->
                !field.path("required").asBoolean() || field.path("hasDefaultValue").asBoolean());
    return required;
  }

  private Map<String, JsonNode> fields() {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    if (!how.screen().isEmpty()) {
      JsonPath.find(json, how.screen())
          .properties()
          .forEach(field -> fields.put(path(field.getKey()), field.getValue()));
    }
    return fields;
  }

  private String path(String field) {
    int dot = how.field().indexOf('.');
    return dot < 0 ? field : how.field().substring(0, dot + 1) + field;
  }

  /** Whether a record's value of a required field does not suffice. */
  static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || value.isContainerNode() && value.isEmpty()
        || value.isTextual() && value.asText().isBlank();
  }
}
