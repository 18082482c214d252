package dev.lockstep.pair;

import dev.lockstep.record.Side;
import org.jspecify.annotations.Nullable;

/**
 * The value of a field that both sides last agreed on, each as its own mapped value. Null: nothing
 * was agreed for that side, so any value it has counts as a change.
 *
 * @param unconfirmed a later value that one side was sent and does not show; null if there is none
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

  /** What the side showed when the field was last processed; a different value is an edit. */
  public @Nullable String lastShown(Side side) {
    return unconfirmed == null ? on(side) : unconfirmed.on(side);
  }

  /** Keeps the agreed values and marks the field as unconfirmed. */
  public AgreedValue withUnconfirmed(UnconfirmedWrite open) {
    return new AgreedValue(left, right, open);
  }
}
