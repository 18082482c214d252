package dev.lockstep.mapping;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a note says of a value a side has no field for.
 *
 * @param text holds {@code {{value}}} where the value goes
 * @param words how values are called there
 * @param onlyWords whether values without a word go untold
 */
record NoteTemplate(String text, Map<String, String> words, boolean onlyWords) {

  static final String PLACEHOLDER = "{{value}}";

  /** Null: nothing to tell. */
  @Nullable String format(String value) {
    if (value.isBlank() || (onlyWords && !words.containsKey(value))) {
      return null;
    }
    return text.replace(PLACEHOLDER, words.getOrDefault(value, value));
  }
}
