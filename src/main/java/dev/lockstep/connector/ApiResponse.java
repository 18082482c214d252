package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The answer to one call, without characters that can't be stored.
 *
 * @param headers one value per name; names are case-insensitive
 * @param json the body; a missing node when it is empty or not JSON
 * @param text the body as text, for messages
 */
record ApiResponse(int status, Map<String, String> headers, JsonNode json, String text) {

  ApiResponse {
    Map<String, String> folded = new TreeMap<>();
    headers.forEach((name, value) -> folded.put(name.toLowerCase(Locale.ROOT), value));
    headers = folded;
    json = CleanJson.clean(json);
    text = CleanJson.clean(text);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The same answer under the status that it should have had. */
  ApiResponse as(int otherStatus) {
    return new ApiResponse(otherStatus, headers, json, text);
  }

  boolean succeeded() {
    return status >= 200 && status < 300;
  }
}
