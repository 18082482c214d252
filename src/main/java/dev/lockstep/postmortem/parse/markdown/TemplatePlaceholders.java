package dev.lockstep.postmortem.parse.markdown;

import java.util.regex.Pattern;

/** Recognizes placeholders of templates, and shortens quotations for messages. */
public final class TemplatePlaceholders {
  /** Text that is left to be filled in. */
  public static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]*+\\}\\}");

  /** Brackets that contain words instead of a link: {@code [link to issue]}. */
  private static final Pattern BRACKETS = Pattern.compile("\\[[^\\[\\]]*+\\]");

  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private TemplatePlaceholders() {}

  /** Whether a line consists only of template placeholders. */
  public static boolean isTemplate(String text) {
    String rest = PLACEHOLDER.matcher(text).replaceAll(" ");
    return !rest.equals(text)
        && NO_LETTERS.matcher(BRACKETS.matcher(rest).replaceAll(" ")).replaceAll("").isEmpty();
  }

  /** Shortened for quotation in a message. */
  public static String brief(String text) {
    String line = InlineText.tidy(text);
    return line.codePointCount(0, line.length()) <= 60
        ? line
        : line.substring(0, line.offsetByCodePoints(0, 59)).strip() + "…";
  }
}
