package dev.lockstep.connector.definition;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call as {@code calls} declares it. Its texts contain arguments as {@code {name}}. An argument
 * in {@code path} or {@code query} is URL-encoded; elsewhere, one inside a longer text is escaped
 * for the system's query language, and one that is the whole text is left as it is. In the body,
 * {@code {list:name}} becomes a list and {@code {number:name}} a number, and a property whose
 * argument is empty is omitted. A query omits the parameter {@code {pageToken}} of a first page.
 *
 * @param variables what the system's Kamelet receives, by variable name
 * @param body of a call that sends no record
 */
public record RequestTemplate(Map<String, String> variables, @Nullable JsonNode body) {
  static final String BODY = "body";

  /** The argument that replaces the declared {@code query} on the next pages of a listing. */
  public static final String NEXT_QUERY = "nextQuery";

  /** The argument that is a part of a query and not a value in it. */
  public static final String FILTER = "filter";

  private static final String PAGE_TOKEN = "pageToken";
  private static final Pattern PAGE_PARAMETER = Pattern.compile("(^|&)[^&=]+=\\{pageToken}(?=&|$)");
  private static final Set<String> PARTS_OF_URLS = Set.of("path", "query");
  static final Pattern WHOLE = Pattern.compile("\\{(?:(list|number):)?(\\w+)}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static RequestTemplate of(ObjectNode declared) {
    Map<String, String> variables = new HashMap<>();
    declared
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals(BODY)) {
                variables.put(field.getKey(), field.getValue().asText());
              }
            });
    return new RequestTemplate(Map.copyOf(variables), declared.get(BODY));
  }

  /**
   * @param variables of the Kamelet
   */
  public record Request(Map<String, String> variables, @Nullable JsonNode body) {}

  /**
   * @param escaped the arguments, escaped for the system's query language
   */
  public Request fill(Map<String, String> arguments, Map<String, String> escaped) {
    Map<String, String> filled = new HashMap<>();
    variables.forEach(
        (variable, text) ->
            filled.put(
                variable,
                PARTS_OF_URLS.contains(variable)
                    ? Placeholders.fill(
                        variable.equals("query") ? query(text, arguments) : text,
                        name -> urlEncoded(arguments.getOrDefault(name, "")))
                    : text(text, arguments, escaped)));
    String next = arguments.getOrDefault(NEXT_QUERY, "");
    if (!next.isEmpty()) {
      filled.put("query", next);
    }
    return new Request(filled, body == null ? null : fill(body, arguments, escaped));
  }

  /** Whether one of its texts contains this one. */
  boolean requests(String text) {
    return variables.values().stream().anyMatch(value -> value.contains(text))
        || (body != null && body.toString().contains(text));
  }

  private static String query(String text, Map<String, String> arguments) {
    if (!arguments.getOrDefault(PAGE_TOKEN, "").isEmpty()) {
      return text;
    }
    String shorter = PAGE_PARAMETER.matcher(text).replaceAll("");
    return shorter.startsWith("&") ? shorter.substring(1) : shorter;
  }

  /** Valid in paths and in queries; a space is %20, because + means a plus in a path. */
  public static String urlEncoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String text(
      String text, Map<String, String> arguments, Map<String, String> escaped) {
    Matcher whole = WHOLE.matcher(text);
    return whole.matches()
        ? arguments.getOrDefault(whole.group(2), "")
        : Placeholders.fill(text, name -> escaped.getOrDefault(name, ""));
  }

  private static JsonNode fill(
      JsonNode template, Map<String, String> arguments, Map<String, String> escaped) {
    if (template.isTextual()) {
      return value(template.asText(), arguments, escaped);
    }
    if (template.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      template.forEach(item -> array.add(fill(item, arguments, escaped)));
      return array;
    }
    if (template.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : template.properties()) {
        JsonNode value = fill(field.getValue(), arguments, escaped);
        if (!value.isMissingNode()) {
          object.set(field.getKey(), value);
        }
      }
      return object;
    }
    return template;
  }

  private static JsonNode value(
      String text, Map<String, String> arguments, Map<String, String> escaped) {
    String value = text(text, arguments, escaped);
    Matcher whole = WHOLE.matcher(text);
    if (!whole.matches()) {
      return JsonNodeFactory.instance.textNode(value);
    }
    if (value.isEmpty()) {
      return MissingNode.getInstance();
    }
    if ("number".equals(whole.group(1))) {
      return JsonNodeFactory.instance.numberNode(Long.parseLong(value));
    }
    if ("list".equals(whole.group(1))) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      for (String item : value.split(",", -1)) {
        list.add(item);
      }
      return list;
    }
    return JsonNodeFactory.instance.textNode(value);
  }
}
