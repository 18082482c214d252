package dev.lockstep.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Parameters of a decision, from a JSON body or the query. Unknown keys are rejected: ignoring a
 * misspelt key would do something other than intended.
 */
final class DecisionParameters {
  private static final int MAX_LENGTH = 100;

  private final Map<String, String> body;

  DecisionParameters(@Nullable Map<String, String> body, List<String> keys) {
    this.body = body == null ? Map.of() : body;
    for (String key : this.body.keySet()) {
      if (!keys.contains(key)) {
        throw badRequest(key + ": unknown key; allowed: " + String.join(", ", keys));
      }
    }
  }

  /** A text for notes and the audit; control characters are rejected, as they could forge lines. */
  String text(String name, @Nullable String parameter) {
    String given = parameter == null ? body.getOrDefault(name, "") : parameter;
    String text = given == null ? "" : given.strip();
    if (text.length() > MAX_LENGTH) {
      throw badRequest(name + ": longer than " + MAX_LENGTH + " characters");
    }
    if (text.codePoints().anyMatch(DecisionParameters::isUnprintable)) {
      throw badRequest(name + ": contains a control character");
    }
    return text;
  }

  /** A secret, with the spaces around it; the one who stores it decides what is allowed. */
  String verbatim(String name) {
    return Objects.requireNonNullElse(body.get(name), "");
  }

  static int limit(int limit, int most) {
    if (limit < 1 || limit > most) {
      throw badRequest("limit: " + limit + " is not between 1 and " + most);
    }
    return limit;
  }

  static ResponseStatusException badRequest(String what) {
    return new ResponseStatusException(HttpStatus.BAD_REQUEST, what);
  }

  private static boolean isUnprintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
