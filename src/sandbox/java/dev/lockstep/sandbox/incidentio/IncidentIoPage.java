package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import java.util.List;
import java.util.function.Function;

/** A page of a list, as {@code page_size} and {@code after} ask for it. */
record IncidentIoPage(int size, String after) {

  private static final int DEFAULT_SIZE = 25;

  static IncidentIoPage of(Request call, int largest) {
    String size = call.parameter("page_size").orElse(Integer.toString(DEFAULT_SIZE));
    if (!size.matches("\\d{1,6}") || Integer.parseInt(size) > largest || size.matches("0+")) {
      throw IncidentIoException.invalid("page_size", "page_size must be from 1 to " + largest);
    }
    return new IncidentIoPage(Integer.parseInt(size), call.parameter("after").orElse(""));
  }

  <T> ObjectNode body(
      String name, List<T> all, Function<T, String> id, Function<T, ObjectNode> json) {
    List<String> ids = all.stream().map(id).toList();
    int from = after.isEmpty() ? 0 : ids.indexOf(after) + 1;
    if (!after.isEmpty() && from == 0) {
      throw IncidentIoException.invalid("after", "after is not the id of a listed record");
    }
    int to = Math.min(from + size, all.size());
    ObjectNode page = Json.object();
    page.set(name, Json.array(all.subList(from, to).stream().map(json).toList()));
    ObjectNode meta = page.putObject("pagination_meta").put("page_size", size);
    if (to < all.size()) {
      meta.put("after", ids.get(to - 1));
    }
    return page;
  }
}
