package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the values of one side are called on the other. */
sealed interface ValueMapping {

  /** What a side's value is called on the other; null: there is no word for it. */
  @Nullable String translate(Side from, String value);

  /** Whether the two mean the same. */
  boolean agree(String left, String right);

  /** The values a side is known to have; empty: any. */
  Set<String> knownValues(Side side);

  /**
   * Both sides use the same words.
   *
   * @param names whether they are names, which differ in case only by accident
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
   * Looked up. Several values may share a word on the other side; the way back gives one of them.
   *
   * @param others whether a value that is not listed keeps its name
   */
  record Table(Map<String, String> toRight, Map<String, String> toLeft, boolean others)
      implements ValueMapping {

    @Override
    public @Nullable String translate(Side from, String value) {
      String word = (from == Side.LEFT ? toRight : toLeft).get(value);
      return word == null && others ? value : word;
    }

    /**
     * Also true when the right value's way back leads to a left value with the same meaning: a
     * right value may be an alias that is read but never written.
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
