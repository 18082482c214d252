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
 */
public record TextTemplate(String text) {
  public static final String ID = ".id";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}|]*)(?:\\|([^}]*))?}}");

  /** The names in it: of fields, or of ids with {@link #ID} at the end. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    Matcher found = PLACEHOLDER.matcher(text);
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }

  /** The placeholders that have no text for a field without a word. */
  public Set<String> withoutOtherwise() {
    Set<String> incomplete = new LinkedHashSet<>();
    Matcher found = PLACEHOLDER.matcher(text);
    while (found.find()) {
      if (found.group(2) == null || found.group(2).isBlank()) {
        incomplete.add(found.group());
      }
    }
    return incomplete;
  }

  /**
   * @param word of a field; empty if the tables list none
   */
  public String fill(Function<String, Optional<String>> word) {
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
        ? Optional.of(fill(value))
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
