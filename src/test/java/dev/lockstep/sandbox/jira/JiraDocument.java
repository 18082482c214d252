package dev.lockstep.sandbox.jira;

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
import java.util.Map;
import java.util.Set;

/**
 * The OpenAPI document that Atlassian publishes of Jira's REST API, to hold calls against. A test
 * that asks for it is skipped where the document is not there.
 */
public final class JiraDocument {

  private static final String ROOT = "/rest/api/3";
  private static final List<String> PATHS =
      List.of(
          "/myself",
          "/serverInfo",
          "/project/{projectIdOrKey}",
          "/priority",
          "/priority/search",
          "/status",
          "/field",
          "/issueLinkType",
          "/user",
          "/user/search",
          "/user/assignable/search",
          "/issue",
          "/issue/{issueIdOrKey}",
          "/issue/{issueIdOrKey}/transitions",
          "/issue/{issueIdOrKey}/changelog",
          "/issue/{issueIdOrKey}/comment",
          "/issue/{issueIdOrKey}/comment/{id}",
          "/issue/{issueIdOrKey}/remotelink",
          "/issue/{issueIdOrKey}/remotelink/{linkId}",
          "/issue/{issueIdOrKey}/properties",
          "/issue/{issueIdOrKey}/properties/{propertyKey}",
          "/issueLink",
          "/issueLink/{linkId}",
          "/mypermissions",
          "/issue/createmeta/{projectIdOrKey}/issuetypes",
          "/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
          "/issue/{issueIdOrKey}/editmeta",
          "/search/jql");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final OpenApiInteractionValidator validator;

  private JiraDocument(OpenApiInteractionValidator validator) {
    this.validator = validator;
  }

  /** Looks below {@code LOCKSTEP_SHARED}, a system property or environment variable. */
  public static JiraDocument load() {
    String shared =
        System.getProperty(
            "LOCKSTEP_SHARED", System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared"));
    Path file = Path.of(shared, "specs", "jira-cloud-v3.openapi.json");
    assumeThat(file).describedAs("Jira's OpenAPI document").exists();
    try {
      return new JiraDocument(
          OpenApiInteractionValidator.createForInlineApiSpecification(
                  new Excerpt(corrected(JSON.readTree(file.toFile()))).text())
              .withLevelResolver(
                  LevelResolver.create()
                      // A wrong login is there to be refused.
                      .withLevel("validation.request.security.missing", Level.IGNORE)
                      // Its times are +0000, as Jira's own are; RFC 3339 wants +00:00.
                      .withLevel("validation.response.body.schema.format.date-time", Level.IGNORE)
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
    }
    return errors(validator.validateRequest(request.build()));
  }

  /** What the document does not allow of an answer. */
  public List<String> brokenByResponse(Exchange exchange) {
    SimpleResponse.Builder response = SimpleResponse.Builder.status(exchange.status());
    exchange.responseHeaders().forEach(response::withHeader);
    if (!exchange.responseBody().isEmpty()) {
      response.withBody(exchange.responseBody());
    }
    return errors(
        validator.validateResponse(
            URI.create(exchange.url()).getPath(),
            Request.Method.valueOf(exchange.method()),
            response.build()));
  }

  /** Says what the document leaves out, so that it can be held against answers. */
  private static JsonNode corrected(JsonNode whole) {
    for (String path : PATHS) {
      for (JsonNode operation : whole.path("paths").path(ROOT + path)) {
        operation.path("responses").properties().forEach(JiraDocument::corrected);
      }
    }
    // The example of "Webhooks" has nulls there, and what was empty has no former value.
    ObjectNode change = (ObjectNode) whole.at("/components/schemas/ChangeDetails/properties");
    for (String field : List.of("from", "fromString", "to", "toString")) {
      ((ObjectNode) change.path(field)).put("nullable", true);
    }
    return whole;
  }

  private static void corrected(Map.Entry<String, JsonNode> response) {
    ObjectNode described = (ObjectNode) response.getValue();
    JsonNode content = described.path("content").path("application/json");
    JsonNode schema = content.path("schema");
    if (response.getKey().startsWith("4")) {
      // Many errors are listed without a body; all are told in the one shape it has for errors.
      ObjectNode error = JSON.createObjectNode();
      error
          .putObject("application/json")
          .putObject("schema")
          .put("$ref", "#/components/schemas/ErrorCollection");
      described.set("content", error);
    } else if (schema.isObject()
        && schema.isEmpty()
        && !described.path("description").asText().contains("returnIssue")) {
      // An empty schema stands for no body at all.
      described.remove("content");
    }
  }

  private static List<String> errors(ValidationReport report) {
    return report.getMessages().stream()
        .filter(message -> message.getLevel() == Level.ERROR)
        .map(JiraDocument::words)
        .toList();
  }

  private static String words(ValidationReport.Message message) {
    return message.getKey()
        + " "
        + message.getMessage()
        + message.getNestedMessages().stream().map(each -> "\n  " + words(each)).collect(joining());
  }

  /** The part of the document that is needed; all of it takes the parser half a minute. */
  private static final class Excerpt {

    private final JsonNode whole;
    private final ObjectNode components = JsonNodeFactory.instance.objectNode();
    private final Deque<String> missing = new ArrayDeque<>();
    private final Set<String> known = new HashSet<>();

    private Excerpt(JsonNode whole) {
      this.whole = whole;
    }

    private String text() {
      ObjectNode excerpt = JsonNodeFactory.instance.objectNode();
      excerpt.set("openapi", whole.path("openapi"));
      excerpt.set("info", whole.path("info"));
      ObjectNode chosen = excerpt.putObject("paths");
      for (String path : PATHS) {
        JsonNode item = whole.path("paths").path(ROOT + path);
        if (item.isMissingNode()) {
          throw new IllegalStateException("the document has no " + path);
        }
        chosen.set(ROOT + path, readable(item));
      }
      while (!missing.isEmpty()) {
        String reference = missing.remove();
        String[] parts = reference.split("/", -1);
        components
            .withObjectProperty(parts[2])
            .set(parts[3], readable(whole.at(reference.substring(1))));
      }
      excerpt.set("components", components);
      return excerpt.toString();
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
      if (!reference.isEmpty() && known.add(reference)) {
        missing.add(reference);
      }
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.properties()
          .forEach(
              field -> {
                if (!field.getKey().startsWith("example") && !field.getKey().equals("security")) {
                  copy.set(field.getKey(), readable(field.getValue()));
                }
              });
      return copy;
    }
  }
}
