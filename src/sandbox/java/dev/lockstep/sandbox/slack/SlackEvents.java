package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Hmac;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.WebhookCounts;
import dev.lockstep.sandbox.http.WebhookSender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The Events API: sends what happens to the app's request URL, signed ("Verifying requests from
 * Slack"). An event that is not answered with a success in time is sent up to three times more,
 * with the number and the reason of the retry in headers. Events keep no order. Thread-safe.
 */
public final class SlackEvents {
  private final Clock clock;
  private final String secret;
  private final WebhookSender sender;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable URI target;
  private boolean on = true;
  private long sent;

  SlackEvents(SlackOptions options) {
    this.clock = options.clock;
    this.secret = options.signingSecret;
    this.sender =
        new WebhookSender(
            "slack-events",
            options.eventDelivery,
            // Anything but a success is repeated ("Error handling").
            new WebhookSender.RetryRules(false, status -> true),
            options.faults,
            delivered -> {});
  }

  /** Where events go; until this is called none are sent. */
  public synchronized void target(URI url) {
    target = url;
  }

  /** Off: nothing new is sent, as when nobody subscribed. */
  public synchronized void on(boolean sends) {
    on = sends;
  }

  /**
   * The handshake when the address is entered in the app's settings.
   *
   * @return whether it was answered with the challenge
   */
  public boolean verify() {
    String challenge = UUID.randomUUID().toString();
    ObjectNode json =
        Json.object()
            .put("token", "deprecated")
            .put("challenge", challenge)
            .put("type", "url_verification");
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    try {
      HttpResponse<String> answer =
          http.send(signed(address().orElseThrow(), body).build(), BodyHandlers.ofString());
      String type = answer.headers().firstValue("Content-Type").orElse("");
      return answer.statusCode() == 200 && echoed(type, answer.body()).equals(challenge);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** "As plain text, as a form, or as JSON". */
  private static String echoed(String type, String body) {
    return type.startsWith("application/json")
        ? Json.read(body).map(json -> json.path("challenge").asText()).orElse("")
        : body;
  }

  /** How many events there were, sent or not. */
  public synchronized long count() {
    return sent;
  }

  /** Nothing waits to be sent, to be sent again, or is held back. */
  public boolean idle() {
    return sender.idle();
  }

  public WebhookCounts counts() {
    return sender.counts();
  }

  void close() {
    sender.close();
  }

  /** Takes the inner event of a change. */
  synchronized void announce(ObjectNode event) {
    sent++;
    if (!on || target == null) {
      return;
    }
    String eventId = "Ev" + UUID.randomUUID().toString().replace("-", "").substring(0, 10);
    ObjectNode json =
        Json.object()
            .put("token", "deprecated")
            .put("team_id", SlackWorkspace.TEAM)
            .put("api_app_id", SlackWorkspace.APP)
            .put("type", "event_callback")
            .put("event_id", eventId)
            .put("event_time", clock.instant().getEpochSecond());
    json.set("event", event);
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    sender.offer(queue(event), event.path("type").asText(), retry -> request(body, retry));
  }

  private static String queue(JsonNode event) {
    return UUID.randomUUID().toString() + event.path("type").asText();
  }

  private synchronized Optional<URI> address() {
    return Optional.ofNullable(target);
  }

  private Optional<HttpRequest.Builder> request(byte[] body, int retry) {
    return address()
        .map(to -> signed(to, body))
        .map(
            request ->
                retry == 0
                    ? request
                    : request
                        .header("x-slack-retry-num", Integer.toString(retry))
                        .header("x-slack-retry-reason", "http_error"));
  }

  /** With the time of this attempt. */
  private HttpRequest.Builder signed(URI to, byte[] body) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    return HttpRequest.newBuilder(to)
        .header("Content-Type", "application/json")
        .header("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
        .header("X-Slack-Request-Timestamp", timestamp)
        .header("X-Slack-Signature", signature(secret, timestamp, body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  /** "Concatenate the version number, the timestamp, and the request body, with colons." */
  public static String signature(String secret, String timestamp, byte[] body) {
    byte[] start = ("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8);
    byte[] whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return "v0=" + Hmac.sha256(secret, whole);
  }
}
