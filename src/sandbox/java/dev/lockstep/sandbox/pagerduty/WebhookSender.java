package dev.lockstep.sandbox.pagerduty;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes one attempt to deliver one webhook. Thread-safe. */
final class WebhookSender {

  /** How an attempt ended, after "Error Handling and Retries" in the webhook documentation. */
  enum Result {
    DELIVERED,
    /** No answer in time, no connection, 5xx or 429. */
    TRY_AGAIN,
    /** Any other answer. */
    DROP
  }

  private final HttpClient client;
  private final Duration timeout;

  WebhookSender(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
  }

  Result send(
      URI target, String webhookId, String subscriptionId, List<String> secrets, byte[] body)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("User-Agent", "PagerDuty-Webhook/V3.0")
            .header("X-Webhook-Id", webhookId)
            .header("X-Webhook-Subscription", subscriptionId)
            .header("X-PagerDuty-Signature", signatures(secrets, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 200 && status < 300) {
        return Result.DELIVERED;
      }
      return status == 429 || status >= 500 ? Result.TRY_AGAIN : Result.DROP;
    } catch (IOException noAnswer) {
      return Result.TRY_AGAIN;
    }
  }

  /** "This is performed for each signing secret and the results are concatenated using comma". */
  static String signatures(List<String> secrets, byte[] body) {
    return secrets.stream().map(secret -> signature(secret, body)).collect(Collectors.joining(","));
  }

  private static String signature(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
