package dev.lockstep.sandbox.servicenow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/now/table}: what a request asks, and its answer.
 *
 * <p>Source: "Table API" and "REST API HTTP response codes" in ServiceNow's REST API reference.
 */
final class TableApi {
  private static final int DEFAULT_LIMIT = 10_000;

  private final Store store;
  private final RecordService service;
  private final ZoneId zone;
  private final boolean strictQueries;
  private final AtomicLong emptyWrites = new AtomicLong();
  private final AtomicInteger queries = new AtomicInteger();

  TableApi(Store store, RecordService service, ServiceNowOptions options) {
    this.store = store;
    this.service = service;
    this.zone = options.userTimeZone;
    this.strictQueries = options.invalidQueryReturnsNoRows;
  }

  Response list(Request call, UserSession actor, boolean firstVersion) {
    String table = call.id();
    Map<String, String> parameters = parameters(call);
    int limit = number(parameters, "sysparm_limit", DEFAULT_LIMIT);
    int offset = number(parameters, "sysparm_offset", 0);
    List<Map<String, Object>> page = new ArrayList<>();
    int total;
    synchronized (store) {
      store.schema().known(table);
      EncodedQuery query =
          EncodedQuery.parse(encoded(table, parameters), table, store, zone, strictQueries);
      List<Row> rows = query.run(store, queries.incrementAndGet());
      total = rows.size();
      RecordJson rendering = rendering(call);
      rows.stream().skip(offset).limit(limit).map(rendering::render).forEach(page::add);
    }
    if (page.isEmpty() && firstVersion) {
      throw ServiceNowException.noRecord();
    }
    Response answer = Response.json(200, Map.of("result", page));
    if (!call.flag("sysparm_no_count")) {
      answer = answer.with("X-Total-Count", Integer.toString(total));
    }
    if (!call.flag("sysparm_suppress_pagination_header")) {
      answer = answer.with("Link", links(call, parameters, limit, offset, total));
    }
    return answer;
  }

  Response get(Request call, UserSession actor) {
    String table = call.id();
    synchronized (store) {
      store.schema().known(table);
      Row row = store.find(table, sysId(call));
      if (row == null) {
        throw ServiceNowException.noRecord();
      }
      return answer(200, call, row);
    }
  }

  Response create(Request call, UserSession actor) {
    String table = call.id();
    synchronized (store) {
      store.schema().known(table);
      Row row = service.insert(actor, table, fields(call, table));
      String location = instance(call) + "/api/now/table/" + table + '/' + row.sysId();
      return answer(201, call, row).with("Location", location);
    }
  }

  /** PUT and PATCH: both change the fields that are sent, and no others. */
  Response update(Request call, UserSession actor) {
    String table = call.id();
    synchronized (store) {
      store.schema().known(table);
      RecordService.Outcome outcome =
          service.update(actor, table, sysId(call), fields(call, table));
      if (!outcome.changed()) {
        emptyWrites.incrementAndGet();
      }
      return answer(200, call, outcome.row());
    }
  }

  Response delete(Request call, UserSession actor) {
    service.delete(actor, call.id(), sysId(call));
    return Response.empty(204);
  }

  private Response answer(int status, Request call, Row row) {
    return Response.json(status, Map.of("result", rendering(call).render(row)));
  }

  private RecordJson rendering(Request call) {
    Map<String, String> parameters = parameters(call);
    List<String> fields =
        Arrays.stream(parameters.getOrDefault("sysparm_fields", "").split(","))
            .map(String::strip)
            .filter(field -> !field.isEmpty())
            .toList();
    return new RecordJson(
        store,
        instance(call),
        zone,
        RecordJson.Display.of(parameters.get("sysparm_display_value")),
        !call.flag("sysparm_exclude_reference_link"),
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

  private Map<String, String> fields(Request call, String table) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (var field : object(call).properties()) {
      JsonNode value = field.getValue();
      JsonNode plain = value.isObject() ? value.path("value") : value;
      fields.put(field.getKey(), plain.isNull() ? "" : plain.asText());
    }
    return call.flag("sysparm_input_display_value")
        ? new FieldInput(store).fromDisplay(table, fields, zone)
        : fields;
  }

  private static JsonNode object(Request call) {
    return Json.read(call.body()).filter(JsonNode::isObject).orElseThrow(TableApi::unreadable);
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
      Request call, Map<String, String> parameters, int limit, int offset, int total) {
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
      Request call, Map<String, String> parameters, int limit, int offset, String relation) {
    Map<String, String> paged = new LinkedHashMap<>(parameters);
    paged.put("sysparm_limit", Integer.toString(limit));
    paged.put("sysparm_offset", Integer.toString(offset));
    return '<'
        + instance(call)
        + call.fullPath()
        + '?'
        + encoded(paged)
        + ">;rel=\""
        + relation
        + '"';
  }

  private static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> encoded(each.getKey()) + '=' + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The query's parameters; the last of equal names counts. */
  private static Map<String, String> parameters(Request call) {
    Map<String, String> parameters = new LinkedHashMap<>();
    call.query().forEach((name, values) -> parameters.put(name, values.get(values.size() - 1)));
    return parameters;
  }

  private static String sysId(Request call) {
    return call.variables().get(1);
  }

  /** The address the caller used. */
  private static String instance(Request call) {
    return "http://" + call.header("Host").orElse("");
  }

  /** Updates over HTTP that were accepted and changed nothing: echoes written. */
  long emptyWrites() {
    return emptyWrites.get();
  }
}
