package dev.lockstep.mapping;

import dev.lockstep.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a field stands on one side.
 *
 * @param paths where; several: their values joined by {@link #JOINT}; none: the side is only told
 * @param reference the connector's name for what the field points at; null: a plain value
 * @param or read when the path is empty
 * @param limit how much fits
 * @param standIn written when the other side is empty, and at creation when its value has no
 *     counterpart; empty: nothing is
 * @param finals values that are never left, with the reason
 * @param steps value it has, to value it shall get, to the value that has to be written between
 * @param fill value of this field, to field, to what it gets if it is empty
 * @param alsoSets path to value, written along with any value
 * @param alsoSetsFor value of this field, to path, to what is written along
 * @param notWhile when the system does not take this field
 * @param atTime the time of day written after a day, where this side keeps times; empty: it is
 *     written as it is
 * @param notWith fields the system does not take in the same call; they go first
 */
record FieldSide(
    List<JsonPath> paths,
    @Nullable String reference,
    @Nullable JsonPath fallback,
    CarryWhen carryWhen,
    TextLimit limit,
    boolean ignoreEmpty,
    String defaultValue,
    Map<String, String> terminalValues,
    Map<String, Map<String, String>> steps,
    Map<String, Map<String, String>> fill,
    Map<String, String> alsoSets,
    Map<String, Map<String, String>> alsoSetsFor,
    Condition notWhile,
    Set<String> notWith,
    @Nullable NoteTemplate noteTemplate,
    String atTime) {

  static final String SEPARATOR = "/";

  /** What to write next so that a field that is {@code current} comes to be {@code wanted}. */
  String nextStep(String current, String wanted) {
    return steps.getOrDefault(current, Map.of()).getOrDefault(wanted, wanted);
  }

  boolean noteOnly() {
    return paths.isEmpty();
  }

  boolean joined() {
    return paths.size() > 1;
  }
}
