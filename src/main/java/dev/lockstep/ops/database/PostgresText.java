package dev.lockstep.ops.database;

import java.util.regex.Pattern;

/**
 * Removes NUL from texts: PostgreSQL accepts it neither in {@code text} nor in {@code jsonb}, and
 * users paste it with log output.
 */
public final class PostgresText {
  private static final String ESCAPED_NUL = "\\u0000";
  private static final Pattern NUL_IN_JSON = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

  private PostgresText() {}

  public static String removeNul(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
  }

  /** The same for JSON text, where NUL is an escape sequence. */
  static String removeNulFromJson(String json) {
    return json.contains(ESCAPED_NUL) ? NUL_IN_JSON.matcher(json).replaceAll("$1") : json;
  }
}
