package dev.lockstep.access;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a user or an API token, as the audit shows it. No name of one kind can be mistaken
 * for one of another: API tokens are {@code token:ci}, callers with the local token {@code
 * local:ann}.
 */
final class AccountName {
  static final String TOKEN = "token:";
  static final String LOCAL = "local:";

  /** Who logged in with the one-time password. */
  static final String SETUP = "setup";

  /** How decisions of Lockstep itself are stored. */
  private static final String LOCKSTEP = "lockstep";

  private static final Set<String> RESERVED = Set.of(SETUP, LOCKSTEP, "local");
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
  private static final int LONGEST = 64;

  private AccountName() {}

  /**
   * A name for a new user or token.
   *
   * @throws RefusedException with what is wrong with it
   */
  static String require(String given) {
    if (!NAME.matcher(given).matches()) {
      throw RefusedException.invalid(
          "name: use 1 to 64 lower-case letters, digits and . _ @ -, the first a letter or digit");
    }
    if (RESERVED.contains(given)) {
      throw RefusedException.invalid("name: '" + given + "' is reserved; use another one");
    }
    return given;
  }

  /** Whether the name that an identity provider gives can be shown as it is. */
  static boolean isAcceptable(String given) {
    return !given.isBlank()
        && given.equals(printable(given))
        && !RESERVED.contains(given)
        && !given.startsWith(TOKEN)
        && !given.startsWith(LOCAL);
  }

  /** Text that a caller typed: it can neither forge a line nor fill the audit. */
  static String printable(String given) {
    StringBuilder printable = new StringBuilder();
    given
        .strip()
        .codePoints()
        .limit(LONGEST)
        .map(c -> isPrintable(c) ? c : '?')
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
