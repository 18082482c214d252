package dev.lockstep.postmortem.parse;

import java.util.regex.Pattern;

/** Placeholders of templates, and quotations in messages. */
final class Placeholders {
  /** Left for somebody to fill in. */
  static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]*+\\}\\}");

  /** Brackets that hold words rather than a link: {@code [link to issue]}. */
  private static final Pattern BRACKETS = Pattern.compile("\\[[^\\[\\]]*+\\]");

  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private Placeholders() {}

  /** Whether nothing is left of a template's line once what is to be filled in is taken out. */
  static boolean isTemplate(String text) {
    String rest = PLACEHOLDER.matcher(text).replaceAll(" ");
    return !rest.equals(text)
        && NO_LETTERS.matcher(BRACKETS.matcher(rest).replaceAll(" ")).replaceAll("").isEmpty();
  }

  /** For a sentence that quotes it. */
  static String brief(String text) {
    String line = InlineText.tidy(text);
    return line.codePointCount(0, line.length()) <= 60
        ? line
        : line.substring(0, line.offsetByCodePoints(0, 59)).strip() + "…";
  }
}
