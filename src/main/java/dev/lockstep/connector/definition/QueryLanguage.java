package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How values are escaped in a system's query language.
 *
 * @param escape special text to its escaped form
 * @param refuse pattern of values that cannot be escaped and are never sent
 * @param refuseQuery pattern of an operator's queries that are never sent, since they would change
 *     the meaning of the query they become a part of
 */
public record QueryLanguage(
    Map<String, String> escape, @Nullable Pattern refuse, @Nullable Pattern refuseQuery) {
  static final QueryLanguage NONE = new QueryLanguage(Map.of(), null, null);

  public QueryLanguage {
    escape = orEmpty(escape);
  }

  /** Whether an operator's query may become a part of another one. */
  public boolean acceptsQuery(String query) {
    return refuseQuery == null || !refuseQuery.matcher(query).find();
  }

  /** Empty when the value must not be sent. */
  public Optional<String> escapeValue(String value) {
    if (refuse != null && refuse.matcher(value).find()) {
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
