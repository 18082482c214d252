package dev.lockstep.mapping.field;

import dev.lockstep.json.JsonPath;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One side of a field.
 *
 * @param paths several: their values are joined by {@link #SEPARATOR}; none: changes are only
 *     reported in notes
 * @param reference the connector's reference type; null: a plain value
 * @param fallback read when the path is empty (YAML: {@code or})
 * @param unlisted read when no table lists the value at the path, such as the class it belongs to
 * @param limit maximum length
 * @param defaultValue written when the other side is empty, and at creation when its value has no
 *     mapped value; empty: none
 * @param terminalValues values that are never changed, with the reason (YAML: {@code final})
 * @param steps current value, to target value, to the intermediate value to write first
 * @param fill value of this field, to another field, to the value it gets if it is empty
 * @param form what is written with a value, and where
 * @param notWhile when the system does not accept this field
 * @param atTime the time of day appended to a date, if this side stores timestamps; empty: none
 * @param after by value, how long the other side must have been unchanged before it is written
 * @param notWith fields the system does not accept in the same call; they are written first
 * @param composed the text that the other side gets, since this side has no such field; null: the
 *     value of the paths
 * @param restored values that this side must not take by itself: the owner's value is written again
 */
public record FieldSide(
    List<JsonPath> paths,
    @Nullable String reference,
    @Nullable JsonPath fallback,
    @Nullable JsonPath unlisted,
    CarryWhen carryWhen,
    TextLimit limit,
    boolean ignoreEmpty,
    String defaultValue,
    Map<String, String> terminalValues,
    Map<String, Map<String, String>> steps,
    Map<String, Map<String, String>> fill,
    WriteForm form,
    Condition notWhile,
    Map<String, Duration> after,
    Set<String> notWith,
    @Nullable NoteTemplate noteTemplate,
    String atTime,
    @Nullable TextTemplate composed,
    Set<String> restored) {

  static final String SEPARATOR = "/";

  /** The next value to write on the way from {@code current} to {@code wanted}. */
  public String nextStep(String current, String wanted) {
    return steps.getOrDefault(current, Map.of()).getOrDefault(wanted, wanted);
  }

  /** All paths that may be written for this field. */
  public Set<String> writtenPaths() {
    Set<String> written = new LinkedHashSet<>(writePaths());
    form.all().forEach(set -> written.add(set.getKey()));
    return written;
  }

  /** Whether it cannot be read. */
  public boolean noteOnly() {
    return paths.isEmpty() && composed == null;
  }

  /** Where the value is written. */
  public List<String> writePaths() {
    return form.writtenAt().isEmpty()
        ? paths.stream().map(JsonPath::expression).toList()
        : List.of(form.writtenAt());
  }

  boolean joined() {
    return paths.size() > 1;
  }
}
