package dev.lockstep.sandbox.servicenow;

import dev.lockstep.sandbox.http.Faults;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated instance is set up. Read once, at start; what may change later has a method on
 * {@link ServiceNowSimulator}.
 */
public final class ServiceNowOptions {
  int port;
  String username = "lockstep";
  String password = "lockstep";
  String clientId = "lockstep-client";
  String clientSecret = "lockstep-client-secret";
  @Nullable URI webhookTarget;
  String webhookSecret = "servicenow-webhook-secret";
  Clock clock = Clock.systemUTC();
  Faults faults = new Faults();
  ZoneId userTimeZone = ZoneOffset.UTC;
  Duration retryAfter = Duration.ofSeconds(1);
  Duration lateAnswer = Duration.ofSeconds(30);
  Duration tokenLife = Duration.ofMinutes(30);
  boolean invalidQueryReturnsNoRows;
  boolean parentsLeadChildren;
  String roleForClosedIncidents = "itil_admin";

  /** 0 takes any free port. */
  public ServiceNowOptions port(int value) {
    port = value;
    return this;
  }

  /**
   * The API user. Every seeded person may log in over HTTP too, with the same password, so that the
   * instance can be poked by hand.
   */
  public ServiceNowOptions credentials(String user, String secret) {
    username = user;
    password = secret;
    return this;
  }

  /** The OAuth application; its client-credentials tokens act as the API user. */
  public ServiceNowOptions oauth(String id, String secret) {
    clientId = id;
    clientSecret = secret;
    return this;
  }

  /** Where the business rule posts changed incidents, and the secret that signs them. */
  public ServiceNowOptions webhook(@Nullable URI target, String secret) {
    webhookTarget = target;
    webhookSecret = secret;
    return this;
  }

  /** The instance's clock: record times, token expiry, {@code gs.minutesAgo}. */
  public ServiceNowOptions clock(Clock value) {
    clock = value;
    return this;
  }

  public ServiceNowOptions faults(Faults value) {
    faults = value;
    return this;
  }

  /** The time zone of the users' profiles: display values and times in queries use it. */
  public ServiceNowOptions userTimeZone(ZoneId value) {
    userTimeZone = value;
    return this;
  }

  /** The {@code Retry-After} of a 429; whole seconds. */
  public ServiceNowOptions retryAfter(Duration value) {
    retryAfter = value;
    return this;
  }

  /** How long {@link Faults.Kind#TIMEOUT} holds an answer back. */
  public ServiceNowOptions lateAnswer(Duration value) {
    lateAnswer = value;
    return this;
  }

  /** How long an OAuth access token is good for. */
  public ServiceNowOptions tokenLife(Duration value) {
    tokenLife = value;
    return this;
  }

  /**
   * Whether a parent incident takes its children along: their state, as "Synchronizing parent and
   * child incidents" describes of the base system, and comments and work notes, as rules that are
   * often added do. Without it children only name their parent.
   */
  public ServiceNowOptions parentsLeadChildren(boolean value) {
    parentsLeadChildren = value;
    return this;
  }

  /**
   * The role beside {@code admin} that may change closed incidents, so also take one from Closed
   * back to Resolved. Nobody has it until {@link ServiceNowSimulator#giveRole}: all others are
   * answered 403, as "Closed incidents cannot be reopened" has it.
   */
  public ServiceNowOptions roleForClosedIncidents(String role) {
    roleForClosedIncidents = role;
    return this;
  }

  /** As the property {@code glide.invalid_query.returns_no_rows}; false on a new instance. */
  public ServiceNowOptions invalidQueryReturnsNoRows(boolean value) {
    invalidQueryReturnsNoRows = value;
    return this;
  }
}
