package dev.lockstep.mapping;

import dev.lockstep.mapping.field.Condition;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.record.Side;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file's {@code duplicates} section.
 *
 * @param compared compared attribute ({@link #TITLE} and so on) to field
 * @param excluded records that are not compared although they are in scope (YAML: {@code never})
 * @param choices fields whose values are listed in the mapping, as opposed to free text
 * @param sameAudience two records with equal values of these fields may share their texts
 */
record DuplicateRule(
    Map<String, MappedField> compared,
    Map<Side, Condition> scope,
    Map<Side, Condition> excluded,
    Map<Side, Condition> resolvedOrClosed,
    Map<Side, Follow> follow,
    Set<String> choices,
    List<String> sameAudience)
    implements DuplicateRules {

  static final String TITLE = "title";
  static final String DESCRIPTION = "description";
  static final String SERVICE = "service";
  static final String CATEGORY = "category";

  /**
   * @param when when a primary is resolved so that its duplicates are resolved too
   * @param instead field, to the primary's value, to the duplicate's value
   * @param neutral field to the value of a duplicate that must not contain the primary's texts
   */
  record Follow(
      Condition when,
      List<String> fields,
      Map<String, Map<String, String>> instead,
      Map<String, String> neutral) {
    static final Follow NOTHING = new Follow(new Condition.Never(), List.of(), Map.of(), Map.of());
  }

  @Override
  public Compared compared(Side side, Map<String, String> values) {
    return new Compared(
        value(TITLE, side, values),
        value(DESCRIPTION, side, values),
        value(SERVICE, side, values),
        value(CATEGORY, side, values));
  }

  private String value(String what, Side side, Map<String, String> values) {
    MappedField field = compared.get(what);
    String value = field == null ? null : values.get(field.name());
    if (field == null || value == null) {
      return "";
    }
    boolean translated = side == Side.RIGHT && !field.left().noteOnly();
    return translated
            && field.translate(side, value, null) instanceof FieldMapping.Translation.To left
        ? left.value()
        : value;
  }

  @Override
  public boolean inScope(Side side, Map<String, String> values) {
    return scope.getOrDefault(side, new Condition.Always()).holds(values)
        && !isExcluded(side, values);
  }

  /** A record without a field that the condition needs is excluded. */
  private boolean isExcluded(Side side, Map<String, String> values) {
    return excluded
        .getOrDefault(side, new Condition.Never())
        .mightHold(values, field -> !values.containsKey(field));
  }

  @Override
  public boolean isResolvedOrClosed(Side side, Map<String, String> values) {
    return resolvedOrClosed.getOrDefault(side, new Condition.Never()).holds(values);
  }

  @Override
  public boolean isResolved(Side side, Map<String, String> values) {
    return follow.getOrDefault(side, Follow.NOTHING).when().holds(values);
  }

  @Override
  public boolean follows(Side side) {
    return !follow.getOrDefault(side, Follow.NOTHING).fields().isEmpty();
  }

  @Override
  public Map<String, String> valuesFromPrimary(
      Side side, Map<String, String> primary, boolean texts) {
    Follow rule = follow.getOrDefault(side, Follow.NOTHING);
    Map<String, String> values = new LinkedHashMap<>();
    for (String field : rule.fields()) {
      String value =
          texts || choices.contains(field)
              ? primary.getOrDefault(field, "")
              : rule.neutral().getOrDefault(field, "");
      if (!value.isEmpty()) {
        values.put(field, rule.instead().getOrDefault(field, Map.of()).getOrDefault(value, value));
      }
    }
    return values;
  }

  @Override
  public List<String> audience(Side side, Map<String, String> values) {
    List<String> audience =
        sameAudience.stream().map(field -> values.getOrDefault(field, "").strip()).toList();
    return audience.contains("") ? List.of() : audience;
  }
}
