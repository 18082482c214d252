package dev.lockstep.communication.manager;

import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.record.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for who leads an incident.
 *
 * @param to who leads it from then on, usually an e-mail address; empty for a release
 * @param from who leads it now, as far as the writer knows; null if that does not matter
 * @param reason why; may be empty
 * @param openPoints of a handover, at most 2,500 characters
 * @param key identifies the request: the same request again changes nothing
 * @param by who asks
 */
public record ManagerRequest(
    String to, @Nullable String from, String reason, String openPoints, String key, String by) {
  static final int LONGEST_POINTS = 2500;

  private static final int LONGEST_NAME = 254;
  private static final int LONGEST_REASON = 500;
  private static final int LONGEST_KEY = 100;

  /**
   * @throws RefusedUpdateException if something is not valid
   */
  public ManagerRequest {
    to = PlainText.oneLine(to).strip();
    reason = PlainText.oneLine(reason).strip();
    openPoints = PlainText.normalize(openPoints);
    require(to.length() <= LONGEST_NAME, "to: longer than %d characters", LONGEST_NAME);
    require(reason.length() <= LONGEST_REASON, "reason: longer than %d characters", LONGEST_REASON);
    require(
        openPoints.length() <= LONGEST_POINTS,
        "openPoints: longer than %d characters; shorten them",
        LONGEST_POINTS);
    require(
        key.matches("[\\x21-\\x7e]{1,%d}".formatted(LONGEST_KEY)),
        "key: write 1 to %d letters, digits and signs",
        LONGEST_KEY);
  }

  private static void require(boolean holds, String otherwise, int number) {
    if (!holds) {
      throw RefusedUpdateException.invalid(otherwise.formatted(number));
    }
  }

  ManagerRequest withOpenPoints(String text) {
    return new ManagerRequest(to, from, reason, text, key, by);
  }
}
