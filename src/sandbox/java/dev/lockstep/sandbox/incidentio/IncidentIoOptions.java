package dev.lockstep.sandbox.incidentio;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.WebhookDelivery;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** How a simulated organisation is set up; what is not set is as in {@link #defaults()}. */
public final class IncidentIoOptions {

  /** What becomes of a request to create with an idempotency key that was used before. */
  public enum RepeatedKeys {
    /** It is answered with the incident of the first request. */
    ANSWERED,
    /** It is refused. */
    REFUSED,
    /** It makes another incident: the key was forgotten. */
    FORGOTTEN
  }

  int port;
  String token = "sandbox-token";
  Set<String> roles = Set.of("viewer", "catalog_viewer", "incident_creator", "incident_editor");
  Clock clock = Clock.systemUTC();
  Faults faults = new Faults();
  RepeatedKeys repeatedKeys = RepeatedKeys.ANSWERED;
  List<String> webhookSecrets = List.of("whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC1vZi1Mb2Nrc3RlcA==");

  /** Svix's first waits are 5 s, 5 min and 30 min; about a minute of retries instead. */
  WebhookDelivery webhookDelivery =
      WebhookDelivery.of(Duration.ofSeconds(15), 8, 500, 1000, 3000, 6000, 10_000, 20_000, 20_000);

  int requestsPerMinute;
  Duration announcedWait = Duration.ofSeconds(1);
  Duration lateness = Duration.ofSeconds(30);

  private IncidentIoOptions() {}

  /** A random port, no faults, no rate limit. */
  public static IncidentIoOptions defaults() {
    return new IncidentIoOptions();
  }

  /** 0 for any free one; only loopback is bound. */
  public IncidentIoOptions port(int value) {
    port = value;
    return this;
  }

  /** What {@code Authorization: Bearer} must carry. */
  public IncidentIoOptions token(String value) {
    token = value;
    return this;
  }

  /** What the key may do, such as {@code global_access}: {@code roles} of {@code IdentityV1}. */
  public IncidentIoOptions roles(String... values) {
    roles = Set.of(values);
    return this;
  }

  public IncidentIoOptions clock(Clock value) {
    clock = value;
    return this;
  }

  public IncidentIoOptions faults(Faults value) {
    faults = value;
    return this;
  }

  public IncidentIoOptions repeatedKeys(RepeatedKeys value) {
    repeatedKeys = value;
    return this;
  }

  /** Each signs every webhook; several during a rotation. */
  public IncidentIoOptions webhookSecrets(String... values) {
    webhookSecrets = List.of(values);
    return this;
  }

  public IncidentIoOptions webhookDelivery(WebhookDelivery value) {
    webhookDelivery = value;
    return this;
  }

  /** More are answered 429; 0 for no limit ("Rate limits" says 1,200 for a key). */
  public IncidentIoOptions requestsPerMinute(int value) {
    requestsPerMinute = value;
    return this;
  }

  /** What an injected 429 asks for in {@code Retry-After}, in whole seconds. */
  public IncidentIoOptions announcedWait(Duration value) {
    announcedWait = value;
    return this;
  }

  /** How long an injected {@code TIMEOUT} keeps the caller waiting. */
  public IncidentIoOptions lateness(Duration value) {
    lateness = value;
    return this;
  }
}
