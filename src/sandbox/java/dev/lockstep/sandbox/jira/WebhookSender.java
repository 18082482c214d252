package dev.lockstep.sandbox.jira;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes one attempt to deliver one webhook. Thread-safe. */
final class WebhookSender {

  /** How an attempt ended, after "Retry policy" in the webhook documentation. */
  enum Result {
    DELIVERED,
    /** 408, 409, 425, 429, 5xx, no connection, no answer in time. */
    TRY_AGAIN,
    /** Any other answer. */
    DROP
  }

  private static final Set<Integer> AGAIN = Set.of(408, 409, 425, 429);

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

  /**
   * @param retry 0 for the first attempt
   * @param secret empty: the webhook is not signed
   */
  Result send(URI target, String identifier, int retry, String secret, byte[] body)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(timeout)
            .header("Content-Type", "application/json; charset=UTF-8")
            .header("User-Agent", "Atlassian Webhook HTTP Client")
            .header("X-Atlassian-Webhook-Identifier", identifier)
            .header("X-Atlassian-Webhook-Flow", "Primary")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (retry > 0) {
      request.header("X-Atlassian-Webhook-Retry", Integer.toString(retry));
    }
    if (!secret.isEmpty()) {
      request.header("X-Hub-Signature", signature(secret, body));
    }
    try {
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 200 && status < 300) {
        return Result.DELIVERED;
      }
      return status >= 500 || AGAIN.contains(status) ? Result.TRY_AGAIN : Result.DROP;
    } catch (IOException noAnswer) {
      return Result.TRY_AGAIN;
    }
  }

  /** "formatted as method=signature, as defined by WebSub". */
  static String signature(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
