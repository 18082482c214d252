package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.FieldRenames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a record is sent.
 *
 * @param wrapper the property of a body that contains the record; empty: the body is the record
 * @param create added to a record that is created; if one of its texts is {@value #RECORD}, it is
 *     the body and the record takes the place of that text
 * @param update the same for an update
 * @param correlation paths of the counterpart's id at creation
 * @param key path of the counterpart's key at creation
 * @param url path of the counterpart's web address at creation
 * @param rename fields that are written under another name than they are read
 */
public record SendDefinition(
    String wrapper,
    Map<String, JsonNode> create,
    Map<String, JsonNode> update,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> correlation,
    String key,
    String url,
    FieldRenames rename) {
  private static final String RECORD = "{record}";

  static final SendDefinition AS_IS =
      new SendDefinition("", Map.of(), Map.of(), List.of(), "", "", FieldRenames.NONE);

  public SendDefinition {
    wrapper = orEmpty(wrapper);
    create = orEmpty(create);
    update = orEmpty(update);
    correlation = orEmpty(correlation);
    key = orEmpty(key);
    url = orEmpty(url);
    rename = rename == null ? FieldRenames.NONE : rename;
  }

  /** The property of {@code create} or {@code update} in whose place the record is sent. */
  public static Optional<String> placeOfRecord(Map<String, JsonNode> declared) {
    return declared.entrySet().stream()
        .filter(property -> property.getValue().asText("").equals(RECORD))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The record in a body; null if this is no body of such a record. */
  @Nullable JsonNode find(JsonNode body) {
    if (!wrapper.isEmpty() && body.size() == 1 && body.has(wrapper)) {
      return body.get(wrapper);
    }
    for (Map<String, JsonNode> declared : List.of(create, update)) {
      String place = placeOfRecord(declared).orElse("");
      if (!place.isEmpty() && body.size() == declared.size() && body.has(place)) {
        return body.get(place);
      }
    }
    return null;
  }
}
