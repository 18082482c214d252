package dev.lockstep.connector;

import static dev.lockstep.connector.ConnectorDefinition.orEmpty;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How values are escaped in a system's query language.
 *
 * @param escape special text to its escaped form
 * @param refuse pattern of values that cannot be escaped and are never sent
 */
record QueryLanguage(Map<String, String> escape, String refuse) {
  static final QueryLanguage NONE = new QueryLanguage(Map.of(), "");

  QueryLanguage {
    escape = orEmpty(escape);
    refuse = orEmpty(refuse);
  }

  /** Empty when the value must not be sent. */
  Optional<String> escapeValue(String value) {
    if (!refuse.isEmpty() && Pattern.compile(refuse).matcher(value).find()) {
      return Optional.empty();
    }
    if (escape.isEmpty()) {
      return Optional.of(value);
    }
    String special =
        escape.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Optional.of(
        Pattern.compile(special)
            .matcher(value)
            .replaceAll(found -> Matcher.quoteReplacement(escape.getOrDefault(found.group(), ""))));
  }
}
