package dev.lockstep.postmortem.reading;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Words with a meaning of their own in a cell or behind a label. */
final class Words {
  private static final Set<String> NOTHING =
      Set.of(
          "",
          "tbd",
          "tba",
          "tbc",
          "?",
          "??",
          "???",
          "-",
          "--",
          "---",
          "–",
          "—",
          "none",
          "n/a",
          "na",
          "n.a.",
          "nobody",
          "no one",
          "unassigned",
          "unknown",
          "todo",
          "…",
          "...",
          "nil",
          "open");
  private static final Set<String> DONE =
      Set.of(
          "done",
          "closed",
          "complete",
          "completed",
          "resolved",
          "fixed",
          "finished",
          "shipped",
          "merged",
          "deployed",
          "implemented",
          "yes",
          "y",
          "x",
          "true",
          "✓",
          "✔",
          "✅",
          "☑",
          "[x]");

  /** Left for somebody to fill in. */
  static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]*\\}\\}");

  /** Brackets that hold words rather than a link: {@code [link to issue]}. */
  private static final Pattern BRACKETS = Pattern.compile("\\[[^\\[\\]]*\\]");

  private Words() {}

  static boolean isNothing(String text) {
    return NOTHING.contains(
        text.strip().replaceAll("^[@(\\[<]+|[)\\]>.]+$", "").strip().toLowerCase(Locale.ROOT));
  }

  static boolean isDone(String text) {
    String word =
        text.replaceAll("[\\uFE0F\\s]+", " ")
            .strip()
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\.$", "");
    return DONE.contains(word)
        || DONE.contains(word.replaceAll("[^\\p{L} ]", "").strip())
        || word.startsWith("✅")
        || word.matches("(done|closed|completed|resolved)\\b.*");
  }

  /** Whether nothing is left of a template's line once what is to be filled in is taken out. */
  static boolean isTemplate(String text) {
    String rest = PLACEHOLDER.matcher(text).replaceAll(" ");
    return !rest.equals(text)
        && BRACKETS.matcher(rest).replaceAll(" ").replaceAll("[\\W_]+", "").isEmpty();
  }

  /** For a sentence that quotes it. */
  static String brief(String text) {
    String line = Text.tidy(text);
    return line.codePointCount(0, line.length()) <= 60
        ? line
        : line.substring(0, line.offsetByCodePoints(0, 59)).strip() + "…";
  }
}
