package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Where an error answer names the refused fields.
 *
 * @param keys path of an object whose properties are fields
 * @param texts paths of texts, or lists of texts, that name fields by name or label: {@code
 *     assignment_group} or {@code Assignment group}; {@code []} is every element of a list
 * @param within path of the object in a record whose properties are its fields; empty: the record
 */
public record RefusedFields(String keys, List<String> texts, String within) {
  static final RefusedFields UNNAMED = new RefusedFields("", List.of(), "");

  /**
   * A text refers to a field that it begins with, quotes or lists. Any other mention may mean
   * something else: "Priority is not available on this service".
   */
  private static final String LABELLED = "(?im)(?:^|[:,;'\"`(\\[]\\s*|\\b(?:fields?|and|or)\\s+)";

  public RefusedFields {
    keys = orEmpty(keys);
    texts = orEmpty(texts);
    within = orEmpty(within);
  }

  /** Paths of the fields of a record that the answer names; top-level fields only. */
  Set<String> find(JsonNode answer, JsonNode sent) {
    Set<String> named = new TreeSet<>();
    JsonNode byKey = keys.isEmpty() ? answer.path("") : JsonPath.find(answer, keys);
    JsonPath.find(sent, within)
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (byKey.has(field) || texts.stream().anyMatch(path -> names(answer, path, field))) {
                named.add(within.isEmpty() ? field : within + "." + field);
              }
            });
    return named;
  }

  private static boolean names(JsonNode answer, String path, String field) {
    Pattern name =
        Pattern.compile(LABELLED + Pattern.quote(field).replace("_", "\\E[ _]\\Q") + "(?![\\w])");
    return texts(answer, path).anyMatch(text -> name.matcher(text).find());
  }

  private static Stream<String> texts(JsonNode answer, String path) {
    int each = path.indexOf("[].");
    JsonNode found = JsonPath.find(answer, each < 0 ? path : path.substring(0, each));
    if (!found.isArray()) {
      return each < 0 ? Stream.of(found.asText("")) : Stream.empty();
    }
    return StreamSupport.stream(found.spliterator(), false)
        .flatMap(
            element ->
                each < 0
                    ? Stream.of(element.asText(""))
                    : texts(element, path.substring(each + "[].".length())));
  }
}
