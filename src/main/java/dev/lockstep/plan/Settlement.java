package dev.lockstep.plan;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.record.Side;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides from what a system shows after a write whether both sides agree. A response that is
 * empty, or omits the field, does not confirm a value that was sent.
 */
final class Settlement {

  private Settlement() {}

  /**
   * @param to the side that was written to
   * @param base the base before the write
   * @param source the other side's value; null if it does not show it
   * @param shown what the system shows now; null if it does not show the field
   */
  static AgreedValue after(
      FieldMapping field,
      String system,
      Side to,
      AgreedValue base,
      @Nullable String source,
      String written,
      @Nullable String shown) {
    if (shown != null && isKept(field, to, source, written, shown)) {
      return AgreedValue.of(to, shown, source);
    }
    UnconfirmedWrite before = base.unconfirmed();
    boolean again =
        before != null
            && before.side() == to
            && before.written().equals(written)
            && Objects.equals(before.source(), source);
    // A value that cannot be seen is not written twice.
    int attempts = again || shown == null ? UnconfirmedWrite.MAX_ATTEMPTS : 1;
    return base.withUnconfirmed(
        new UnconfirmedWrite(to, written, source, shown, attempts, reason(system, written, shown)));
  }

  static boolean isKept(
      FieldMapping field, Side to, @Nullable String source, String written, String shown) {
    if (shown.equals(written)) {
      return true;
    }
    return source == null ? !shown.isBlank() : field.isInStep(to, shown, source);
  }

  static String reason(String system, String written, @Nullable String shown) {
    return shown == null
        ? "%s does not show whether it kept '%s'".formatted(system, written)
        : "%s kept '%s' instead of '%s'".formatted(system, shown, written);
  }
}
