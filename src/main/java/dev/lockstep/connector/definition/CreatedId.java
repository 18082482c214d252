package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an answer has the id of what the call created: at a path of its body, or in a header such
 * as {@code Location}.
 *
 * @param path empty if the id is in a header
 * @param pattern what of the header is the id: its first group, or the whole match
 */
public record CreatedId(String path, String header, Pattern pattern) {
  /** The last segment of a URL. */
  private static final Pattern LAST_SEGMENT = Pattern.compile("([^/?#]+)/?(?:[?#].*)?$");

  /** Either a path, or {@code {header: Location, pattern: ...}}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static CreatedId of(JsonNode declared) {
    if (declared.isTextual()) {
      return new CreatedId(declared.asText(), "", LAST_SEGMENT);
    }
    String pattern = declared.path("pattern").asText();
    return new CreatedId(
        "",
        declared.path("header").asText(),
        pattern.isEmpty() ? LAST_SEGMENT : Pattern.compile(pattern));
  }

  /**
   * @param headers of the answer, by name
   * @return empty when the answer does not have it
   */
  public String read(JsonNode body, Function<String, Optional<String>> headers) {
    return header.isEmpty()
        ? JsonPath.text(body, path)
        : headers.apply(header).map(this::match).orElse("");
  }

  private String match(String value) {
    Matcher found = pattern.matcher(value);
    if (!found.find()) {
      return "";
    }
    return found.groupCount() == 0 ? found.group() : orEmpty(found.group(1));
  }
}
