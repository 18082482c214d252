package dev.lockstep.mapping.field;

import dev.lockstep.record.Side;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps the values of one side to those of the other. */
public sealed interface ValueMapping {

  /** The mapped value on the other side; null: there is none. */
  @Nullable String translate(Side from, String value);

  /** Why the mapped value is never written, though it is equivalent; null if it is. */
  default @Nullable String gap(Side from, String value) {
    return null;
  }

  /** Whether the two values are equivalent. */
  boolean agree(String left, String right);

  /** The listed values and ranges of a side; empty: any value is possible. */
  Set<String> knownValues(Side side);

  /** Whether a value is listed, is in a range that is, or any value is possible. */
  default boolean isKnown(Side side, String value) {
    Set<String> known = knownValues(side);
    return known.isEmpty() || known.contains(value) || translate(side, value) != null;
  }

  /**
   * The value that a table lists for this one: no value that is only copied, and so none that the
   * mapping's author did not write.
   */
  default Optional<String> word(Side from, String value) {
    return Optional.empty();
  }

  /** All that {@link #word} can return for the other side of {@code from}. */
  default Set<String> words(Side from) {
    return Set.of();
  }

  /**
   * Both sides use the same values.
   *
   * @param names whether the values are names, which are compared case-insensitively
   */
  record Identity(boolean names) implements ValueMapping {

    @Override
    public String translate(Side from, String value) {
      return value;
    }

    @Override
    public boolean agree(String left, String right) {
      return names ? left.equalsIgnoreCase(right) : left.equals(right);
    }

    @Override
    public Set<String> knownValues(Side side) {
      return Set.of();
    }
  }

  /**
   * Table lookup. Several values may map to the same value of the other side, which maps back to
   * one of them. A key may be a {@link NumberRange}.
   *
   * @param others whether a value that is not listed maps to itself
   * @param gaps by side, its values whose mapped value is never written, with the reason
   */
  record Table(
      Map<String, String> toRight,
      Map<String, String> toLeft,
      boolean others,
      Map<Side, Map<String, String>> gaps)
      implements ValueMapping {

    @Override
    public @Nullable String gap(Side from, String value) {
      return gaps.getOrDefault(from, Map.of()).get(value);
    }

    @Override
    public @Nullable String translate(Side from, String value) {
      Map<String, String> table = from == Side.LEFT ? toRight : toLeft;
      String listed = table.get(value);
      String mapped = listed == null ? inRange(table, value) : listed;
      return mapped == null && others ? value : mapped;
    }

    @Override
    public Optional<String> word(Side from, String value) {
      Map<String, String> table = from == Side.LEFT ? toRight : toLeft;
      String listed = table.get(value);
      return Optional.ofNullable(listed == null ? inRange(table, value) : listed);
    }

    @Override
    public Set<String> words(Side from) {
      return Set.copyOf((from == Side.LEFT ? toRight : toLeft).values());
    }

    private static @Nullable String inRange(Map<String, String> table, String value) {
      if (!NumberRange.isNumber(value)) {
        return null;
      }
      return table.entrySet().stream()
          .filter(
              entry ->
                  NumberRange.parse(entry.getKey())
                      .map(range -> range.contains(value))
                      .orElse(false))
          .findFirst()
          .map(Map.Entry::getValue)
          .orElse(null);
    }

    /**
     * Also true if the right value maps back to a left value with the same mapped value: a right
     * value may be an alias that is read but never written.
     */
    @Override
    public boolean agree(String left, String right) {
      String back = translate(Side.RIGHT, right);
      if (toRight.isEmpty()) {
        return left.equals(back);
      }
      String there = translate(Side.LEFT, left);
      if (there == null) {
        return false;
      }
      return there.equals(right)
          || (back != null && there.equals(translate(Side.LEFT, back)))
          || (others && left.equalsIgnoreCase(right) && !toRight.containsKey(left));
    }

    @Override
    public Set<String> knownValues(Side side) {
      if (others) {
        return Set.of();
      }
      Map<String, String> forth = side == Side.LEFT ? toRight : toLeft;
      Map<String, String> back = side == Side.LEFT ? toLeft : toRight;
      return forth.isEmpty() ? Set.copyOf(back.values()) : forth.keySet();
    }
  }
}
