package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.Faults;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * How a simulated account is set up. Start from {@link #defaults()}.
 *
 * @param port 0 for any free one; only loopback is bound
 * @param token what {@code Authorization: Token token=} must carry
 * @param faults what goes wrong and when
 * @param webhookSecrets each signs every webhook; several during a rotation
 * @param webhookDelivery how webhooks are sent and sent again
 * @param requestsPerMinute more are answered 429; 0 for no limit ("REST API Rate Limits" says 960)
 * @param announcedWait what an injected 429 says in {@code ratelimit-reset}, in whole seconds
 * @param lateness how long an injected {@code TIMEOUT} keeps the caller waiting
 * @param reassigningTriggers an acknowledged incident given to others must be acknowledged again
 * @param apiIncidentsMergeable whether an incident opened by {@code POST /incidents} counts as
 *     "created manually", or needs alerts to be merged
 */
public record PagerDutyOptions(
    int port,
    String token,
    Clock clock,
    Faults faults,
    List<String> webhookSecrets,
    WebhookDelivery webhookDelivery,
    int requestsPerMinute,
    Duration announcedWait,
    Duration lateness,
    boolean reassigningTriggers,
    boolean apiIncidentsMergeable) {

  /**
   * How webhooks are sent, as "Behavior" in PagerDuty's webhook documentation says, with waits
   * short enough for a rehearsal.
   *
   * @param timeout how long an answer may take; PagerDuty gives 5 s
   * @param retries the waits before each further attempt; after the last the webhook is dropped
   * @param threads how many are sent at once, never two of one incident
   * @param disabledFor how long the subscription stays off after three drops in a row
   * @param heldBack how long a reordered webhook waits for the next one of its incident at most
   */
  public record WebhookDelivery(
      Duration timeout,
      List<Duration> retries,
      int threads,
      Duration disabledFor,
      Duration heldBack) {

    public WebhookDelivery {
      retries = List.copyOf(retries);
    }

    /** The documented timeout and disablement; about a minute of retries instead of 48 hours. */
    public static WebhookDelivery defaults() {
      List<Duration> retries =
          List.of(
              Duration.ofMillis(200),
              Duration.ofMillis(500),
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              Duration.ofSeconds(15),
              Duration.ofSeconds(30));
      return new WebhookDelivery(
          Duration.ofSeconds(5), retries, 8, Duration.ofHours(24), Duration.ofSeconds(2));
    }
  }

  public PagerDutyOptions {
    webhookSecrets = List.copyOf(webhookSecrets);
  }

  /** A random port, no faults, no rate limit. */
  public static PagerDutyOptions defaults() {
    return new PagerDutyOptions(
        0,
        "sandbox-token",
        Clock.systemUTC(),
        new Faults(),
        List.of("sandbox-webhook-secret"),
        WebhookDelivery.defaults(),
        0,
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        true,
        true);
  }

  public PagerDutyOptions withPort(int newPort) {
    return new PagerDutyOptions(
        newPort,
        token,
        clock,
        faults,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withToken(String newToken) {
    return new PagerDutyOptions(
        port,
        newToken,
        clock,
        faults,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withClock(Clock newClock) {
    return new PagerDutyOptions(
        port,
        token,
        newClock,
        faults,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withFaults(Faults other) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        other,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withAnnouncedWait(Duration other) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        faults,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        other,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withWebhookSecrets(List<String> secrets) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        faults,
        secrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withWebhookDelivery(WebhookDelivery delivery) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        faults,
        webhookSecrets,
        delivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withRequestsPerMinute(int limit) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        faults,
        webhookSecrets,
        webhookDelivery,
        limit,
        announcedWait,
        lateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withLateness(Duration newLateness) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        faults,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        newLateness,
        reassigningTriggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withReassigningTriggers(boolean triggers) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        faults,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        triggers,
        apiIncidentsMergeable);
  }

  public PagerDutyOptions withApiIncidentsMergeable(boolean mergeable) {
    return new PagerDutyOptions(
        port,
        token,
        clock,
        faults,
        webhookSecrets,
        webhookDelivery,
        requestsPerMinute,
        announcedWait,
        lateness,
        reassigningTriggers,
        mergeable);
  }
}
