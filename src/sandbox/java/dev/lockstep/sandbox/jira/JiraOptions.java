package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.WebhookDelivery;
import java.time.Clock;
import java.time.Duration;

/** How a simulated site is set up; what is not set is as in {@link #defaults()}. */
public final class JiraOptions {

  Clock clock = Clock.systemUTC();
  Faults faults = new Faults();
  int port;
  String email = "lockstep@example.com";
  String token = "sandbox-token";
  Duration searchLag = Duration.ZERO;
  int requestsPerMinute;
  int largestPage = 5000;
  Duration announcedWait = Duration.ofSeconds(1);
  Duration lateness = Duration.ofSeconds(30);
  boolean commentsUpdateIssues;

  /** Five retries within some twenty seconds; Jira makes up to five, 5 to 15 minutes apart. */
  WebhookDelivery webhookDelivery =
      WebhookDelivery.of(Duration.ofSeconds(10), 8, 500, 1000, 3000, 6000, 10_000);

  private JiraOptions() {}

  /** A random port, no faults, no rate limit, searches that find at once. */
  public static JiraOptions defaults() {
    return new JiraOptions();
  }

  public JiraOptions clock(Clock value) {
    clock = value;
    return this;
  }

  public JiraOptions faults(Faults value) {
    faults = value;
    return this;
  }

  /** 0 for any free one; only loopback is bound. */
  public JiraOptions port(int value) {
    port = value;
    return this;
  }

  /** The account that logs in over HTTP; every other known user may, with the same token. */
  public JiraOptions account(String userEmail, String apiToken) {
    email = userEmail;
    token = apiToken;
    return this;
  }

  /** How long a write stays hidden from searches that don't reconcile it. */
  public JiraOptions searchLag(Duration value) {
    searchLag = value;
    return this;
  }

  /** More are answered 429; 0 for no limit. Jira publishes no numbers. */
  public JiraOptions requestsPerMinute(int value) {
    requestsPerMinute = value;
    return this;
  }

  /** "API may return fewer items per page", whatever {@code maxResults} says. */
  public JiraOptions largestPage(int value) {
    largestPage = value;
    return this;
  }

  /** What an injected 429 says in {@code Retry-After}, in whole seconds. */
  public JiraOptions announcedWait(Duration value) {
    announcedWait = value;
    return this;
  }

  /** How long an injected {@code TIMEOUT} keeps the caller waiting. */
  public JiraOptions lateness(Duration value) {
    lateness = value;
    return this;
  }

  /** Sends {@code jira:issue_updated} for a comment too, as {@code issue_commented}. */
  public JiraOptions commentsUpdateIssues(boolean value) {
    commentsUpdateIssues = value;
    return this;
  }

  public JiraOptions webhookDelivery(WebhookDelivery value) {
    webhookDelivery = value;
    return this;
  }

  ApiServer.Setup served(RateLimit limit) {
    return new ApiServer.Setup(port, faults, limit, announcedWait, lateness, clock);
  }
}
