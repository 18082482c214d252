package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import java.util.List;
import java.util.function.Function;

/** Classic pagination, as "Pagination" in the REST documentation says. */
record Page(int offset, int limit, boolean total) {

  private static final int DEFAULT_LIMIT = 25;
  private static final int HIGHEST_LIMIT = 100;
  private static final int LAST_RECORD = 10_000;

  static Page of(Request call) {
    int limit = Math.min(HIGHEST_LIMIT, number(call, "limit", DEFAULT_LIMIT));
    int offset = number(call, "offset", 0);
    if (limit < 1) {
      throw PagerDutyException.invalid("Limit must be greater than 0");
    }
    if (offset + (long) limit > LAST_RECORD) {
      throw PagerDutyException.invalid("The sum of offset and limit cannot exceed " + LAST_RECORD);
    }
    boolean total = call.parameter("total").filter("true"::equals).isPresent();
    return new Page(offset, limit, total);
  }

  <T> ObjectNode body(String name, List<T> all, Function<T, ObjectNode> json) {
    int from = Math.min(offset, all.size());
    int to = Math.min(from + limit, all.size());
    ObjectNode page = Json.object();
    page.set(name, Json.array(all.subList(from, to).stream().map(json).toList()));
    page.put("limit", limit).put("offset", offset).put("more", to < all.size());
    return total ? page.put("total", all.size()) : page.putNull("total");
  }

  private static int number(Request call, String name, int otherwise) {
    String given = call.parameter(name).orElse("");
    if (given.isEmpty()) {
      return otherwise;
    }
    if (!given.matches("\\d{1,9}")) {
      throw PagerDutyException.invalid(name + " must be a number");
    }
    return Integer.parseInt(given);
  }
}
