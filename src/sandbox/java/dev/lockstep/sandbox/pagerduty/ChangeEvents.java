package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Change events: received by the Events API v2 ("Send a Change Event") and listed by the REST API v2
 * ("List Change Events"). Thread-safe.
 */
final class ChangeEvents {

  private static final String ENQUEUE = "/v2/change/enqueue";
  private static final int LONGEST_SUMMARY = 1024;
  private static final int KEY_LENGTH = 32;
  private static final int MOST_BYTES = 512 * 1024;

  /** The offset as the examples have it, too: {@code +0000}. */
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX]")
          .toFormatter(Locale.ROOT);

  private final PagerDutyOptions options;
  private final Ids ids = new Ids();
  private final Map<String, Integration> integrations = new LinkedHashMap<>();
  private final List<ChangeEvent> events = new ArrayList<>();

  private record Integration(String id, Service service, RateLimit limit) {}

  ChangeEvents(PagerDutyOptions options) {
    this.options = options;
  }

  /** Adds an Events API v2 integration to a service; returns its integration key. */
  synchronized String integrate(Service service) {
    String key = UUID.randomUUID().toString().replace("-", "");
    RateLimit limit = new RateLimit(options.clock, options.changeEventsPerMinute, 0);
    integrations.put(key, new Integration(ids.small(), service, limit));
    return key;
  }

  synchronized List<ChangeEvent> all() {
    return List.copyOf(events);
  }

  /** Empty if the call is for the REST API. The Events API knows its callers by the key alone. */
  synchronized Optional<Response> receive(Request request) {
    if (!request.fullPath().equals(ENQUEUE)) {
      return Optional.empty();
    }
    return Optional.of(
        request.method().equals("POST") ? enqueue(request) : status(405, "Method Not Allowed"));
  }

  private Response enqueue(Request request) {
    JsonNode body = Json.read(request.body()).orElse(null);
    if (body == null || !body.isObject() || request.body().length() > MOST_BYTES) {
      return refused(List.of("JSON parse error"));
    }
    List<String> problems = problems(body);
    Integration integration = integrations.get(body.path("routing_key").asText());
    if (problems.isEmpty() && integration == null) {
      problems.add("Invalid routing key");
    }
    if (integration == null || !problems.isEmpty()) {
      return refused(problems);
    }
    if (!integration.limit().count().allowed()) {
      return Response.json(
          429,
          Json.object()
              .put("status", "throttle exceeded")
              .put("message", "Requests for this service are arriving too quickly."));
    }
    JsonNode payload = body.path("payload");
    Instant now = options.clock.instant();
    events.add(
        new ChangeEvent(
            ids.event(now),
            integration.service(),
            integration.id(),
            timestamp(payload).orElse(now),
            now,
            payload,
            body.path("links")));
    return Response.json(
        202, Json.object().put("status", "success").put("message", "Event processed"));
  }

  private static List<String> problems(JsonNode body) {
    List<String> problems = new ArrayList<>();
    JsonNode payload = body.path("payload");
    if (body.path("routing_key").asText().length() != KEY_LENGTH) {
      problems.add("'routing_key' must be 32 characters long");
    }
    if (!payload.isObject()) {
      problems.add("'payload' is missing or not an object");
      return problems;
    }
    String summary = payload.path("summary").asText();
    if (!payload.path("summary").isTextual() || summary.isBlank()) {
      problems.add("'payload.summary' is missing or blank");
    } else if (summary.length() > LONGEST_SUMMARY) {
      problems.add("'payload.summary' is longer than 1024 characters");
    }
    if (payload.has("source") && !payload.path("source").isTextual()) {
      problems.add("'payload.source' must be a string");
    }
    if (payload.has("custom_details") && !payload.path("custom_details").isObject()) {
      problems.add("'payload.custom_details' must be an object");
    }
    try {
      timestamp(payload);
    } catch (DateTimeException e) {
      problems.add("'payload.timestamp' is no ISO 8601 time");
    }
    for (JsonNode link : body.path("links")) {
      if (!link.path("href").isTextual()) {
        problems.add("'links' must have an href each");
      }
    }
    return problems;
  }

  private static Optional<Instant> timestamp(JsonNode payload) {
    JsonNode given = payload.path("timestamp");
    return given.isMissingNode()
        ? Optional.empty()
        : Optional.of(OffsetDateTime.parse(given.asText(), TIMESTAMP).toInstant());
  }

  private static Response refused(List<String> problems) {
    ObjectNode json =
        Json.object().put("status", "invalid event").put("message", "Event object is invalid");
    problems.forEach(json.putArray("errors")::add);
    return Response.json(400, json);
  }

  private static Response status(int status, String message) {
    return Response.json(status, Json.object().put("status", message));
  }

  /** Newest first. An event is processed, and then listed, a while after it was accepted. */
  synchronized Response list(Request call, Requester requester) {
    Instant since = bound(call, "since").orElse(Instant.MIN);
    Instant until = bound(call, "until").orElse(Instant.MAX);
    Instant processed = options.clock.instant().minus(options.changeEventsListedAfter);
    List<ChangeEvent> listed =
        events.stream()
            .filter(event -> !event.acceptedAt().isAfter(processed))
            .filter(event -> !event.timestamp().isBefore(since))
            .filter(event -> event.timestamp().isBefore(until))
            .sorted(Comparator.comparing(ChangeEvent::timestamp).reversed())
            .toList();
    return Response.ok(Page.of(call).body("change_events", listed, ChangeEvents::json));
  }

  /** "Will return an HTTP 400 for non-UTC datetimes." */
  private static Optional<Instant> bound(Request call, String name) {
    String given = call.parameter(name).orElse("");
    if (given.isEmpty()) {
      return Optional.empty();
    }
    if (!given.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")) {
      throw PagerDutyException.invalid(name + " must be a UTC time");
    }
    return Optional.of(OffsetDateTime.parse(given).withOffsetSameInstant(ZoneOffset.UTC).toInstant());
  }

  private static ObjectNode json(ChangeEvent event) {
    ObjectNode json =
        Json.object()
            .put("id", event.id())
            .put("type", "change_event")
            .put("summary", event.summary())
            .put("timestamp", ReferenceJson.seconds(event.timestamp()))
            .put("source", event.payload().path("source").asText(null));
    json.putObject("integration")
        .put("id", event.integration())
        .put("type", "inbound_integration_reference");
    json.putArray("services")
        .addObject()
        .put("id", event.service().id())
        .put("type", "service_reference");
    JsonNode details = event.payload().path("custom_details");
    json.set("custom_details", details.isMissingNode() ? Json.NULL : details);
    json.set("links", event.links().isMissingNode() ? Json.array() : event.links());
    return json;
  }
}
