package dev.lockstep.mapping.field;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Text of a note that reports a value to a side without that field: {@code tell}.
 *
 * @param text contains {@code {{value}}} as a placeholder
 * @param words display text by value
 * @param onlyWords whether values without a display text are not reported
 */
public record NoteTemplate(String text, Map<String, String> words, boolean onlyWords) {

  static final String PLACEHOLDER = "{{value}}";

  /** Null: no note is written. */
  @Nullable String format(String value) {
    if (value.isBlank() || (onlyWords && !words.containsKey(value))) {
      return null;
    }
    return text.replace(PLACEHOLDER, words.getOrDefault(value, value));
  }
}
