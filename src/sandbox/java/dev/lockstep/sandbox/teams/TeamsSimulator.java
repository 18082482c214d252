package dev.lockstep.sandbox.teams;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Workflows with the trigger "When a Teams webhook request is received" on a loopback port. Each
 * posts the cards it gets, in memory. Thread-safe.
 *
 * <p>Written from Microsoft Learn ("Create incoming webhooks with Workflows for Microsoft Teams"):
 * a request is a message with Adaptive Cards as attachments, at most 28 KB, and is answered with
 * 202; the address carries the signature that lets a caller post. That page does not say how other
 * requests are answered: here with 401 and 400.
 */
public final class TeamsSimulator implements AutoCloseable {
  private static final String SIGNATURE = "sandbox-signature";
  private static final String CARD = "application/vnd.microsoft.card.adaptive";
  private static final int MOST_BYTES = 28 * 1024;

  private final Clock clock;
  private final Faults faults = new Faults();
  private final CallCounters calls = new CallCounters("");
  private final List<TeamsCard> cards = new CopyOnWriteArrayList<>();
  private final ApiServer<String> server;

  private TeamsSimulator(Clock clock) {
    this.clock = clock;
    this.server =
        new ApiServer<>(
            new ApiServer.Setup(
                0,
                faults,
                new RateLimit(clock, 0, 1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                clock),
            new Rules(),
            new Router<String>().add("POST", "/workflows/{name}", (call, caller) -> post(call)),
            calls);
  }

  public static TeamsSimulator start(Clock clock) {
    return new TeamsSimulator(clock);
  }

  /** The secret address of a workflow. */
  public String address(String workflow) {
    return server.url() + "/workflows/" + workflow + "?sig=" + SIGNATURE;
  }

  public Faults faults() {
    return faults;
  }

  public CallCounters calls() {
    return calls;
  }

  /** Oldest first. */
  public List<TeamsCard> cards() {
    return List.copyOf(cards);
  }

  private Response post(Request call) {
    if (call.body().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw new Refusal(413, "The message is larger than 28 KB");
    }
    JsonNode message = Json.read(call.body()).orElse(Json.NULL);
    if (!message.path("type").asText().equals("message")
        || !message.path("attachments").isArray()
        || message.path("attachments").isEmpty()) {
      throw new Refusal(400, "Not a message with attachments");
    }
    List<TeamsCard> posted = new ArrayList<>();
    for (JsonNode attachment : message.path("attachments")) {
      JsonNode card = attachment.path("content");
      if (!attachment.path("contentType").asText().equals(CARD)
          || !card.path("type").asText().equals("AdaptiveCard")
          || card.path("version").asText().isEmpty()) {
        throw new Refusal(400, "An attachment is no Adaptive Card");
      }
      posted.add(new TeamsCard(call.id(), clock.instant(), lines(card)));
    }
    cards.addAll(posted);
    return Response.empty(202);
  }

  private static List<String> lines(JsonNode card) {
    List<String> lines = new ArrayList<>();
    for (JsonNode block : card.path("body")) {
      StringBuilder line = new StringBuilder(block.path("text").asText(""));
      block.path("inlines").forEach(run -> line.append(run.path("text").asText(run.asText(""))));
      lines.add(line.toString());
    }
    return lines;
  }

  @Override
  public void close() {
    server.close();
  }

  private static final class Refusal extends ApiException {
    private static final long serialVersionUID = 1L;

    Refusal(int status, String message) {
      super(status, message);
    }

    @Override
    public Response response() {
      return Response.json(
          status(), Map.of("error", Map.of("message", String.valueOf(getMessage()))));
    }
  }

  private static final class Rules implements ApiRules<String> {
    @Override
    public String login(Request request) {
      if (!request.parameter("sig").orElse("").equals(SIGNATURE)) {
        throw new Refusal(401, "The signature is not valid");
      }
      return "workflow";
    }

    @Override
    public ApiException notRouted(boolean knownPath) {
      return new Refusal(404, "There is no such workflow");
    }

    @Override
    public Response tooManyRequests() {
      return new Refusal(429, "Too many requests").response();
    }

    @Override
    public Map<String, String> limitHeaders(RateLimit.Quota quota) {
      return Map.of();
    }

    @Override
    public Response forbidden() {
      return new Refusal(403, "Forbidden").response();
    }

    @Override
    public Response failed() {
      return new Refusal(500, "The workflow failed").response();
    }
  }
}
