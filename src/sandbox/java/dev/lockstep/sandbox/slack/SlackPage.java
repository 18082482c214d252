package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a listing ("Pagination"): fewer than {@code limit} items may come although there are
 * more; an empty cursor is the end.
 *
 * @param next position of the next page; 0 if there is none
 */
record SlackPage<T>(List<T> items, int next) {
  private static final String PREFIX = "next:";
  private static final int USUAL = 100;
  private static final int MOST = 999;

  static <T> SlackPage<T> of(List<T> all, Arguments arguments) {
    int limit = arguments.number("limit", USUAL);
    if (limit < 1 || limit > MOST) {
      throw new SlackException("invalid_limit");
    }
    int from = position(arguments.text("cursor"));
    if (from > all.size()) {
      throw new SlackException("invalid_cursor");
    }
    int to = Math.min(all.size(), from + limit);
    return new SlackPage<>(all.subList(from, to), to < all.size() ? to : 0);
  }

  private static int position(String cursor) {
    if (cursor.isEmpty()) {
      return 0;
    }
    try {
      String text = new String(Base64.getDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (text.startsWith(PREFIX)) {
        return Integer.parseInt(text.substring(PREFIX.length()));
      }
    } catch (IllegalArgumentException e) {
      throw new SlackException("invalid_cursor");
    }
    throw new SlackException("invalid_cursor");
  }

  ObjectNode json(String name, Function<T, ? extends JsonNode> shown) {
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray(name);
    items.forEach(item -> list.add(shown.apply(item)));
    String cursor =
        next == 0
            ? ""
            : Base64.getEncoder().encodeToString((PREFIX + next).getBytes(StandardCharsets.UTF_8));
    json.putObject("response_metadata").put("next_cursor", cursor);
    return json;
  }
}
