package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a call: from the query of a GET; from the body of a POST, as JSON or as a form
 * ("Using the Slack Web API"). Stricter than Slack, which overlooks what it does not know: here an
 * unknown name or a value of another type is refused.
 */
record Arguments(Map<String, JsonNode> values) {

  /**
   * @param known by name, the type: {@code string}, {@code boolean} or {@code number}
   */
  static Arguments of(Request request, Map<String, String> known) {
    Map<String, JsonNode> values = read(request);
    boolean json = request.method().equals("POST") && request.isJson();
    values.forEach(
        (name, value) -> {
          String type = known.get(name);
          if (type == null) {
            throw new SlackException("invalid_arg_name");
          }
          if (json ? !hasType(value, type) : !canHaveType(value.asText(), type)) {
            throw new SlackException("invalid_arguments");
          }
        });
    return new Arguments(values);
  }

  private static Map<String, JsonNode> read(Request request) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    if (request.method().equals("POST") && request.isJson()) {
      JsonNode body =
          Json.read(request.body()).orElseThrow(() -> new SlackException("invalid_json"));
      if (!body.isObject()) {
        throw new SlackException("json_not_object");
      }
      body.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
      return values;
    }
    Map<String, List<String>> form =
        request.method().equals("POST") ? Request.form(request.body()) : request.query();
    form.forEach((name, all) -> values.put(name, TextNode.valueOf(all.get(0))));
    return values;
  }

  private static boolean hasType(JsonNode value, String type) {
    return switch (type) {
      case "boolean" -> value.isBoolean();
      case "number" -> value.isNumber();
      default -> value.isTextual();
    };
  }

  private static boolean canHaveType(String text, String type) {
    return switch (type) {
      case "boolean" -> text.matches("true|false|0|1");
      case "number" -> text.isEmpty() || text.matches("\\d+(\\.\\d+)?");
      default -> true;
    };
  }

  /** Empty if it is absent. */
  String text(String name) {
    return Optional.ofNullable(values.get(name)).map(JsonNode::asText).orElse("");
  }

  /**
   * @param error if it is absent or empty
   */
  String required(String name, String error) {
    String text = text(name);
    if (text.isEmpty()) {
      throw new SlackException(error);
    }
    return text;
  }

  boolean flag(String name) {
    return text(name).matches("true|1");
  }

  int number(String name, int otherwise) {
    String text = text(name);
    return text.isEmpty() ? otherwise : Integer.parseInt(text);
  }
}
