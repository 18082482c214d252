package dev.lockstep.sandbox.pagerduty;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.atlassian.oai.validator.report.ValidationReport.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The OpenAPI document that PagerDuty publishes of its REST API, to hold calls against. A test that
 * asks for it is skipped where the document is not there.
 */
public final class PagerDutyDocument {

  private static final List<String> PATHS =
      List.of(
          "/incidents",
          "/incidents/{id}",
          "/incidents/{id}/merge",
          "/incidents/{id}/notes",
          "/incidents/{id}/status_updates",
          "/incidents/{id}/log_entries",
          "/log_entries",
          "/users",
          "/users/{id}",
          "/services",
          "/services/{id}",
          "/escalation_policies",
          "/escalation_policies/{id}",
          "/oncalls",
          "/priorities",
          "/abilities",
          "/webhook_subscriptions",
          "/webhook_subscriptions/{id}/enable",
          "/webhook_subscriptions/{id}/ping",
          "/change_events");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final OpenApiInteractionValidator validator;

  private PagerDutyDocument(OpenApiInteractionValidator validator) {
    this.validator = validator;
  }

  /** Of the REST API; below {@code LOCKSTEP_SHARED}, a system property or environment variable. */
  public static PagerDutyDocument load() {
    return load("pagerduty-rest.openapi.json", PATHS, PagerDutyDocument::corrected);
  }

  /** The same of the Events API v2. */
  public static PagerDutyDocument loadEvents() {
    return load(
        "pagerduty-events-v2.openapi.json",
        List.of("/v2/change/enqueue"),
        whole -> {
          // Its server is https://events.pagerduty.com/v2.
          ObjectNode all = (ObjectNode) whole.path("paths");
          all.set("/v2/change/enqueue", all.remove("/change/enqueue"));
          return whole;
        });
  }

  private static PagerDutyDocument load(
      String name, List<String> paths, UnaryOperator<JsonNode> corrected) {
    String shared =
        System.getProperty(
            "LOCKSTEP_SHARED", System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared"));
    Path file = Path.of(shared, "specs", name);
    assumeThat(file).describedAs("PagerDuty's OpenAPI document").exists();
    try {
      JsonNode whole = JSON.readTree(file.toFile());
      return new PagerDutyDocument(
          OpenApiInteractionValidator.createForInlineApiSpecification(
                  new Excerpt(corrected.apply(whole)).of(paths).toString())
              .withLevelResolver(
                  LevelResolver.create()
                      .withLevel("validation.schema.additionalProperties", Level.IGNORE)
                      // The document demands this very header, and lists another type of answer.
                      .withLevel("validation.request.accept.notAllowed", Level.IGNORE)
                      .build())
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the document does not allow of a call. */
  public List<String> brokenByRequest(Exchange exchange) {
    URI url = URI.create(exchange.url());
    SimpleRequest.Builder request = new SimpleRequest.Builder(exchange.method(), url.getPath());
    dev.lockstep.sandbox.http.Request.of(
            exchange.method(), exchange.url(), exchange.requestHeaders(), "")
        .query()
        .forEach((name, values) -> request.withQueryParam(name, values));
    exchange.requestHeaders().forEach(request::withHeader);
    if (!exchange.requestBody().isEmpty()) {
      request.withBody(exchange.requestBody());
    } else if (!exchange.requestHeaders().containsKey("content-type")) {
      // Demanded of every call, but it says what content is, and here is none (RFC 9110, 8.3).
      request.withHeader("Content-Type", "application/json");
    }
    return errors(validator.validateRequest(request.build()));
  }

  /** What the document does not allow of an answer. */
  public List<String> brokenByResponse(Exchange exchange) {
    SimpleResponse.Builder response = SimpleResponse.Builder.status(exchange.status());
    exchange.responseHeaders().forEach(response::withHeader);
    response.withBody(withoutNulls(exchange.responseBody()));
    return errors(
        validator.validateResponse(
            URI.create(exchange.url()).getPath(),
            Request.Method.valueOf(exchange.method()),
            response.build()));
  }

  /** Mends where the document contradicts itself, so that nothing could conform to it. */
  private static JsonNode corrected(JsonNode whole) {
    JsonNode schemas = whole.path("components").path("schemas");
    // Its own example, and "Incident Creation API", have a string there.
    ((ObjectNode) schemas.at("/IncidentBody/properties/details")).put("type", "string");
    // All forms of a channel allow anything, so never exactly one of them fits.
    ObjectNode channel = (ObjectNode) schemas.path("Channel");
    channel.set("anyOf", channel.remove("oneOf"));
    // What may be repeated ("explode", names with brackets) is described as a single value.
    for (JsonNode parameter : whole.path("components").path("parameters")) {
      if (parameter.path("name").asText().endsWith("[]")
          && parameter.path("schema").path("type").asText().equals("string")) {
        ObjectNode one = (ObjectNode) parameter.path("schema");
        one.remove("uniqueItems");
        ObjectNode many = JSON.createObjectNode().put("type", "array");
        many.set("items", one);
        ((ObjectNode) parameter).set("schema", many);
      }
    }
    // LogEntry, of which this is a kind, calls it acknowledge_log_entry.
    ((ObjectNode) schemas.at("/AcknowledgeLogEntry/allOf/1/properties/type"))
        .putArray("enum")
        .add("acknowledge_log_entry");
    // OpenAPI itself says that a parameter of this name "SHALL be ignored" (Parameter Object,
    // `in`),
    // but the validator demands it, also where there is no content to have a type.
    ((ObjectNode) whole.at("/components/parameters/header_Content-Type")).put("required", false);
    // An incident's body is "Only returned if the `include[]=body` query parameter is provided"
    // (its own description), yet the parameter's list of values leaves it out.
    for (JsonNode parameter : whole.at("/components/parameters")) {
      JsonNode values = parameter.at("/schema/items/enum");
      if (parameter.path("name").asText().equals("include[]")
          && values instanceof ArrayNode list
          && list.toString().contains("\"acknowledgers\"")) {
        list.add("body");
      }
    }
    whole.at("/components/parameters").forEach(PagerDutyDocument::severalIfItSaysSo);
    // "Array of additional details to include", users among them, yet it shows a reference only.
    ((ObjectNode) schemas.at("/Oncall/properties"))
        .putObject("user")
        .putArray("oneOf")
        .add(JSON.createObjectNode().put("$ref", "#/components/schemas/UserReference"))
        .add(JSON.createObjectNode().put("$ref", "#/components/schemas/User"));
    return whole;
  }

  /** Its lists are called {@code statuses[]} and {@code explode}, but are typed as one value. */
  private static void severalIfItSaysSo(JsonNode parameter) {
    JsonNode schema = parameter.path("schema");
    boolean several = parameter.path("name").asText().endsWith("[]");
    if (several
        && parameter.path("explode").asBoolean()
        && schema.path("type").asText().equals("string")) {
      ObjectNode list = JsonNodeFactory.instance.objectNode().put("type", "array");
      list.set("items", ((ObjectNode) schema.deepCopy()).without("uniqueItems"));
      ((ObjectNode) parameter).set("schema", list);
    }
  }

  private static List<String> errors(ValidationReport report) {
    return report.getMessages().stream()
        .filter(message -> message.getLevel() == Level.ERROR)
        .map(PagerDutyDocument::words)
        .toList();
  }

  private static String words(ValidationReport.Message message) {
    return message.getMessage()
        + message.getNestedMessages().stream().map(each -> "\n  " + words(each)).collect(joining());
  }

  /** The document's own examples have nulls where its schemas allow none. */
  private static String withoutNulls(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      removeNulls(node);
      return node.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(field -> field.getValue().isNull());
    }
    node.forEach(PagerDutyDocument::removeNulls);
  }

  /**
   * The part of the document that is needed, in a form that the validator's parser can read: it
   * knows no references into the middle of a component, which the document makes much use of.
   */
  private static final class Excerpt {

    private final JsonNode whole;
    private final ObjectNode components = JsonNodeFactory.instance.objectNode();
    private final Deque<String> missing = new ArrayDeque<>();
    private final Set<String> known = new HashSet<>();

    private Excerpt(JsonNode whole) {
      this.whole = whole;
    }

    private ObjectNode of(List<String> paths) {
      ObjectNode excerpt = JsonNodeFactory.instance.objectNode();
      excerpt.set("openapi", whole.path("openapi"));
      excerpt.set("info", whole.path("info"));
      ObjectNode chosen = excerpt.putObject("paths");
      paths.forEach(path -> chosen.set(path, readable(whole.path("paths").path(path))));
      while (!missing.isEmpty()) {
        String reference = missing.remove();
        String[] parts = reference.split("/", -1);
        components
            .withObjectProperty(parts[2])
            .set(parts[3], readable(whole.at(reference.substring(1))));
      }
      excerpt.set("components", components);
      return excerpt;
    }

    private JsonNode readable(JsonNode node) {
      if (node.isArray()) {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        node.forEach(each -> copy.add(readable(each)));
        return copy;
      }
      if (!node.isObject()) {
        return node;
      }
      String reference = node.path("$ref").asText();
      if (reference.split("/", -1).length > 4) {
        return readable(whole.at(reference.substring(1)));
      }
      if (!reference.isEmpty() && known.add(reference)) {
        missing.add(reference);
      }
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.fields()
          .forEachRemaining(
              field -> {
                if (!field.getKey().startsWith("example")) {
                  copy.set(field.getKey(), readable(field.getValue()));
                }
              });
      return copy;
    }
  }
}
