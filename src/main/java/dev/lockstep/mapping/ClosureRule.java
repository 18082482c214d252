package dev.lockstep.mapping;

import dev.lockstep.mapping.field.Condition;
import dev.lockstep.record.Side;
import java.util.Map;

/** A file's {@code closure} section. */
record ClosureRule(Map<Side, Rule> rules) implements ClosureRules {

  /**
   * @param reopen field to the value that reopens
   * @param priority the field that holds the priority; empty for none
   */
  record Rule(Condition when, Map<String, String> reopen, String priority) {
    static final Rule NONE = new Rule(new Condition.Never(), Map.of(), "");
  }

  private Rule rule(Side side) {
    return rules.getOrDefault(side, Rule.NONE);
  }

  @Override
  public boolean isClosed(Side side, Map<String, String> values) {
    return rule(side).when().holds(values);
  }

  @Override
  public Map<String, String> reopen(Side side) {
    return rule(side).reopen();
  }

  @Override
  public String priority(Side side, Map<String, String> values) {
    return values.getOrDefault(rule(side).priority(), "");
  }
}
