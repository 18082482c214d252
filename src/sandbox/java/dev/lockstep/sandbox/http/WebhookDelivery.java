package dev.lockstep.sandbox.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How webhooks are delivered: the vendor's documented rules, with waits short enough for a test.
 *
 * @param timeout how long an answer may take
 * @param retries the waits before each further attempt; after the last the webhook is dropped
 * @param threads how many webhooks are sent at once
 * @param heldBack how long a reordered webhook waits for the next one of its queue at most
 */
public record WebhookDelivery(
    Duration timeout, List<Duration> retries, int threads, Duration heldBack) {

  public WebhookDelivery {
    retries = List.copyOf(retries);
  }

  /**
   * @param retryMillis the wait before each further attempt
   */
  public static WebhookDelivery of(Duration timeout, int threads, long... retryMillis) {
    List<Duration> retries = Arrays.stream(retryMillis).mapToObj(Duration::ofMillis).toList();
    return new WebhookDelivery(timeout, retries, threads, Duration.ofSeconds(2));
  }
}
