package dev.lockstep.pair;

import dev.lockstep.record.Side;
import org.jspecify.annotations.Nullable;

/**
 * What both sides last agreed a field to be, each in its own words. Null: nothing was agreed for
 * that side yet, so any value it has counts as a change.
 */
public record Agreed(@Nullable String left, @Nullable String right) {

  public static Agreed of(Side side, @Nullable String value, @Nullable String other) {
    return side == Side.LEFT ? new Agreed(value, other) : new Agreed(other, value);
  }

  public @Nullable String on(Side side) {
    return side == Side.LEFT ? left : right;
  }
}
