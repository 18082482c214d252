package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a create, an edit or a transition asks for: {@code fields} and {@code update} of {@code
 * IssueUpdateDetails} taken together.
 *
 * @param fields values, not yet checked
 * @param comments objects with a body, not yet checked
 */
record IssueInput(Map<String, JsonNode> fields, List<JsonNode> comments, JsonNode properties) {

  /**
   * @param present what a field holds now, for {@code add} and {@code remove}; null for a new issue
   */
  static IssueInput of(JsonNode body, @Nullable Issue present) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    List<JsonNode> comments = new ArrayList<>();
    object(body, "fields").fields().forEachRemaining(e -> fields.put(e.getKey(), e.getValue()));
    for (Entry<String, JsonNode> update : object(body, "update").properties()) {
      String field = update.getKey();
      if (fields.containsKey(field)) {
        throw JiraException.field(
            field, "Field '%s' cannot appear in both 'fields' and 'update'".formatted(field));
      }
      if (!update.getValue().isArray()) {
        throw JiraException.field(field, "data was not an array");
      }
      for (JsonNode operation : update.getValue()) {
        if (field.equals("comment")) {
          comments.add(operation.path("add"));
        } else {
          JsonNode before =
              fields.containsKey(field)
                  ? fields.get(field)
                  : present == null ? Json.NULL : present.get(field);
          fields.put(field, after(field, before, operation));
        }
      }
    }
    return new IssueInput(fields, comments, body.path("properties"));
  }

  /** Checks each value, and refuses with everything that is wrong at once. */
  Map<String, JsonNode> checked(Project project, FieldRules rules, Predicate<String> onScreen) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    Map<String, String> errors = new TreeMap<>();
    List<String> messages = new ArrayList<>();
    fields.forEach(
        (field, given) -> {
          try {
            if (!onScreen.test(field)) {
              throw FieldRules.notOnScreen(field);
            }
            values.put(field, rules.value(project, field, given));
          } catch (JiraException e) {
            errors.putAll(e.errors());
            messages.addAll(e.errorMessages());
          }
        });
    if (!errors.isEmpty() || !messages.isEmpty()) {
      throw new JiraException(400, messages, errors);
    }
    return values;
  }

  private static JsonNode after(String field, JsonNode before, JsonNode operation) {
    if (operation.has("set")) {
      return operation.path("set");
    }
    boolean adds = operation.has("add");
    if (!field.equals("labels") || (!adds && !operation.has("remove"))) {
      throw JiraException.field(
          field, "Operations other than 'set' are not supported for field '" + field + "'");
    }
    ArrayNode labels = Json.array();
    JsonNode named = operation.path(adds ? "add" : "remove");
    before.forEach(
        label -> {
          if (!label.equals(named)) {
            labels.add(label);
          }
        });
    return adds ? labels.add(named) : labels;
  }

  private static ObjectNode object(JsonNode body, String name) {
    JsonNode node = body.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return Json.object();
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw JiraException.badRequest("Invalid request payload. Refer to the REST API documentation.");
  }
}
