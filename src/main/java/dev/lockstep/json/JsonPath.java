package dev.lockstep.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path into a JSON document: keys joined by dots, positions in lists as {@code [0]}, for example
 * {@code assignments[0].assignee.id}, or the first element in which a key has a value, as in {@code
 * fields[id=360].value} or {@code assignments[role.type=lead].assignee}. The empty path is the
 * document itself.
 *
 * <p>Keys may contain dots themselves. At each step the rest of the path is first tried as one key,
 * as in flat answers ({@code assigned_to.email}), then its beginning, the longest first, where the
 * key before the first dot is missing ({@code incident.updated.v2.id}).
 */
public record JsonPath(String expression) {
  private static final String KEY = "[A-Za-z_][\\w-]*";

  /** A condition is followed by a key. */
  private static final String STEP =
      KEY + "(\\[\\d{1,3}]|\\[" + KEY + "(\\." + KEY + ")*=[^\\[\\]{}]{1,100}](?=\\.))?";

  private static final Pattern VALID = Pattern.compile(STEP + "(\\." + STEP + ")*");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,17}");

  /** Numbers with fewer digits are ints, as Jackson reads them. */
  private static final int INT_DIGITS = 10;

  private static final String APPEND = "[]";

  /**
   * The first step of a path.
   *
   * @param key in an object; with a {@code value}, a path of keys in the elements of a list
   * @param index position in a list; -1 for another step
   * @param value what the key of an element must have; null for another step
   * @param rest what follows, without a leading dot
   */
  private record Step(String key, int index, @Nullable String value, String rest) {

    static Step first(String path) {
      boolean position = path.startsWith("[");
      int end = position ? path.indexOf(']') + 1 : endOfKey(path);
      if (position && end == 0) {
        throw new IllegalArgumentException("'" + path + "' lacks a closing bracket");
      }
      String rest = path.substring(end < path.length() && path.charAt(end) == '.' ? end + 1 : end);
      if (!position) {
        return new Step(path.substring(0, end), -1, null, rest);
      }
      String inside = path.substring(1, end - 1);
      int equals = inside.indexOf('=');
      return equals < 0
          ? new Step("", Integer.parseInt(inside), null, rest)
          : new Step(inside.substring(0, equals), -1, inside.substring(equals + 1), rest);
    }

    private static int endOfKey(String path) {
      int end = 0;
      while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
        end++;
      }
      return end;
    }

    boolean isLast() {
      return rest.isEmpty();
    }

    JsonNode child(JsonNode node) {
      if (index < 0 && value == null) {
        return node.path(key);
      }
      return node.isArray() && positionIn(node) < 0
          ? NullNode.instance
          : node.path(positionIn(node));
    }

    /** The position of this step's element in a list; -1 when there is none. */
    int positionIn(JsonNode list) {
      if (value == null) {
        return list.has(index) ? index : -1;
      }
      for (int i = 0; i < list.size(); i++) {
        if (text(list.path(i), key).equals(value)) {
          return i;
        }
      }
      return -1;
    }

    void removeFrom(JsonNode node) {
      if (node instanceof ObjectNode object) {
        object.remove(key);
      } else if (node instanceof ArrayNode list) {
        list.remove(positionIn(list));
      }
    }

    /** Whether the element has nothing but what the condition names. */
    boolean isAllOf(JsonNode element) {
      return value != null && isAllOf(element, key);
    }

    private static boolean isAllOf(JsonNode node, String key) {
      Step first = first(key);
      return node.size() == 1
          && (node.has(key)
              || node.has(first.key()) && isAllOf(node.path(first.key()), first.rest()));
    }

    /** The element of this step's condition, added when there is none. */
    ObjectNode elementIn(ArrayNode list) {
      int position = positionIn(list);
      if (position >= 0) {
        return (ObjectNode) list.get(position);
      }
      ObjectNode added = list.addObject();
      put(added, key, identifying());
      return added;
    }

    /** What the condition names: a number if it is one. */
    private JsonNode identifying() {
      JsonNodeFactory nodes = JsonNodeFactory.instance;
      String wanted = Objects.requireNonNull(value);
      if (!NUMBER.matcher(wanted).matches()) {
        return nodes.textNode(wanted);
      }
      return wanted.length() < INT_DIGITS
          ? nodes.numberNode(Integer.parseInt(wanted))
          : nodes.numberNode(Long.parseLong(wanted));
    }
  }

  /**
   * Whether this is a path as configuration writes it; keys are letters, digits, {@code _} and
   * {@code -}.
   */
  public static boolean isValid(String expression) {
    return VALID.matcher(expression).matches();
  }

  /**
   * The value at this path. Missing when the document does not show it; null when the document says
   * that there is nothing: by a null on the way or by a list that is too short.
   */
  public JsonNode find(JsonNode document) {
    return find(document, expression);
  }

  /** {@link #find(JsonNode)} for a path that is used once. */
  public static JsonNode find(JsonNode node, String path) {
    if (path.isEmpty()) {
      return node;
    }
    if (node.isNull()) {
      return NullNode.instance;
    }
    if (node.has(path)) {
      return node.path(path);
    }
    Step step = Step.first(path);
    JsonNode child = step.child(node);
    return child.isMissingNode() && node.isObject()
        ? findUnderKeyWithDots(node, path)
        : find(child, step.rest());
  }

  private static JsonNode findUnderKeyWithDots(JsonNode node, String path) {
    for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      if (node.has(path.substring(0, dot))) {
        return find(node.path(path.substring(0, dot)), path.substring(dot + 1));
      }
    }
    return MissingNode.getInstance();
  }

  /** The value as text; empty when it is missing, null, an object or a list. */
  public static String text(JsonNode document, String path) {
    return find(document, path).asText("");
  }

  /** A text or a number; empty when it is anything else or blank. */
  public Optional<String> findText(JsonNode document) {
    JsonNode found = find(document);
    return Optional.of(found)
        .filter(value -> value.isTextual() || value.isNumber())
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank());
  }

  /**
   * Sets the value, creating objects on the way. A list that the path leads into is created with
   * one element, whatever the position; {@code []} at the end appends to the list there is. An
   * element that a condition names is added to the list unless it is there; a value of digits is a
   * number in it.
   */
  public void put(ObjectNode document, JsonNode value) {
    put(document, expression, value);
  }

  /** {@link #put(ObjectNode, JsonNode)} for a path that is used once. */
  public static void put(ObjectNode document, String path, JsonNode value) {
    Step step = Step.first(path);
    if (document.has(path) || step.isLast()) {
      document.set(path, value);
    } else if (step.rest().equals(APPEND)) {
      document.withArrayProperty(step.key()).add(value);
    } else if (!step.rest().startsWith("[")) {
      put(document.withObjectProperty(step.key()), step.rest(), value);
    } else {
      Step position = Step.first(step.rest());
      if (position.value() != null) {
        put(position.elementIn(document.withArrayProperty(step.key())), position.rest(), value);
      } else if (position.isLast()) {
        document.putArray(step.key()).add(value);
      } else {
        put(firstElement(document.withArrayProperty(step.key())), position.rest(), value);
      }
    }
  }

  private static ObjectNode firstElement(ArrayNode list) {
    return list.isEmpty() ? list.addObject() : (ObjectNode) list.get(0);
  }

  /**
   * Sets an empty list where the path leads into one, else an empty text; also in an element that a
   * condition names.
   */
  public void clear(ObjectNode document) {
    clear(document, expression);
  }

  private static void clear(ObjectNode document, String path) {
    Step step = Step.first(path);
    if (document.has(path) || step.isLast()) {
      document.put(path, "");
    } else if (step.rest().startsWith("[")) {
      Step position = Step.first(step.rest());
      if (position.value() == null) {
        document.putArray(step.key());
      } else {
        clear(position.elementIn(document.withArrayProperty(step.key())), position.rest());
      }
    } else {
      clear(document.withObjectProperty(step.key()), step.rest());
    }
  }

  /**
   * Removes the value and whatever is empty without it.
   *
   * @return the value; a missing node when there is none
   */
  public static JsonNode take(JsonNode document, String path) {
    if (document instanceof ObjectNode object && object.has(path)) {
      return object.remove(path);
    }
    Step step = Step.first(path);
    if (step.isLast()) {
      return document instanceof ArrayNode list && step.positionIn(list) >= 0
          ? list.remove(step.positionIn(list))
          : MissingNode.getInstance();
    }
    JsonNode child = step.child(document);
    if (!child.isContainerNode()) {
      return MissingNode.getInstance();
    }
    JsonNode taken = take(child, step.rest());
    if (child.isEmpty() || step.isAllOf(child)) {
      step.removeFrom(document);
    }
    return taken;
  }

  @Override
  public String toString() {
    return expression;
  }
}
