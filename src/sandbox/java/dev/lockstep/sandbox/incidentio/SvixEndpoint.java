package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Hmac;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.WebhookCounts;
import dev.lockstep.sandbox.http.WebhookSender;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The organisation's one webhook endpoint. "As we deliver webhooks individually over HTTPS, we
 * cannot guarantee that they'll be delivered in the correct order": none waits for another one's
 * retries. Thread-safe.
 */
public final class SvixEndpoint {

  private static final String SECRET_PREFIX = "whsec_";

  private final Clock clock;
  private final DeclaredIncidentJson json;
  private final WebhookSender sender;
  private final Set<String> unsubscribed = new HashSet<>();
  private List<String> secrets;
  private @Nullable URI target;
  private boolean on = true;

  SvixEndpoint(IncidentIoOptions options, DeclaredIncidentJson json) {
    this.clock = options.clock;
    this.json = json;
    this.secrets = options.webhookSecrets;
    this.sender =
        new WebhookSender(
            "incident-io-webhooks",
            options.webhookDelivery,
            // "If the endpoint returns a non-2xx status code, we'll try to resend the event".
            new WebhookSender.RetryRules(false, any -> true),
            options.faults,
            success -> {});
  }

  /**
   * Where webhooks go; until this is called none are sent.
   *
   * @throws IllegalArgumentException when it is no http or https address
   */
  public synchronized void target(URI url) {
    target = HttpRequest.newBuilder(url).build().uri();
  }

  /** Replaces the signing secrets; each signs what is sent from now on, retries too. */
  public synchronized void secrets(String... newSecrets) {
    secrets = List.of(newSecrets);
  }

  /** Off: nothing new is sent. What waits still goes out. */
  public synchronized void on(boolean sends) {
    on = sends;
  }

  /** Leaves these event types out; all are chosen at first. */
  public synchronized void unsubscribe(String... types) {
    unsubscribed.addAll(Set.of(types));
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

  /** Called for every change in order. */
  synchronized void announce(Optional<DeclaredIncident> before, DeclaredIncident after) {
    String what = before.isEmpty() ? "incident_created_v2" : "incident_updated_v2";
    if (after.isPrivate()) {
      // "For private incidents, we only send the ID of the resource that's been changed."
      send("private_incident." + what, after, Json.object().put("id", after.id()));
      return;
    }
    send("public_incident." + what, after, json.inWebhook(after));
    before
        .filter(one -> !one.status().equals(after.status()))
        .ifPresent(
            one ->
                send(
                    "public_incident.incident_status_updated_v2",
                    after,
                    json.statusChange(one, after)));
  }

  private void send(String type, DeclaredIncident incident, ObjectNode content) {
    URI to = target;
    if (to == null || !on || unsubscribed.contains(type)) {
      return;
    }
    ObjectNode body = Json.object().put("event_type", type);
    body.set(type, content);
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    String id = "msg_" + UUID.randomUUID().toString().replace("-", "");
    sender.offer(incident.id(), type, retry -> Optional.of(request(to, id, bytes)));
  }

  private HttpRequest.Builder request(URI to, String id, byte[] body) {
    Instant now = clock.instant();
    return HttpRequest.newBuilder(to)
        .header("Content-Type", "application/json")
        .header("User-Agent", "Svix-Webhooks/1.0")
        .header("webhook-id", id)
        .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
        .header("webhook-signature", signatures(currentSecrets(), id, now.getEpochSecond(), body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private synchronized List<String> currentSecrets() {
    return secrets;
  }

  /** A list with a space between the signatures, as "Standard Webhooks" says. */
  static String signatures(List<String> secrets, String id, long timestamp, byte[] body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    byte[] signed = new byte[head.length + body.length];
    System.arraycopy(head, 0, signed, 0, head.length);
    System.arraycopy(body, 0, signed, head.length, body.length);
    return secrets.stream()
        .map(secret -> Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length())))
        .map(key -> "v1," + Base64.getEncoder().encodeToString(Hmac.sha256(key, signed)))
        .collect(Collectors.joining(" "));
  }
}
