package dev.lockstep.mapping;

import dev.lockstep.mapping.field.Condition;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the records of one side say about an incident: a file's {@code incident} section.
 *
 * @param side whose records are the incidents
 * @param priority the field that holds the priority
 * @param levels by level, for example {@code P1}, the field's values; most urgent first
 * @param service the field that holds the affected service; empty for none
 * @param team the field that holds the responsible team; empty for none
 * @param manager the field that holds the incident manager; empty for none
 * @param majorLevel the level that a major incident has at least; empty: that of its priority
 */
public record IncidentRule(
    Side side,
    String priority,
    Map<String, List<String>> levels,
    Condition major,
    Condition acknowledged,
    Condition mitigated,
    Condition resolved,
    String service,
    String team,
    String manager,
    String majorLevel) {

  /** A field and the value that it gets. */
  public record Value(String field, String value) {}

  /**
   * What to write so that a condition holds: the first value that it names; empty if it says more
   * than that a field has one of some values.
   */
  public static Optional<Value> toReach(Condition condition) {
    return condition instanceof Condition.In in
        ? in.accepted().stream().findFirst().map(value -> new Value(in.field(), value))
        : Optional.empty();
  }

  /**
   * The level of a record; an empty text if its value is in no level and it is not major, nothing
   * if the record lacks a field that decides.
   */
  public Optional<String> level(Map<String, String> values) {
    Optional<String> byPriority = byPriority(values);
    return majorLevel.isEmpty()
        ? byPriority
        : major
            .decide(values)
            .flatMap(isMajor -> byPriority.map(level -> isMajor ? atLeastMajor(level) : level));
  }

  private String atLeastMajor(String level) {
    List<String> order = List.copyOf(levels.keySet());
    return order.contains(level) && order.indexOf(level) < order.indexOf(majorLevel)
        ? level
        : majorLevel;
  }

  private Optional<String> byPriority(Map<String, String> values) {
    return Optional.ofNullable(values.get(priority))
        .map(
            value ->
                levels.entrySet().stream()
                    .filter(level -> level.getValue().contains(value))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(""));
  }
}
