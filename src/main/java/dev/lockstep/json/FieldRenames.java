package dev.lockstep.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Converts a record between two shapes of the same system, such as that of its webhooks and that of
 * its API, field by field. A path consists of keys joined by dots; {@code name[]} is every element
 * of a list, which has the same position in both shapes: {@code assignees[]} becomes {@code
 * assignments[].assignee}.
 */
public record FieldRenames(List<Rename> renames) {
  public static final FieldRenames NONE = new FieldRenames(List.of());

  private static final String EACH = "[]";
  private static final String LIST = Pattern.quote(EACH);
  private static final Pattern PATH = Pattern.compile("[\\w-]+(\\[])?(\\.[\\w-]+(\\[])?)*");

  /**
   * @param values what replaces some values, by their text
   */
  private record Rename(String from, String to, Map<String, String> values) {
    Rename {
      if (!PATH.matcher(from).matches() || !PATH.matcher(to).matches()) {
        throw invalid(from, to, "must be keys joined by dots, and lists name[]");
      }
      if (count(from) != count(to)) {
        throw invalid(from, to, "must have [] on both sides or on neither, and as often");
      }
      boolean sameList = from.split(LIST, 2)[0].equals(to.split(LIST, 2)[0]);
      if (count(from) > 0
          && (sameList ? from.endsWith(EACH) || to.endsWith(EACH) : !isList(from))) {
        throw invalid(from, to, "must be a field of a list's elements, or a whole list");
      }
    }

    private static IllegalArgumentException invalid(String from, String to, String why) {
      return new IllegalArgumentException("rename " + from + ": " + to + " " + why);
    }

    private static int count(String path) {
      return path.split(LIST, -1).length - 1;
    }

    private static boolean isList(String path) {
      return count(path) == 1 && path.endsWith(EACH);
    }

    JsonNode replaced(JsonNode value) {
      String other = value.isValueNode() ? values.get(value.asText()) : null;
      return other == null ? value : TextNode.valueOf(other);
    }
  }

  /** Each path with its new one, or with {@code {to: ..., values: {...}}}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static FieldRenames of(JsonNode declared) {
    List<Rename> renames = new ArrayList<>();
    declared
        .properties()
        .forEach(
            entry -> {
              JsonNode to = entry.getValue();
              Map<String, String> values = new HashMap<>();
              to.path("values")
                  .properties()
                  .forEach(e -> values.put(e.getKey(), e.getValue().asText()));
              renames.add(
                  new Rename(
                      entry.getKey(),
                      to.isObject() ? to.path("to").asText() : to.asText(),
                      Map.copyOf(values)));
            });
    return new FieldRenames(List.copyOf(renames));
  }

  /**
   * Returns a converted copy. Missing fields stay missing; a field that already has its new name is
   * kept. What is empty without a field that was moved is removed.
   */
  public ObjectNode apply(ObjectNode record) {
    ObjectNode converted = record.deepCopy();
    renames.forEach(rename -> move(converted, rename.from(), rename.to(), rename));
    return converted;
  }

  private static void move(ObjectNode record, String from, String to, Rename rename) {
    int list = from.indexOf(EACH);
    if (list < 0) {
      JsonNode value = JsonPath.take(record, from);
      if (!value.isMissingNode() && JsonPath.find(record, to).isMissingNode()) {
        JsonPath.put(record, to, rename.replaced(value));
      }
      return;
    }
    String name = from.substring(0, list);
    String newName = to.substring(0, to.indexOf(EACH));
    String inner = inElement(to);
    if (name.equals(newName)) {
      for (JsonNode element : JsonPath.find(record, name)) {
        if (element instanceof ObjectNode each) {
          move(each, inElement(from), inner, rename);
        }
      }
      return;
    }
    JsonNode elements = JsonPath.take(record, name);
    if (elements.isArray() && JsonPath.find(record, newName).isMissingNode()) {
      ArrayNode moved = record.arrayNode();
      elements.forEach(element -> moved.add(inner.isEmpty() ? element : in(inner, element)));
      JsonPath.put(record, newName, moved);
    }
  }

  private static ObjectNode in(String path, JsonNode element) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    JsonPath.put(object, path, element);
    return object;
  }

  /** What follows the first {@code []}, without its dot. */
  private static String inElement(String path) {
    int end = path.indexOf(EACH) + EACH.length();
    return end == path.length() ? "" : path.substring(end + 1);
  }

  /**
   * The former names of a top-level field; itself if it was not renamed.
   *
   * @param name in the new shape
   */
  public Set<String> formerNames(String name) {
    Set<String> former = new TreeSet<>();
    for (Rename rename : renames) {
      if (firstKey(rename.to()).equals(name)) {
        former.add(firstKey(rename.from()));
      }
    }
    return former.isEmpty() ? Set.of(name) : former;
  }

  private static String firstKey(String path) {
    return path.split("[.\\[]", 2)[0];
  }
}
