package dev.lockstep.intake.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Selects the record kind an event is about.
 *
 * @param from null: always {@code otherwise}
 * @param table value of {@code from} to kind
 */
public record KindSelector(@Nullable JsonPath from, Map<String, String> table, String otherwise) {

  public KindSelector {
    table = Map.copyOf(table);
  }

  static KindSelector always(String kind) {
    return new KindSelector(null, Map.of(), kind);
  }

  public String select(JsonNode event) {
    return from == null
        ? otherwise
        : from.findText(event).map(text -> table.getOrDefault(text, otherwise)).orElse(otherwise);
  }
}
