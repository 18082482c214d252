package dev.lockstep.sandbox.incidentio;

import static java.util.stream.Collectors.joining;

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
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The OpenAPI document that incident.io publishes of its API, to hold calls against. */
public final class IncidentIoDocument {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OpenApiInteractionValidator validator;

  private IncidentIoDocument(OpenApiInteractionValidator validator) {
    this.validator = validator;
  }

  /**
   * Looks below {@code LOCKSTEP_SHARED}, a system property or environment variable; empty if the
   * document is not there.
   */
  public static Optional<IncidentIoDocument> find() {
    String shared =
        System.getProperty(
            "LOCKSTEP_SHARED", System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared"));
    Path file = Path.of(shared, "specs", "incident-io.openapi.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new IncidentIoDocument(validator(JSON.readTree(file.toFile()))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OpenApiInteractionValidator validator(JsonNode whole) {
    ((ObjectNode) whole.path("paths"))
        .retain(
            List.of(
                "/v1/identity",
                "/v1/incident_statuses",
                "/v1/incident_statuses/{id}",
                "/v1/severities",
                "/v1/severities/{id}",
                "/v1/custom_field_options",
                "/v2/incidents",
                "/v2/incidents/{id}",
                "/v2/incidents/{id}/actions/edit",
                "/v2/incident_updates",
                "/v2/incident_roles",
                "/v2/custom_fields",
                "/v2/users",
                "/v2/users/{id}"));
    whole.at("/components/schemas").forEach(IncidentIoDocument::requireOnlyWhatIsDescribed);
    return OpenApiInteractionValidator.createForInlineApiSpecification(whole.toString())
        .withLevelResolver(
            LevelResolver.create()
                .withLevel("validation.schema.additionalProperties", Level.IGNORE)
                .withLevel("validation.request.security.missing", Level.IGNORE)
                .build())
        .build();
  }

  /** IncidentV2 and others require properties that they do not describe, such as external_id. */
  private static void requireOnlyWhatIsDescribed(JsonNode schema) {
    if (schema.path("required") instanceof ArrayNode required && schema.has("properties")) {
      List<String> described =
          StreamSupport.stream(required.spliterator(), false)
              .map(JsonNode::asText)
              .filter(schema.path("properties")::has)
              .toList();
      required.removeAll();
      described.forEach(required::add);
    }
  }

  /** What the document does not allow of a call. */
  public List<String> brokenByRequest(Exchange exchange) {
    SimpleRequest.Builder request =
        new SimpleRequest.Builder(exchange.method(), URI.create(exchange.url()).getPath());
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

  /** What the document does not allow of an answer; a status it does not list is no matter. */
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

  private static List<String> errors(ValidationReport report) {
    return report.getMessages().stream()
        .filter(message -> message.getLevel() == Level.ERROR)
        .filter(message -> !message.getKey().equals("validation.response.status.unknown"))
        .map(IncidentIoDocument::words)
        .toList();
  }

  private static String words(ValidationReport.Message message) {
    return message.getMessage()
        + message.getNestedMessages().stream().map(each -> "\n  " + words(each)).collect(joining());
  }

  /** What has no value may be null, which the document's schemas do not say. */
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
    node.forEach(IncidentIoDocument::removeNulls);
  }
}
