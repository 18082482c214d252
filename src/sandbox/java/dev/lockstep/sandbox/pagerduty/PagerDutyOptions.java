package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.WebhookDelivery;
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

  /** The documented timeout; about a minute of retries instead of 48 hours. */
  WebhookDelivery webhookDelivery =
      WebhookDelivery.of(
          Duration.ofSeconds(5), 8, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000);

  int requestsPerMinute;
  Duration announcedWait = Duration.ofSeconds(1);
  Duration lateness = Duration.ofSeconds(30);
  boolean reassigningTriggers = true;
  boolean apiIncidentsMergeable = true;

  /** "120 calls a minute per key". */
  int changeEventsPerMinute = 120;

  Duration changeEventsListedAfter = Duration.ZERO;

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

  /** Change events that each integration key may send in a minute; 0 for no limit. */
  public PagerDutyOptions withChangeEventsPerMinute(int value) {
    changeEventsPerMinute = value;
    return this;
  }

  /** How long after it was accepted a change event is listed. */
  public PagerDutyOptions withChangeEventsListedAfter(Duration value) {
    changeEventsListedAfter = value;
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
