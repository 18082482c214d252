package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The addresses for answers: each "can be used up to 5 times within 30 minutes"; no token is needed,
 * since the address is secret. Thread-safe.
 */
final class ResponseUrls implements ApiRules<String> {
  private static final int MOST_USES = 5;
  private static final Duration OPEN = Duration.ofMinutes(30);
  private static final int MOST_BLOCKS = 50;
  private static final int LONGEST_SECTION = 3000;
  private static final int MOST_ELEMENTS = 25;
  private static final int LONGEST_LABEL = 75;
  private static final int LONGEST_VALUE = 2000;
  private static final int LONGEST_ACTION = 255;
  private static final Set<String> STYLES = Set.of("", "primary", "danger");

  private record Open(SlackCommand command, Instant until) {}

  private final Clock clock;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  ResponseUrls(Clock clock) {
    this.clock = clock;
  }

  URI next(String base) {
    String secret = UUID.randomUUID().toString().replace("-", "");
    return URI.create("%s/commands/%s/1/%s".formatted(base, SlackWorkspace.TEAM, secret));
  }

  void open(SlackCommand command) {
    open.put(command.responseUrl().getPath(), new Open(command, clock.instant().plus(OPEN)));
  }

  Router<String> router() {
    return new Router<String>()
        .add("POST", "/commands/{team}/{id}/{secret}", (request, caller) -> take(request));
  }

  private synchronized Response take(Request request) {
    Open found = open.get(request.fullPath());
    if (found == null) {
      return refusal(404, "no_service");
    }
    if (!clock.instant().isBefore(found.until())) {
      return refusal(404, "expired_url");
    }
    if (found.command().answers().size() >= MOST_USES) {
      return refusal(404, "used_url");
    }
    Optional<JsonNode> message = request.isJson() ? Json.read(request.body()) : Optional.empty();
    String problem = message.map(ResponseUrls::problem).orElse("invalid_payload");
    if (!problem.isEmpty()) {
      return refusal(400, problem);
    }
    found.command().answer(message.get());
    return Response.ok(Json.object().put("ok", true));
  }

  private static Response refusal(int status, String error) {
    return Response.json(status, Json.object().put("ok", false).put("error", error));
  }

  /** "Reference: Message payloads", "Reference: blocks"; empty for none. */
  private static String problem(JsonNode message) {
    if (!message.isObject()) {
      return "invalid_payload";
    }
    if (message.path("text").asText().isEmpty() && message.path("blocks").isEmpty()) {
      return "no_text";
    }
    if (message.path("text").asText().length() > MessageText.MOST) {
      return "msg_too_long";
    }
    String type = message.path("response_type").asText("ephemeral");
    if (!type.equals("ephemeral") && !type.equals("in_channel")) {
      return "invalid_response_type";
    }
    Set<String> actions = new HashSet<>();
    boolean isValid = message.path("blocks").size() <= MOST_BLOCKS;
    for (JsonNode block : message.path("blocks")) {
      isValid &= isValid(block, actions);
    }
    return isValid ? "" : "invalid_blocks";
  }

  private static boolean isValid(JsonNode block, Set<String> actions) {
    if (block.path("type").asText().equals("section")) {
      String text = block.at("/text/text").asText();
      String type = block.at("/text/type").asText();
      return !text.isEmpty()
          && text.length() <= LONGEST_SECTION
          && (type.equals("mrkdwn") || type.equals("plain_text") && !block.at("/text").has("verbatim"));
    }
    JsonNode elements = block.path("elements");
    boolean isValid =
        block.path("type").asText().equals("actions")
            && !elements.isEmpty()
            && elements.size() <= MOST_ELEMENTS;
    for (JsonNode button : elements) {
      String action = button.path("action_id").asText();
      String label = button.at("/text/text").asText();
      isValid &=
          button.path("type").asText().equals("button")
              && button.at("/text/type").asText().equals("plain_text")
              && !label.isEmpty()
              && label.length() <= LONGEST_LABEL
              && button.path("value").asText().length() <= LONGEST_VALUE
              && action.length() <= LONGEST_ACTION
              && STYLES.contains(button.path("style").asText())
              && actions.add(action);
    }
    return isValid;
  }

  @Override
  public String login(Request request) {
    return "anyone";
  }

  @Override
  public ApiException notRouted(boolean knownPath) {
    return new SlackException("no_service");
  }

  @Override
  public Response tooManyRequests() {
    return refusal(429, "rate_limited");
  }

  @Override
  public Map<String, String> limitHeaders(RateLimit.Quota quota) {
    return quota.injected()
        ? Map.of("Retry-After", Long.toString(Math.max(1, quota.untilReset().toSeconds())))
        : Map.of();
  }

  @Override
  public Response forbidden() {
    return refusal(403, "action_prohibited");
  }

  @Override
  public Response failed() {
    return refusal(500, "server_error");
  }
}
