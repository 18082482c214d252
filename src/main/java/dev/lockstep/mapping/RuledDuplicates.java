package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;

/**
 * A file's {@code duplicates} section.
 *
 * @param compared what is compared ({@link #TITLE} and so on) to the field that holds it
 */
record RuledDuplicates(
    Map<String, RuledField> compared,
    Map<Side, Condition> scope,
    Map<Side, Condition> over,
    Map<Side, Follow> follow)
    implements DuplicateRules {

  static final String TITLE = "title";
  static final String DESCRIPTION = "description";
  static final String SERVICE = "service";
  static final String CATEGORY = "category";

  /**
   * @param when the primary ended in the way that is followed
   */
  record Follow(Condition when, List<String> fields) {
    static final Follow NOTHING = new Follow(new Condition.Never(), List.of());
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
    RuledField field = compared.get(what);
    String value = field == null ? null : values.get(field.name());
    if (field == null || value == null) {
      return "";
    }
    boolean translated = side == Side.RIGHT && !field.left().onlyTold();
    return translated
            && field.translate(side, value, null) instanceof FieldMapping.Translation.To left
        ? left.value()
        : value;
  }

  @Override
  public boolean inScope(Side side, Map<String, String> values) {
    return scope.getOrDefault(side, new Condition.Always()).holds(values);
  }

  @Override
  public boolean isOver(Side side, Map<String, String> values) {
    return over.getOrDefault(side, new Condition.Never()).holds(values);
  }

  @Override
  public boolean isResolved(Side side, Map<String, String> values) {
    return follow.getOrDefault(side, Follow.NOTHING).when().holds(values);
  }

  @Override
  public List<String> followed(Side side) {
    return follow.getOrDefault(side, Follow.NOTHING).fields();
  }
}
