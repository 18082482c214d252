package dev.lockstep.pair;

import dev.lockstep.record.Side;
import org.jspecify.annotations.Nullable;

/**
 * What both sides last agreed a field to be, each in its own words. Null: nothing was agreed for
 * that side yet, so any value it has counts as a change.
 *
 * @param unsettled a later value that one side was sent and does not show; null if there is none
 */
public record AgreedValue(
    @Nullable String left, @Nullable String right, @Nullable UnconfirmedWrite unconfirmed) {

  public static final AgreedValue NOTHING = new AgreedValue(null, null);

  public AgreedValue(@Nullable String left, @Nullable String right) {
    this(left, right, null);
  }

  public static AgreedValue of(Side side, @Nullable String value, @Nullable String other) {
    return side == Side.LEFT ? new AgreedValue(value, other) : new AgreedValue(other, value);
  }

  public @Nullable String on(Side side) {
    return side == Side.LEFT ? left : right;
  }

  /** What a side showed when the field was last dealt with: what differs from it is an edit. */
  public @Nullable String lastShown(Side side) {
    return unconfirmed == null ? on(side) : unconfirmed.on(side);
  }

  /** What was agreed stays, and the field is open. */
  public AgreedValue withUnconfirmed(UnconfirmedWrite open) {
    return new AgreedValue(left, right, open);
  }
}
