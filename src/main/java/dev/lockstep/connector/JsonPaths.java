package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Paths such as {@code assignments[0].assignee.id}, and texts with {@code {path}} in them. */
final class JsonPaths {
  private static final Pattern HOLE = Pattern.compile("\\{([^{}]+)}");

  private JsonPaths() {}

  /**
   * What stands there; a missing node if nothing does. A property whose name has dots in it is
   * found too: that is how dot-walked fields come back.
   */
  static JsonNode at(JsonNode node, String path) {
    if (path.isEmpty()) {
      return node;
    }
    if (node.has(path)) {
      return node.get(path);
    }
    int end = endOfStep(path, 0);
    String step = path.substring(0, end);
    JsonNode next =
        step.startsWith("[")
            ? node.path(Integer.parseInt(step.substring(1, step.length() - 1)))
            : node.path(step);
    if (end == path.length()) {
      return next;
    }
    if (next.isMissingNode()) {
      return MissingNode.getInstance();
    }
    return at(next, path.substring(path.charAt(end) == '.' ? end + 1 : end));
  }

  private static int endOfStep(String path, int from) {
    if (path.charAt(from) == '[') {
      return path.indexOf(']', from) + 1;
    }
    int end = from;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    return end;
  }

  /** The text there; empty if there is none. */
  static String text(JsonNode node, String path) {
    return at(node, path).asText("");
  }

  /**
   * The text there; empty if the record says that there is none, null if it does not say. A null,
   * or a list that ends before, on the way says so; a property that is missing does not.
   */
  static @Nullable String told(JsonNode node, String path) {
    if (node.has(path)) {
      return node.get(path).asText("");
    }
    if (node.isNull()) {
      return "";
    }
    int end = endOfStep(path, 0);
    String step = path.substring(0, end);
    JsonNode next = at(node, step);
    if (next.isMissingNode()) {
      return node.isArray() ? "" : null;
    }
    return end == path.length()
        ? next.asText("")
        : told(next, path.substring(path.charAt(end) == '.' ? end + 1 : end));
  }

  /** Fills every {@code {path}} from the record. Empty when one of them is. */
  static String fill(String template, JsonNode record) {
    Matcher holes = HOLE.matcher(template);
    while (holes.find()) {
      if (text(record, holes.group(1)).isEmpty()) {
        return "";
      }
    }
    return fill(template, path -> text(record, path));
  }

  static String fill(String template, UnaryOperator<String> value) {
    return HOLE.matcher(template)
        .replaceAll(hole -> Matcher.quoteReplacement(value.apply(hole.group(1))));
  }

  /** The same tree, every text in it filled. */
  static JsonNode fill(JsonNode template, UnaryOperator<String> value) {
    if (template.isTextual()) {
      return JsonNodeFactory.instance.textNode(fill(template.asText(), value));
    }
    if (template.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      template.forEach(item -> array.add(fill(item, value)));
      return array;
    }
    if (template.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : template.properties()) {
        object.set(field.getKey(), fill(field.getValue(), value));
      }
      return object;
    }
    return template;
  }

  /**
   * Puts a value there, making objects on the way; a path that ends in {@code []} adds to a list.
   */
  static void put(ObjectNode node, String path, JsonNode value) {
    int dot = path.indexOf('.');
    if (dot >= 0) {
      put(node.withObjectProperty(path.substring(0, dot)), path.substring(dot + 1), value);
    } else if (path.endsWith("[]")) {
      node.withArrayProperty(path.substring(0, path.length() - 2)).add(value);
    } else {
      node.set(path, value);
    }
  }

  /** Takes what stands there out, with what is empty without it. */
  static JsonNode take(ObjectNode node, String path) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      JsonNode taken = node.remove(path);
      return taken == null ? MissingNode.getInstance() : taken;
    }
    String step = path.substring(0, dot);
    if (!(node.get(step) instanceof ObjectNode inner)) {
      return MissingNode.getInstance();
    }
    JsonNode taken = take(inner, path.substring(dot + 1));
    if (inner.isEmpty()) {
      node.remove(step);
    }
    return taken;
  }

  /** Adds everything of the other tree; objects are joined, all else is replaced. */
  static void merge(ObjectNode into, JsonNode other) {
    for (Map.Entry<String, JsonNode> field : other.properties()) {
      if (field.getValue().isObject() && into.get(field.getKey()) instanceof ObjectNode inner) {
        merge(inner, field.getValue());
      } else {
        into.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  /** The paths a text has holes for. */
  static Set<String> holes(String template) {
    Set<String> paths = new TreeSet<>();
    Matcher holes = HOLE.matcher(template);
    while (holes.find()) {
      paths.add(holes.group(1));
    }
    return paths;
  }
}
