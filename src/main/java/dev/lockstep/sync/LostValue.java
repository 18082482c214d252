package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.plan.Conflict;
import dev.lockstep.record.Side;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that lost a conflict, as stored in the audit.
 *
 * @param side the side that had it, in whose values it is
 * @param written what was to replace it there
 */
public record LostValue(Side side, String field, String value, String written) {
  private static final String WHAT = "conflict";
  private static final String FIELD = "field";
  private static final String LOST = "lost";
  private static final String WINNER = "winner";
  private static final String WRITTEN = "written";

  /**
   * The entry of a conflict.
   *
   * @param keptBy who set the value that is kept; null if unknown
   * @param lostBy who set the other one; null if unknown
   * @param written what replaces the lost value on its side; null if it was no edit but an effect
   *     of a write, so that nobody can want it back
   */
  static AuditEntry toEntry(
      String text,
      Conflict conflict,
      @Nullable String keptBy,
      @Nullable String lostBy,
      @Nullable String written) {
    Map<String, String> details = new HashMap<>();
    details.put(FIELD, conflict.field());
    details.put("kept", conflict.kept());
    details.put("keptBy", Objects.requireNonNullElse(keptBy, ""));
    details.put(LOST, conflict.lost());
    details.put("lostBy", Objects.requireNonNullElse(lostBy, ""));
    details.put(WINNER, conflict.winner().label());
    if (written != null) {
      details.put(WRITTEN, written);
    }
    return new AuditEntry(WHAT, text, details);
  }

  /** Empty if the entry is not about a conflict, or its value was no edit. */
  public static Optional<LostValue> parse(AuditEntry entry) {
    Map<String, String> details = entry.details();
    String winner = details.get(WINNER);
    String field = details.get(FIELD);
    String lost = details.get(LOST);
    String written = details.get(WRITTEN);
    if (!entry.what().equals(WHAT)
        || winner == null
        || field == null
        || lost == null
        || written == null) {
      return Optional.empty();
    }
    return Optional.of(new LostValue(Side.parse(winner).other(), field, lost, written));
  }
}
