package dev.lockstep.sandbox.servicenow;

import dev.lockstep.sandbox.http.Hmac;
import dev.lockstep.sandbox.http.WebhookCounts;
import dev.lockstep.sandbox.http.WebhookDelivery;
import dev.lockstep.sandbox.http.WebhookSender;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Posts the business rule's messages. Those of one record go out in order; each is tried once, for
 * a business rule does not repeat itself: what the target misses, only polling finds. Thread-safe.
 */
final class BusinessRuleWebhooks implements AutoCloseable {

  private final WebhookSender sender;
  private volatile @Nullable URI target;
  private volatile String secret;
  private volatile boolean on = true;

  BusinessRuleWebhooks(ServiceNowOptions options) {
    this.sender =
        new WebhookSender(
            "servicenow-webhooks",
            WebhookDelivery.of(Duration.ofSeconds(5), 4),
            new WebhookSender.RetryRules(true, status -> false),
            options.faults,
            success -> {});
    this.target = options.webhookTarget;
    this.secret = options.webhookSecret;
  }

  void target(@Nullable URI value) {
    target = value;
  }

  void secret(String value) {
    secret = value;
  }

  void on(boolean value) {
    on = value;
  }

  boolean sends() {
    return on && target != null;
  }

  WebhookCounts counts() {
    return sender.counts();
  }

  void offer(String sysId, String event, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    sender.offer(sysId, event, retry -> Optional.ofNullable(target).map(to -> request(to, bytes)));
  }

  private HttpRequest.Builder request(URI to, byte[] body) {
    return HttpRequest.newBuilder(to)
        .header("Content-Type", "application/json")
        .header("X-Lockstep-Signature", "v1=" + Hmac.sha256(secret, body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  @Override
  public void close() {
    sender.close();
  }
}
