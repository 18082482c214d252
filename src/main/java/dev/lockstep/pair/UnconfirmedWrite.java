package dev.lockstep.pair;

import dev.lockstep.record.Side;
import org.jspecify.annotations.Nullable;

/**
 * A value written to a side whose system does not confirm that it kept it. Cleared when both sides
 * agree or one of them is edited.
 *
 * @param side the side that was written to
 * @param written the value that was sent
 * @param source the other side's value at that time
 * @param shown what the system showed afterwards; null if it did not show the field
 * @param attempts how often the value was sent or fetched
 * @param reason one line for an operator: what the system kept
 */
public record UnconfirmedWrite(
    Side side,
    String written,
    @Nullable String source,
    @Nullable String shown,
    int attempts,
    String reason) {

  /** The first write and one retry. */
  public static final int MAX_ATTEMPTS = 2;

  /** Whether the value is sent once more. */
  public boolean canRetry() {
    return attempts < MAX_ATTEMPTS;
  }

  /** The same after the last attempt: nothing more is sent. */
  public UnconfirmedWrite withoutRetry(String why) {
    return new UnconfirmedWrite(side, written, source, shown, MAX_ATTEMPTS, why);
  }

  @Nullable String on(Side of) {
    return of == side ? shown : source;
  }
}
