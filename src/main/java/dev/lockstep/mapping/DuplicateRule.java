package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file's {@code duplicates} section.
 *
 * @param compared what is compared ({@link #TITLE} and so on) to the field that holds it
 * @param never which records are not compared although they are in scope
 * @param choices the fields whose values are of a list in the mapping: no person wrote them
 * @param sameAudience the fields that make two records share their texts when they are equal
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
   * @param when the primary ended in the way that is followed
   * @param instead field, to the primary's value, to what a duplicate takes instead
   * @param neutral field to what a duplicate takes that must not show the primary's texts
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

  /** A record that does not show what decides is excluded. */
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
