package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The description that Slack publishes of its Web API (Swagger 2), to hold calls against. It
 * describes arguments as forms, also where a method takes JSON: a JSON argument must have the name
 * and the type of the one in the form.
 */
public final class SlackDocument {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Errors that the descriptions of the methods name, and this document does not. */
  private static final Set<String> LATER =
      Set.of("ratelimited", "token_revoked", "missing_scope", "unknown_method", "no_permission");

  private final JsonNode paths;

  private SlackDocument(JsonNode paths) {
    this.paths = paths;
  }

  /** Empty where the document is not there. */
  public static Optional<SlackDocument> find() {
    String shared = System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared");
    Path file = Path.of(shared, "specs", "slack-web.swagger2.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SlackDocument(JSON.readTree(file.toFile()).path("paths")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What of a call and its answer the document does not allow, a line each. */
  public List<String> problems(Exchange call) {
    String path = call.url().replaceFirst("\\?.*", "").replaceFirst("^/api", "");
    JsonNode method = paths.path(path).path(call.method().toLowerCase(java.util.Locale.ROOT));
    List<String> problems = new ArrayList<>();
    if (method.isMissingNode()) {
      return List.of("no such method");
    }
    Map<String, JsonNode> arguments = arguments(call, method, problems);
    Map<String, JsonNode> known = new HashMap<>();
    method.path("parameters").forEach(one -> known.put(one.path("name").asText(), one));
    arguments.forEach(
        (name, value) -> {
          JsonNode declared = known.get(name);
          if (declared == null) {
            problems.add("no argument " + name);
          } else if (!hasType(value, declared.path("type").asText())) {
            problems.add(name + " is no " + declared.path("type").asText() + ": " + value);
          }
        });
    known.forEach(
        (name, declared) -> {
          boolean required = declared.path("required").asBoolean() && !name.equals("token");
          if (required && !arguments.containsKey(name)) {
            problems.add(name + " is missing");
          }
        });
    if (!call.requestHeaders().containsKey("authorization")) {
      problems.add("no token");
    }
    problems.addAll(unknownErrors(call, method));
    return problems.stream().map(problem -> call.method() + " " + path + ": " + problem).toList();
  }

  private static Map<String, JsonNode> arguments(
      Exchange call, JsonNode method, List<String> problems) {
    Map<String, JsonNode> arguments = new HashMap<>();
    if (!call.requestBody().isEmpty()) {
      String type = String.join(",", call.requestHeaders().getOrDefault("content-type", List.of()));
      if (!type.equalsIgnoreCase("application/json; charset=utf-8")) {
        problems.add("type of the body " + type);
      }
      Set<String> consumed = new HashSet<>();
      method.path("consumes").forEach(one -> consumed.add(one.asText()));
      if (!consumed.contains("application/json")) {
        problems.add("takes no JSON");
      }
      try {
        JSON.readTree(call.requestBody())
            .properties()
            .forEach(field -> arguments.put(field.getKey(), field.getValue()));
      } catch (IOException e) {
        problems.add("no JSON: " + call.requestBody());
      }
    }
    int query = call.url().indexOf('?');
    if (query >= 0) {
      Request.form(call.url().substring(query + 1))
          .forEach((name, values) -> arguments.put(name, TextNode.valueOf(values.get(0))));
    }
    return arguments;
  }

  private static boolean hasType(JsonNode value, String type) {
    return switch (type) {
      case "boolean" -> value.isBoolean() || value.asText().matches("true|false");
      case "integer" -> value.asText().matches("\\d+");
      case "number" -> value.asText().matches("\\d+(\\.\\d+)?");
      default -> value.isTextual();
    };
  }

  private static List<String> unknownErrors(Exchange call, JsonNode method) {
    try {
      JsonNode answer = JSON.readTree(call.responseBody());
      String error = answer.path("error").asText("");
      Set<String> known = new HashSet<>(LATER);
      method
          .at("/responses/default/schema/properties/error/enum")
          .forEach(one -> known.add(one.asText()));
      boolean documented = error.isEmpty() || known.contains(error) || isOwn(call, error);
      return documented ? List.of() : List.of("no error " + error);
    } catch (IOException e) {
      // A load balancer's page, which a fault injects.
      return List.of();
    }
  }

  /** In the current description of the method, and not in this document, which is older. */
  private static boolean isOwn(Exchange call, String error) {
    return call.url().contains("unarchive") && error.equals("not_in_channel")
        || call.url().contains("history") && error.equals("not_in_channel")
        || call.url().contains("reactions.get") && error.equals("not_in_channel")
        || error.equals("internal_error");
  }
}
