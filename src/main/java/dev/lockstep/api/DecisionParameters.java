package dev.lockstep.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What came along with a decision, as JSON or as parameters. A mistyped key is refused: passing
 * over it would do something else than what was meant.
 */
final class DecisionParameters {
  private static final String SOMEBODY = "api";
  private static final int LONGEST = 100;

  private final Map<String, String> body;

  DecisionParameters(@Nullable Map<String, String> body, List<String> keys) {
    this.body = body == null ? Map.of() : body;
    for (String key : this.body.keySet()) {
      if (!keys.contains(key)) {
        throw wrong(key + ": no such key; there is " + String.join(", ", keys));
      }
    }
  }

  /** Who decides. */
  String by(@Nullable String parameter) {
    String by = text("by", parameter);
    return by.isEmpty() ? SOMEBODY : by;
  }

  /** Goes into notes and the audit, so nothing that could forge a line there. */
  String text(String name, @Nullable String parameter) {
    String given = parameter == null ? body.getOrDefault(name, "") : parameter;
    String text = given == null ? "" : given.strip();
    if (text.length() > LONGEST) {
      throw wrong(name + ": longer than " + LONGEST + " characters");
    }
    if (text.codePoints().anyMatch(DecisionParameters::unprintable)) {
      throw wrong(name + ": holds a control character");
    }
    return text;
  }

  static int limit(int limit, int most) {
    if (limit < 1 || limit > most) {
      throw wrong("limit: " + limit + " is not between 1 and " + most);
    }
    return limit;
  }

  static ResponseStatusException wrong(String what) {
    return new ResponseStatusException(HttpStatus.BAD_REQUEST, what);
  }

  private static boolean unprintable(int character) {
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
