package dev.lockstep.mapping.field;

import dev.lockstep.record.PlainText;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with {@code {{field|otherwise}}} in it: the word that the mapping's tables list for the
 * value of a field, or the text after the bar if they list none. Values that are in no table never
 * become part of it, so that such a text contains only what the mapping's author wrote.
 *
 * <p>The exception is {@code {{field.value}}}: the word, or the value itself if they list none. A
 * part in brackets is left out if such a value in it is empty.
 */
public record TextTemplate(String text) {
  public static final String ID = ".id";
  public static final String VALUE = ".value";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}|]*)(?:\\|([^}]*))?}}");

  private static final Pattern PART =
      Pattern.compile("\\[([^\\[\\]]*\\{\\{[^}|]*\\.value}}[^\\[\\]]*)]");

  /** The names in it: of fields, with {@link #ID} or {@link #VALUE} at the end if it is that. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    Matcher found = PLACEHOLDER.matcher(text);
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }

  /** The field in a name of {@link #names}, without {@link #ID} or {@link #VALUE}. */
  public static String field(String name) {
    return name.replaceFirst("\\.(id|value)$", "");
  }

  public static boolean isValue(String name) {
    return name.endsWith(VALUE);
  }

  /** Whether each brace belongs to a placeholder. */
  public boolean isWellFormed() {
    String rest = PLACEHOLDER.matcher(text).replaceAll("");
    return rest.indexOf('{') < 0 && rest.indexOf('}') < 0;
  }

  /** The placeholders that have no text for a field without a word. */
  public Set<String> withoutOtherwise() {
    Set<String> incomplete = new LinkedHashSet<>();
    Matcher found = PLACEHOLDER.matcher(text);
    while (found.find()) {
      boolean complete = found.group(2) != null && !found.group(2).isBlank();
      if (!complete && !isValue(found.group(1))) {
        incomplete.add(found.group());
      }
    }
    return incomplete;
  }

  /**
   * @param word of a name; empty if the tables list none, or the value is empty
   */
  public String fill(Function<String, Optional<String>> word) {
    String kept =
        PART.matcher(text)
            .replaceAll(
                part ->
                    Matcher.quoteReplacement(isComplete(part.group(1), word) ? part.group(1) : ""));
    return fillPlaceholders(kept, word);
  }

  private static boolean isComplete(String part, Function<String, Optional<String>> word) {
    return new TextTemplate(part)
        .names().stream()
            .filter(TextTemplate::isValue)
            .allMatch(name -> word.apply(name).isPresent());
  }

  private static String fillPlaceholders(String text, Function<String, Optional<String>> word) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    word.apply(found.group(1))
                        .orElseGet(() -> found.group(2) == null ? "" : found.group(2))));
  }

  /**
   * For a path, whose placeholders have no text after a bar.
   *
   * @return empty if one of them has no value
   */
  Optional<String> fillAll(Function<String, Optional<String>> value) {
    return names().stream().allMatch(name -> value.apply(name).isPresent())
        ? Optional.of(fillPlaceholders(text, value))
        : Optional.empty();
  }

  /**
   * Whether a text may have been filled from this one.
   *
   * @param words all that the tables list for a field
   */
  public boolean matches(String shown, Function<String, Set<String>> words) {
    StringBuilder pattern = new StringBuilder();
    Matcher found = PLACEHOLDER.matcher(text);
    int from = 0;
    while (found.find()) {
      pattern.append(Pattern.quote(plain(text.substring(from, found.start()))));
      Set<String> possible = new LinkedHashSet<>(words.apply(found.group(1)));
      if (found.group(2) != null) {
        possible.add(found.group(2));
      }
      pattern.append("(?:");
      pattern.append(String.join("|", possible.stream().map(Pattern::quote).toList()));
      pattern.append(')');
      from = found.end();
    }
    pattern.append(Pattern.quote(plain(text.substring(from))));
    return Pattern.matches(pattern.toString(), PlainText.normalize(shown).strip());
  }

  /** Line ends as {@link PlainText} has them; blanks between words stay. */
  private static String plain(String part) {
    return PlainText.clean(part);
  }
}
