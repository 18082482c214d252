package dev.lockstep.console;

import dev.lockstep.record.PlainText;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Who acts, for the audit. */
final class Actor {
  /** As long as nobody logs in. */
  private static final String NOBODY = "console";

  private static final int LONGEST_REASON = 500;

  private Actor() {}

  static String name(@Nullable Principal user) {
    return user == null ? NOBODY : user.getName();
  }

  /** A reason as it is stored: one line without control characters. */
  static String reason(@Nullable String given) {
    String line = given == null ? "" : PlainText.oneLine(given);
    return PlainText.truncate(line, LONGEST_REASON, Integer.MAX_VALUE);
  }

  /** The same; refuses an empty one. */
  static String requiredReason(@Nullable String given) {
    String reason = reason(given);
    if (reason.isEmpty()) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST, "reason: missing; go back and say why, for the audit.");
    }
    return reason;
  }
}
