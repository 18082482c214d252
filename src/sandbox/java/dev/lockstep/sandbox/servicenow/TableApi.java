package dev.lockstep.sandbox.servicenow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/now/table}: what a request asks, and its answer.
 *
 * <p>Source: "Table API" and "REST API HTTP response codes" in ServiceNow's REST API reference.
 */
final class TableApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEFAULT_LIMIT = 10_000;

  /** What a call did, for those who count. */
  record Result(Answer answer, boolean emptyWrite) {
    static Result of(Answer answer) {
      return new Result(answer, false);
    }
  }

  private final Store store;
  private final RecordService desk;
  private final Clock clock;
  private final ZoneId zone;
  private final boolean strictQueries;
  private final String instance;
  private final AtomicInteger queries = new AtomicInteger();

  TableApi(Store store, RecordService desk, ServiceNowOptions options, String instance) {
    this.store = store;
    this.desk = desk;
    this.clock = options.clock;
    this.zone = options.userTimeZone;
    this.strictQueries = options.invalidQueryReturnsNoRows;
    this.instance = instance;
  }

  Result list(UserSession actor, Call call, String table, boolean firstVersion) {
    Map<String, String> parameters = call.parameters();
    int limit = number(parameters, "sysparm_limit", DEFAULT_LIMIT);
    int offset = number(parameters, "sysparm_offset", 0);
    List<Map<String, Object>> page = new ArrayList<>();
    int total;
    synchronized (store) {
      store.schema().known(table);
      EncodedQuery query =
          EncodedQuery.parse(
              encoded(table, parameters),
              table,
              store,
              new QueryScript(actor, clock, zone),
              strictQueries);
      List<Row> rows = query.run(store, queries.incrementAndGet());
      total = rows.size();
      RecordJson rendering = rendering(parameters);
      rows.stream().skip(offset).limit(limit).map(rendering::render).forEach(page::add);
    }
    if (page.isEmpty() && firstVersion) {
      throw ServiceNowException.noRecord();
    }
    Answer answer = Answer.json(200, Map.of("result", page));
    if (!Call.truth(parameters.get("sysparm_no_count"))) {
      answer = answer.with("X-Total-Count", Integer.toString(total));
    }
    if (!Call.truth(parameters.get("sysparm_suppress_pagination_header"))) {
      answer = answer.with("Link", links(call, parameters, limit, offset, total));
    }
    return Result.of(answer);
  }

  Result get(Call call, String table, String sysId) {
    synchronized (store) {
      store.schema().known(table);
      Row row = store.find(table, sysId);
      if (row == null) {
        throw ServiceNowException.noRecord();
      }
      return Result.of(answer(200, call, row));
    }
  }

  Result create(UserSession actor, Call call, String table) {
    synchronized (store) {
      store.schema().known(table);
      Row row = desk.insert(actor, table, fields(call, table));
      String location = instance + "/api/now/table/" + table + '/' + row.sysId();
      return Result.of(answer(201, call, row).with("Location", location));
    }
  }

  /** PUT and PATCH: both change the fields that are sent, and no others. */
  Result update(UserSession actor, Call call, String table, String sysId) {
    synchronized (store) {
      store.schema().known(table);
      RecordService.Outcome outcome = desk.update(actor, table, sysId, fields(call, table));
      return new Result(answer(200, call, outcome.row()), !outcome.changed());
    }
  }

  Result delete(UserSession actor, String table, String sysId) {
    desk.delete(actor, table, sysId);
    return Result.of(Answer.empty(204));
  }

  private Answer answer(int status, Call call, Row row) {
    return Answer.json(status, Map.of("result", rendering(call.parameters()).render(row)));
  }

  private RecordJson rendering(Map<String, String> parameters) {
    List<String> fields =
        Arrays.stream(parameters.getOrDefault("sysparm_fields", "").split(","))
            .map(String::strip)
            .filter(field -> !field.isEmpty())
            .toList();
    return new RecordJson(
        store,
        instance,
        zone,
        RecordJson.Display.of(parameters.get("sysparm_display_value")),
        !Call.truth(parameters.get("sysparm_exclude_reference_link")),
        fields);
  }

  /** {@code sysparm_query}, or else the filters given as plain name-value pairs. */
  private String encoded(String table, Map<String, String> parameters) {
    String query = parameters.get("sysparm_query");
    if (query != null) {
      return query;
    }
    List<String> conditions = new ArrayList<>();
    parameters.forEach(
        (name, value) -> {
          if (!name.startsWith("sysparm_") && store.columnAt(table, name) != null) {
            conditions.add(name + '=' + value.replace("^", "^^"));
          }
        });
    return String.join("^", conditions);
  }

  private Map<String, String> fields(Call call, String table) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (var field : object(call).properties()) {
      JsonNode value = field.getValue();
      JsonNode plain = value.isObject() ? value.path("value") : value;
      fields.put(field.getKey(), plain.isNull() ? "" : plain.asText());
    }
    return Call.truth(call.parameters().get("sysparm_input_display_value"))
        ? new FieldInput(store).fromDisplay(table, fields, zone)
        : fields;
  }

  private static JsonNode object(Call call) {
    JsonNode body;
    try {
      body = JSON.readTree(call.body());
    } catch (JsonProcessingException notJson) {
      throw unreadable();
    }
    if (!body.isObject()) {
      throw unreadable();
    }
    return body;
  }

  private static ServiceNowException unreadable() {
    return new ServiceNowException(
        400, "Exception while reading request", "The payload is not valid JSON.");
  }

  private static int number(Map<String, String> parameters, String name, int otherwise) {
    @Nullable String text = parameters.get(name);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("\\d{1,9}")) {
      throw new ServiceNowException(400, "Invalid value for parameter " + name, "");
    }
    return Integer.parseInt(text);
  }

  private String links(
      Call call, Map<String, String> parameters, int limit, int offset, int total) {
    int step = Math.max(limit, 1);
    List<String> links = new ArrayList<>();
    links.add(link(call, parameters, limit, 0, "first"));
    if (offset > 0) {
      links.add(link(call, parameters, limit, Math.max(offset - step, 0), "prev"));
    }
    if (offset + step < total) {
      links.add(link(call, parameters, limit, offset + step, "next"));
    }
    links.add(link(call, parameters, limit, Math.max(total - 1, 0) / step * step, "last"));
    return String.join(",", links);
  }

  private String link(
      Call call, Map<String, String> parameters, int limit, int offset, String relation) {
    Map<String, String> paged = new LinkedHashMap<>(parameters);
    paged.put("sysparm_limit", Integer.toString(limit));
    paged.put("sysparm_offset", Integer.toString(offset));
    return '<' + instance + call.path() + '?' + Call.encoded(paged) + ">;rel=\"" + relation + '"';
  }
}
