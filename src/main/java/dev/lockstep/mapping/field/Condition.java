package dev.lockstep.mapping.field;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A predicate on a record's mapped values, for example to start syncing or to count as closed. */
public sealed interface Condition {

  boolean holds(Map<String, String> values);

  /**
   * Whether the condition would hold for some values of the undecided fields.
   *
   * @param open whether a field is undecided: it is absent from the record, or its value is in no
   *     table
   */
  boolean mightHold(Map<String, String> values, Predicate<String> open);

  /** Whether it holds; nothing if a field that decides is lacking. */
  default Optional<Boolean> decide(Map<String, String> values) {
    boolean holds = holds(values);
    return holds || !mightHold(values, field -> !values.containsKey(field))
        ? Optional.of(holds)
        : Optional.empty();
  }

  record Always() implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return true;
    }

    @Override
    public boolean mightHold(Map<String, String> values, Predicate<String> open) {
      return true;
    }
  }

  record Never() implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return false;
    }

    @Override
    public boolean mightHold(Map<String, String> values, Predicate<String> open) {
      return false;
    }
  }

  record Not(Condition condition) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return !condition.holds(values);
    }

    /** An undecided field may have either outcome. */
    @Override
    public boolean mightHold(Map<String, String> values, Predicate<String> open) {
      return !condition.holds(values);
    }
  }

  record All(List<Condition> conditions) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return conditions.stream().allMatch(condition -> condition.holds(values));
    }

    @Override
    public boolean mightHold(Map<String, String> values, Predicate<String> open) {
      return conditions.stream().allMatch(condition -> condition.mightHold(values, open));
    }
  }

  record Any(List<Condition> conditions) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return conditions.stream().anyMatch(condition -> condition.holds(values));
    }

    @Override
    public boolean mightHold(Map<String, String> values, Predicate<String> open) {
      return conditions.stream().anyMatch(condition -> condition.mightHold(values, open));
    }
  }

  /** Does not hold for a record without the field. */
  record In(String field, Set<String> accepted) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      String value = values.get(field);
      return value != null && accepted.contains(value);
    }

    @Override
    public boolean mightHold(Map<String, String> values, Predicate<String> open) {
      return open.test(field) || holds(values);
    }
  }

  /** The negation of {@link In}, but does not hold for a record without the field either. */
  record NotIn(String field, Set<String> refused) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      String value = values.get(field);
      return value != null && !refused.contains(value);
    }

    @Override
    public boolean mightHold(Map<String, String> values, Predicate<String> open) {
      return open.test(field) || holds(values);
    }
  }
}
