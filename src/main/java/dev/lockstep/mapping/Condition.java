package dev.lockstep.mapping;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a record must be like, by its values: to begin a pair, to count as closed, and the like. */
sealed interface Condition {

  boolean holds(Map<String, String> values);

  record Always() implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return true;
    }
  }

  record Never() implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return false;
    }
  }

  record Not(Condition condition) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return !condition.holds(values);
    }
  }

  record All(List<Condition> conditions) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return conditions.stream().allMatch(condition -> condition.holds(values));
    }
  }

  record Any(List<Condition> conditions) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      return conditions.stream().anyMatch(condition -> condition.holds(values));
    }
  }

  /** A record that does not tell the field begins nothing: it is asked for before it is judged. */
  record In(String field, Set<String> accepted) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      String value = values.get(field);
      return value != null && accepted.contains(value);
    }
  }

  /** As {@link In}, the other way about. */
  record NotIn(String field, Set<String> refused) implements Condition {
    @Override
    public boolean holds(Map<String, String> values) {
      String value = values.get(field);
      return value != null && !refused.contains(value);
    }
  }
}
