package dev.lockstep.mapping.field;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value composed of several fields: {@code template}.
 *
 * @param text contains fields as {@code {{name}}}; a part in brackets is left out if a field in it
 *     is empty
 */
public record FieldTemplate(String text) {
  private static final Pattern FIELD = Pattern.compile("\\{\\{([a-z][a-z0-9-]*)}}");
  private static final Pattern OPTIONAL = Pattern.compile("\\[([^\\[\\]]*)]");
  private static final Pattern SIGN = Pattern.compile("[{}\\[\\]]");

  /** The fields it is composed of. */
  public Set<String> fields() {
    Set<String> names = new LinkedHashSet<>();
    FIELD.matcher(text).results().map(found -> found.group(1)).forEach(names::add);
    return names;
  }

  /** Whether each brace and bracket belongs to a field or to a part. */
  boolean isValid() {
    String parts = OPTIONAL.matcher(text).replaceAll("$1");
    return !SIGN.matcher(FIELD.matcher(parts).replaceAll("")).find();
  }

  /**
   * @param values a field's value; null: the record does not show it
   * @return null if the record does not show one of the fields
   */
  public @Nullable String fill(Function<String, @Nullable String> values) {
    if (fields().stream().anyMatch(name -> values.apply(name) == null)) {
      return null;
    }
    String kept =
        OPTIONAL
            .matcher(text)
            .replaceAll(
                part -> Matcher.quoteReplacement(isComplete(part, values) ? part.group(1) : ""));
    return FIELD
        .matcher(kept)
        .replaceAll(
            field -> Matcher.quoteReplacement(String.valueOf(values.apply(field.group(1)))));
  }

  private static boolean isComplete(MatchResult part, Function<String, @Nullable String> values) {
    return FIELD
        .matcher(part.group(1))
        .results()
        .noneMatch(field -> String.valueOf(values.apply(field.group(1))).isBlank());
  }
}
