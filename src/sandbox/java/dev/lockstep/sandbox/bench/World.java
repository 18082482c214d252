package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.pagerduty.EscalationPolicy;
import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutyPerson;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.RecordChange;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Both sandboxes, the people in them and the pairs that are kept in step. */
final class World implements AutoCloseable {
  private static final String PERSON = "ana@example.com";
  private static final String INTEGRATION = "lockstep@example.com";
  private static final String SECRET = "bench-webhook-secret";
  private static final String SERVICE = "Health records";

  /**
   * Two records that were linked.
   *
   * @param sysId the ticket's
   * @param incident the incident's id
   */
  record Linked(String sysId, String incident) {}

  private final ServiceNowSimulator tickets;
  private final PagerDutySimulator platform;
  private final Map<String, String> seeded;
  private final Map<String, String> unlinked = new ConcurrentHashMap<>();
  private final List<Linked> linked = new CopyOnWriteArrayList<>();
  private final AtomicInteger made = new AtomicInteger();

  World(int port) {
    URI hook = URI.create("http://127.0.0.1:" + port + "/webhooks/");
    tickets =
        ServiceNowSimulator.start(
            new ServiceNowOptions()
                .credentials("lockstep", "lockstep")
                .webhook(hook.resolve("servicenow"), SECRET));
    platform =
        PagerDutySimulator.start(PagerDutyOptions.defaults().withWebhookSecrets(List.of(SECRET)));
    platform.user("Ana", PERSON);
    platform.user("Lockstep", INTEGRATION);
    EscalationPolicy policy = platform.escalationPolicy("Default", PERSON);
    platform.service(SERVICE, policy);
    platform.service("Default Service", policy);
    platform.webhooks().target(hook.resolve("pagerduty"));
    seeded =
        Map.of(
            "assigned_to", tickets.seedUser("ana", "Ana", PERSON),
            "assignment_group", tickets.seedGroup("Service Desk"),
            "cmdb_ci", tickets.seedService(SERVICE));
    tickets.onChange(this::linkedIn);
  }

  /** What an operator would set, with the limits on calls lifted: they are not what is measured. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("SERVICENOW_URL", tickets.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_WEBHOOK_SECRET", SECRET);
    settings.put("SERVICENOW_CALLS_PER_SECOND", "10000");
    settings.put("PAGERDUTY_URL", platform.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_FROM", INTEGRATION);
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", SECRET);
    // Hundreds of tickets of one wording are not what comparing is measured by; it has its own.
    settings.put("LOCKSTEP_DUPLICATES_MODE", "off");
    settings.put("PAGERDUTY_CALLS_PER_MINUTE", "600000");
    return settings;
  }

  ServiceNowSimulator tickets() {
    return tickets;
  }

  PagerDutySimulator platform() {
    return platform;
  }

  /** Opens a ticket that asks for an incident. */
  void open() {
    Map<String, String> fields = new HashMap<>(seeded);
    fields.put("short_description", "Charts do not open, ward " + made.incrementAndGet());
    fields.put("description", "Since the night shift began no chart opens on this ward.");
    fields.put("impact", "1");
    fields.put("urgency", "1");
    fields.put("state", "1");
    String sysId = tickets.as("ana").create("incident", fields);
    unlinked.put(sysId, sysId);
  }

  /** Every pair that is complete, oldest first. */
  List<Linked> linked() {
    return linked;
  }

  int waitingForTheirPair() {
    return made.get() - linked.size();
  }

  private void linkedIn(RecordChange change) {
    if (change.overHttp()) {
      String correlation = change.fields().getOrDefault("correlation_id", "");
      if (!correlation.isEmpty() && unlinked.remove(change.sysId()) != null) {
        linked.add(
            new Linked(change.sysId(), correlation.substring(correlation.lastIndexOf('/') + 1)));
      }
    }
  }

  CallCounts calls() {
    Map<String, Long> byRoute = new TreeMap<>();
    tickets.calls().byRoute().forEach((route, n) -> byRoute.put("servicenow " + route, n));
    platform.calls().byRoute().forEach((route, n) -> byRoute.put("pagerduty " + route, n));
    return new CallCounts(byRoute);
  }

  /** No webhook waits, and nobody has written anything for a while. */
  boolean awaitRest(Duration most) {
    return Waiting.untilStill(
        Duration.ofSeconds(3),
        most,
        () -> calls().writes() + tickets.webhooks().pending() + (webhooksIdle() ? 0 : 1));
  }

  private boolean webhooksIdle() {
    return tickets.webhooksIdle() && platform.webhooksIdle();
  }

  /** Pairs whose titles or states are not what the other side's stand for. */
  long apart() {
    return linked.stream().filter(this::isApart).count();
  }

  private boolean isApart(Linked pair) {
    Optional<PagerDutyIncident> incident = platform.findIncident(pair.incident());
    String state = tickets.value(pair.sysId(), "state");
    return incident.isEmpty()
        || !incident.get().title().equals(tickets.value(pair.sysId(), "short_description"))
        || !state.equals(incident.get().status() == IncidentStatus.TRIGGERED ? "1" : "2");
  }

  ServiceNowPerson agent() {
    return tickets.as("ana");
  }

  PagerDutyPerson responder() {
    return platform.as(PERSON);
  }

  @Override
  public void close() {
    tickets.close();
    platform.close();
  }
}
