package dev.lockstep.connector;

import static java.util.stream.Collectors.joining;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.atlassian.oai.validator.report.ValidationReport.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds requests against a vendor's OpenAPI document below {@code LOCKSTEP_SHARED}; without the
 * document every request is fine.
 */
record OpenApiRequests(@Nullable OpenApiInteractionValidator validator) {
  private static final Map<String, OpenApiRequests> READ = new ConcurrentHashMap<>();

  private static final String ASKED =
      "/rest/api/3/(issue|search|user|component|project).*"
          + "|/v2/(incidents|incident_updates|incident_roles|users|custom_fields).*"
          + "|/v1/(incident_statuses|severities|identity|custom_field_options).*"
          + "|/v3/catalog_entries.*"
          + "|/pages/[^/]*(/(incidents|components).*)?";

  static OpenApiRequests of(String name) {
    return READ.computeIfAbsent(name, OpenApiRequests::read);
  }

  private static OpenApiRequests read(String name) {
    String shared = System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared");
    Path file = Path.of(shared, "specs", name);
    if (!Files.isRegularFile(file)) {
      return new OpenApiRequests(null);
    }
    try {
      JsonNode whole = new ObjectMapper().readTree(file.toFile());
      // The rest of the product takes long to read and is asked nothing here.
      ((ObjectNode) whole.path("paths"))
          .retain(
              whole.path("paths").properties().stream()
                  .map(Map.Entry::getKey)
                  .filter(path -> path.matches(ASKED))
                  .toList());
      return new OpenApiRequests(
          OpenApiInteractionValidator.createForInlineApiSpecification(whole.toString())
              .withLevelResolver(
                  LevelResolver.create()
                      .withLevel("validation.schema.additionalProperties", Level.IGNORE)
                      .withLevel("validation.request.security.missing", Level.IGNORE)
                      .build())
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the document does not allow, a line each. */
  List<String> broken(List<LoggedRequest> requests) {
    return validator == null
        ? List.of()
        : requests.stream().flatMap(request -> broken(validator, request).stream()).toList();
  }

  private static List<String> broken(OpenApiInteractionValidator validator, LoggedRequest asked) {
    URI url = URI.create(asked.getUrl());
    SimpleRequest.Builder request =
        new SimpleRequest.Builder(asked.getMethod().getName(), url.getPath());
    asked.getQueryParams().forEach((name, values) -> request.withQueryParam(name, values.values()));
    asked.getHeaders().all().forEach(header -> request.withHeader(header.key(), header.values()));
    if (asked.getBody().length > 0) {
      request.withBody(asked.getBodyAsString());
    }
    return validator.validateRequest(request.build()).getMessages().stream()
        .filter(message -> message.getLevel() == Level.ERROR)
        .map(message -> asked.getMethod() + " " + asked.getUrl() + ": " + words(message))
        .toList();
  }

  private static String words(ValidationReport.Message message) {
    return message.getMessage()
        + message.getNestedMessages().stream().map(each -> "\n  " + words(each)).collect(joining());
  }
}
