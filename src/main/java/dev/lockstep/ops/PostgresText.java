package dev.lockstep.ops;

import java.util.regex.Pattern;

/**
 * Texts as PostgreSQL can hold them: neither {@code text} nor {@code jsonb} takes the character
 * NUL, which people paste with what they copied from logs.
 */
public final class PostgresText {
  private static final String ESCAPED_NUL = "\\u0000";
  private static final Pattern NUL_IN_JSON = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

  private PostgresText() {}

  public static String removeNul(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
  }

  /** The same for JSON, in which NUL is written as an escape. */
  static String removeNulFromJson(String json) {
    return json.contains(ESCAPED_NUL) ? NUL_IN_JSON.matcher(json).replaceAll("$1") : json;
  }
}
