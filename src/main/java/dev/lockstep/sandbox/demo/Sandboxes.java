package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.Faults;
import dev.lockstep.sandbox.pagerduty.EscalationPolicy;
import dev.lockstep.sandbox.pagerduty.Options;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Both simulated systems, and who and what is known in each. Names are given to either side or to
 * both, so that a rehearsal can have gaps. Thread-safe.
 */
final class Sandboxes implements AutoCloseable {
  static final String SERVICENOW_USER = "lockstep";
  static final String SERVICENOW_PASSWORD = "sandbox-password";
  static final String SERVICENOW_SECRET = "sandbox-servicenow-secret";
  static final String PAGERDUTY_USER = "lockstep@example.com";
  static final String PAGERDUTY_TOKEN = "sandbox-token";
  static final String PAGERDUTY_SECRET = "sandbox-pagerduty-secret";

  private final ServiceNowSimulator serviceNow;
  private final PagerDutySimulator pagerDuty;
  private final Map<Place, Map<String, Set<String>>> names = new ConcurrentHashMap<>();
  private final Map<String, String> sysIds = new ConcurrentHashMap<>();
  private final Map<String, EscalationPolicy> policies = new ConcurrentHashMap<>();

  private Sandboxes(ServiceNowSimulator serviceNow, PagerDutySimulator pagerDuty) {
    this.serviceNow = serviceNow;
    this.pagerDuty = pagerDuty;
  }

  /** Both on free ports of loopback, knowing nobody but Lockstep's own users. */
  static Sandboxes start(Clock clock) {
    ServiceNowSimulator serviceNow =
        ServiceNowSimulator.start(
            new ServiceNowOptions()
                .clock(clock)
                .faults(new Faults())
                .credentials(SERVICENOW_USER, SERVICENOW_PASSWORD)
                .webhook(null, SERVICENOW_SECRET));
    PagerDutySimulator pagerDuty =
        PagerDutySimulator.start(
            Options.defaults()
                .withClock(clock)
                .withToken(PAGERDUTY_TOKEN)
                .withWebhookSecrets(List.of(PAGERDUTY_SECRET)));
    pagerDuty.user("Lockstep", PAGERDUTY_USER);
    return new Sandboxes(serviceNow, pagerDuty);
  }

  ServiceNowSimulator serviceNow() {
    return serviceNow;
  }

  PagerDutySimulator pagerDuty() {
    return pagerDuty;
  }

  /** From now on both send their webhooks to the Lockstep at this address. */
  void sendWebhooksTo(String lockstep) {
    serviceNow.webhookTarget(URI.create(lockstep + "/webhooks/servicenow"));
    pagerDuty.webhooks().target(URI.create(lockstep + "/webhooks/pagerduty"));
  }

  boolean webhooksIdle() {
    return serviceNow.webhooksIdle() && pagerDuty.webhooksIdle();
  }

  /** Somebody both systems know. */
  void person(String name, String email) {
    agent(name, email);
    engineer(name, email);
  }

  /** Somebody only ServiceNow knows; works under the part of the address before the @. */
  void agent(String name, String email) {
    if (learn(Place.ITSM, State.ASSIGNEE, email)) {
      sysIds.put(key(State.ASSIGNEE, email), serviceNow.seedUser(userName(email), name, email));
    }
  }

  /** Somebody only PagerDuty knows. */
  void engineer(String name, String email) {
    if (learn(Place.PLATFORM, State.ASSIGNEE, email)) {
      pagerDuty.user(name, email);
    }
  }

  void group(String name) {
    if (learn(Place.ITSM, State.GROUP, name)) {
      sysIds.put(key(State.GROUP, name), serviceNow.seedGroup(name));
    }
  }

  /** Calls these engineers, one after the other. */
  void policy(String name, String... emails) {
    if (learn(Place.PLATFORM, State.GROUP, name)) {
      policies.put(name, pagerDuty.escalationPolicy(name, emails));
    }
  }

  void item(String name) {
    if (learn(Place.ITSM, State.SERVICE, name)) {
      sysIds.put(key(State.SERVICE, name), serviceNow.seedService(name));
    }
  }

  /** Incidents opened on it go to that policy, unless somebody says otherwise. */
  void service(String name, String policy) {
    if (learn(Place.PLATFORM, State.SERVICE, name)) {
      pagerDuty.service(name, known(policies, policy));
    }
  }

  /**
   * What ServiceNow's reference fields take.
   *
   * @param field {@link State#ASSIGNEE} by e-mail, {@link State#GROUP} or {@link State#SERVICE} by
   *     name
   */
  String sysId(String field, String name) {
    return known(sysIds, key(field, name));
  }

  static String userName(String email) {
    return email.substring(0, email.indexOf('@'));
  }

  Expectations expectations() {
    return new Expectations(
        new Expectations.Names(
            (field, name) -> knows(Place.ITSM, field, name),
            (field, name) -> knows(Place.PLATFORM, field, name)));
  }

  private boolean knows(Place place, String field, String name) {
    return names.getOrDefault(place, Map.of()).getOrDefault(field, Set.of()).contains(name);
  }

  private boolean learn(Place place, String field, String name) {
    return names
        .computeIfAbsent(place, any -> new ConcurrentHashMap<>())
        .computeIfAbsent(field, any -> ConcurrentHashMap.newKeySet())
        .add(name);
  }

  private static <T> T known(Map<String, T> all, String name) {
    T known = all.get(name);
    if (known == null) {
      throw new IllegalArgumentException("nothing is called " + name);
    }
    return known;
  }

  private static String key(String field, String name) {
    return field + ":" + name;
  }

  @Override
  public void close() {
    serviceNow.close();
    pagerDuty.close();
  }
}
