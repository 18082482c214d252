package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a value stands in a record: keys joined by dots, places in lists as {@code [0]}, for
 * example {@code assignments[0].assignee.id}. A key holding dots itself ({@code assigned_to.email},
 * as a flat answer has it) is tried before the path is taken apart.
 */
record FieldPath(String text) {

  private static final Pattern WHOLE =
      Pattern.compile("[A-Za-z_][\\w-]*(\\[\\d{1,3}])?(\\.[A-Za-z_][\\w-]*(\\[\\d{1,3}])?)*");
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)(?:\\[(\\d+)])?");

  /** One key, and the place in the list under it; -1: no list. */
  private record Step(String key, int index) {}

  static boolean isValid(String text) {
    return WHOLE.matcher(text).matches();
  }

  /**
   * What stands there. Missing: the record does not tell. Null: it says there is nothing, be it by
   * a null on the way or a list that is too short.
   */
  JsonNode in(JsonNode record) {
    return find(record, text);
  }

  private static JsonNode find(JsonNode node, String rest) {
    if (node.isNull()) {
      return NullNode.instance;
    }
    if (node.has(rest)) {
      return node.path(rest);
    }
    int dot = rest.indexOf('.');
    Step step = step(dot < 0 ? rest : rest.substring(0, dot));
    JsonNode child = node.path(step.key());
    if (step.index() >= 0 && child.isArray()) {
      child = child.has(step.index()) ? child.path(step.index()) : NullNode.instance;
    } else if (step.index() >= 0 && !child.isNull()) {
      return MissingNode.getInstance();
    }
    return dot < 0 ? child : find(child, rest.substring(dot + 1));
  }

  /** Puts a value there, making what is missing on the way. */
  void put(ObjectNode body, JsonNode value) {
    List<Step> steps = steps();
    ObjectNode at = body;
    for (Step step : steps.subList(0, steps.size() - 1)) {
      at = step.index() < 0 ? at.withObjectProperty(step.key()) : element(at, step);
    }
    Step last = steps.get(steps.size() - 1);
    if (last.index() < 0) {
      at.set(last.key(), value);
    } else {
      at.putArray(last.key()).add(value);
    }
  }

  /** Says there is nothing: an empty list if the path leads into one, else an empty text. */
  void clear(ObjectNode body) {
    ObjectNode at = body;
    for (Step step : steps()) {
      if (step.index() >= 0) {
        at.putArray(step.key());
        return;
      }
      if (step.equals(steps().get(steps().size() - 1))) {
        at.put(step.key(), "");
      } else {
        at = at.withObjectProperty(step.key());
      }
    }
  }

  private static ObjectNode element(ObjectNode parent, Step step) {
    ArrayNode list = parent.withArrayProperty(step.key());
    return list.isEmpty() ? list.addObject() : (ObjectNode) list.get(0);
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      steps.add(step(part));
    }
    return steps;
  }

  private static Step step(String part) {
    Matcher matcher = STEP.matcher(part);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("Not a step of a path: " + part);
    }
    String index = matcher.group(2);
    return new Step(matcher.group(1), index == null ? -1 : Integer.parseInt(index));
  }
}
