package dev.lockstep.mapping;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a record must be like, by its values: to start syncing, to count as closed, and the like.
 */
sealed interface Condition {

  boolean holds(Map<String, String> values);

  /**
   * Whether it would hold if the fields that leave it open had the right values.
   *
   * @param open whether a field's value says nothing, since it is not shown or is no known one
   */
  boolean mightHold(Map<String, String> values, Predicate<String> open);

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

    /** What is open may be either way. */
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

  /** A record that does not show the field begins nothing. */
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

  /** As {@link In}, the other way about. */
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
