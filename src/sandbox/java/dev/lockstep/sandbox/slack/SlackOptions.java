package dev.lockstep.sandbox.slack;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.WebhookDelivery;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** How a simulated workspace is set up; what is not set is as in {@link #defaults()}. */
public final class SlackOptions {
  int port;
  String token = "xoxb-sandbox-token";
  String signingSecret = "sandbox-signing-secret";
  Clock clock = Clock.systemUTC();
  Faults faults = new Faults();
  Faults answerFaults = new Faults();
  boolean tiers;
  Duration announcedWait = Duration.ofSeconds(1);
  Duration lateness = Duration.ofSeconds(30);
  Set<String> scopes =
      Set.of(
          "channels:manage",
          "channels:read",
          "channels:history",
          "chat:write",
          "commands",
          "pins:write",
          "reactions:read",
          "users:read",
          "users:read.email");

  /**
   * "Immediately, after 1 minute, after 5 minutes", without the waits: a test would sit them out.
   */
  WebhookDelivery eventDelivery = WebhookDelivery.of(Duration.ofSeconds(3), 4, 0, 300, 1000);

  private SlackOptions() {}

  /**
   * A random port, no faults, no tiers, and a token with the scopes that the connector asks for.
   */
  public static SlackOptions defaults() {
    return new SlackOptions();
  }

  /** 0 for any free one; only loopback is bound. */
  public SlackOptions port(int value) {
    port = value;
    return this;
  }

  /** The bot token of the app. */
  public SlackOptions token(String value) {
    token = value;
    return this;
  }

  public SlackOptions signingSecret(String value) {
    signingSecret = value;
    return this;
  }

  public SlackOptions clock(Clock value) {
    clock = value;
    return this;
  }

  public SlackOptions faults(Faults value) {
    faults = value;
    return this;
  }

  /** Whether each method may be called only as often as its tier says ("Rate limits"). */
  public SlackOptions tiers(boolean value) {
    tiers = value;
    return this;
  }

  /** What an injected 429 says in {@code Retry-After}, in whole seconds. */
  public SlackOptions announcedWait(Duration value) {
    announcedWait = value;
    return this;
  }

  /** How long an injected {@code TIMEOUT} keeps the caller waiting. */
  public SlackOptions lateness(Duration value) {
    lateness = value;
    return this;
  }

  /** What the token may do. */
  public SlackOptions scopes(Set<String> value) {
    scopes = Set.copyOf(value);
    return this;
  }

  public SlackOptions eventDelivery(WebhookDelivery value) {
    eventDelivery = value;
    return this;
  }
}
