package dev.lockstep.reconcile;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a record differs from what Lockstep knows of it.
 *
 * @param key display key, for example {@code INC0010001}
 * @param fields by {@code mapping.field}, the values that differ; empty unless it was changed
 * @param reason why it could not be read; empty otherwise
 */
public record Drift(
    RecordRef record, String key, Problem problem, Map<String, Values> fields, String reason) {

  /** What is wrong with a record. */
  public enum Problem {
    /** It was changed and neither a webhook nor a poll reported it. */
    CHANGED,
    /** It no longer exists. */
    DELETED,
    /** It was deleted and exists again. */
    RESTORED,
    /** Its system refuses to show it. */
    UNREADABLE
  }

  /**
   * @param known as it was last processed; empty for an empty field, or one that was not shown
   * @param shown as its system shows it now
   */
  public record Values(String known, String shown) {}

  public Drift {
    fields = Map.copyOf(fields);
  }

  static Drift deleted(RecordState known) {
    return new Drift(known.ref(), known.key(), Problem.DELETED, Map.of(), "");
  }

  static Drift restored(RecordState known) {
    return new Drift(known.ref(), known.key(), Problem.RESTORED, Map.of(), "");
  }

  static Drift unreadable(RecordState known, String reason) {
    return new Drift(known.ref(), known.key(), Problem.UNREADABLE, Map.of(), reason);
  }

  /**
   * Compares a record with what its system shows. A field that the system does not show now proves
   * nothing.
   *
   * @return empty if all values that both have are equal
   */
  static Optional<Drift> between(RecordState known, RecordState shown) {
    Map<String, Values> differing = new TreeMap<>();
    shown
        .values()
        .forEach(
            (mapping, values) ->
                values.forEach(
                    (field, value) -> {
                      String before = known.values().getOrDefault(mapping, Map.of()).get(field);
                      if (before != null && !Objects.equals(before, value)) {
                        differing.put(mapping + "." + field, new Values(before, value));
                      }
                    }));
    return differing.isEmpty()
        ? Optional.empty()
        : Optional.of(new Drift(known.ref(), shown.key(), Problem.CHANGED, differing, ""));
  }
}
