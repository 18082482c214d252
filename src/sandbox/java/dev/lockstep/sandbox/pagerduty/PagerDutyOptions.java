package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.http.Faults;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** How a simulated account is set up; what is not set is as in {@link #defaults()}. */
public final class PagerDutyOptions {

  int port;
  String token = "sandbox-token";
  Clock clock = Clock.systemUTC();
  Faults faults = new Faults();
  List<String> webhookSecrets = List.of("sandbox-webhook-secret");
  WebhookDelivery webhookDelivery = WebhookDelivery.defaults();
  int requestsPerMinute;
  Duration announcedWait = Duration.ofSeconds(1);
  Duration lateness = Duration.ofSeconds(30);
  boolean reassigningTriggers = true;
  boolean apiIncidentsMergeable = true;

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

  private PagerDutyOptions() {}

  /** A random port, no faults, no rate limit. */
  public static PagerDutyOptions defaults() {
    return new PagerDutyOptions();
  }

  /** 0 for any free one; only loopback is bound. */
  public PagerDutyOptions withPort(int value) {
    port = value;
    return this;
  }

  /** What {@code Authorization: Token token=} must carry. */
  public PagerDutyOptions withToken(String value) {
    token = value;
    return this;
  }

  public PagerDutyOptions withClock(Clock value) {
    clock = value;
    return this;
  }

  public PagerDutyOptions withFaults(Faults value) {
    faults = value;
    return this;
  }

  /** What an injected 429 says in {@code ratelimit-reset}, in whole seconds. */
  public PagerDutyOptions withAnnouncedWait(Duration value) {
    announcedWait = value;
    return this;
  }

  /** Each signs every webhook; several during a rotation. */
  public PagerDutyOptions withWebhookSecrets(List<String> values) {
    webhookSecrets = List.copyOf(values);
    return this;
  }

  public PagerDutyOptions withWebhookDelivery(WebhookDelivery value) {
    webhookDelivery = value;
    return this;
  }

  /** More are answered 429; 0 for no limit ("REST API Rate Limits" says 960). */
  public PagerDutyOptions withRequestsPerMinute(int value) {
    requestsPerMinute = value;
    return this;
  }

  /** How long an injected {@code TIMEOUT} keeps the caller waiting. */
  public PagerDutyOptions withLateness(Duration value) {
    lateness = value;
    return this;
  }

  /** Whether an acknowledged incident that is reassigned must be acknowledged again. */
  public PagerDutyOptions withReassigningTriggers(boolean value) {
    reassigningTriggers = value;
    return this;
  }

  /**
   * Whether an incident opened by {@code POST /incidents} counts as "created manually", or needs
   * alerts to be merged.
   */
  public PagerDutyOptions withApiIncidentsMergeable(boolean value) {
    apiIncidentsMergeable = value;
    return this;
  }
}
