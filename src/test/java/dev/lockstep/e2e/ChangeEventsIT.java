package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.pagerduty.ChangeEvent;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ChangeOutcome;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What changed, beside the alert: change requests as change events, in one Lockstep for all. */
class ChangeEventsIT {
  private static final String INTERNAL = "the password is on the whiteboard";

  private static ServiceNowSimulator serviceNow;
  private static PagerDutySimulator pagerDuty;
  private static LockstepInstance lockstep;
  private static ServiceNowPerson ann;
  private static String portal;
  private static String payments;
  private static String unlisted;
  private static String portalKey;
  private static final List<Exchange> CALLS = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() {
    serviceNow =
        ServiceNowSimulator.start(
            new ServiceNowOptions()
                .credentials("lockstep", "pw")
                .webhook(null, "servicenow-webhook-secret"));
    pagerDuty =
        PagerDutySimulator.start(
            PagerDutyOptions.defaults()
                .withLateness(Duration.ofMillis(2500))
                .withChangeEventsPerMinute(0)
                .withChangeEventsListedAfter(Duration.ofMillis(500)));
    pagerDuty.onRequest(CALLS::add);
    pagerDuty.user("Ben", "ben@example.com");
    portal = serviceNow.seedService("Customer portal");
    payments = serviceNow.seedService("Payments");
    unlisted = serviceNow.seedService("Canteen menu");
    portalKey =
        pagerDuty.integrationKey(
            pagerDuty.service("Portal", pagerDuty.escalationPolicy("Default", "ben@example.com")));
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "LOCKSTEP_MAPPINGS",
        "change.pagerduty-started,change.pagerduty-ended,change.pagerduty-failed");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "pw");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "servicenow-webhook-secret");
    settings.put("SERVICENOW_POLL_INTERVAL", "300ms");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_EVENTS_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_ROUTING_KEYS", "Customer portal = " + portalKey);
    settings.put("PAGERDUTY_CHANGES_PER_MINUTE", "60000");
    settings.put("PAGERDUTY_CHANGES_LISTED_WITHIN", "1s");
    settings.put("PAGERDUTY_READ_TIMEOUT", "1s");
    settings.put("PAGERDUTY_RETRY_MAX_DELAY", "500ms");
    settings.put("LOCKSTEP_INBOX_RETRY_INITIAL_DELAY", "100ms");
    settings.put("LOCKSTEP_INBOX_RETRY_MAX_DELAY", "500ms");
    lockstep = LockstepInstance.here("change-events", settings);
    serviceNow.webhookTarget(
        URI.create("http://127.0.0.1:" + lockstep.port() + "/webhooks/servicenow"));
    serviceNow.webhooksOn(true);
    lockstep.start();
    serviceNow.giveRole("ann", "change_manager");
    ann = serviceNow.as("ann");
  }

  @AfterAll
  static void stop() {
    lockstep.close();
    pagerDuty.close();
    serviceNow.close();
  }

  /**
   * Whatever a test did: nothing internal is sent, no key is shown, and no change is written to.
   */
  @AfterEach
  void nothingInternalIsSent() {
    pagerDuty.faults().clear();
    assertThat(pagerDuty.changeEvents())
        .noneMatch(event -> (event.payload() + "" + event.links()).contains(INTERNAL));
    assertThat(lockstep.api("GET", "/dead-letters").toString()).doesNotContain(portalKey);
    assertThat(lockstep.lastWords()).doesNotContain(portalKey);
    assertThat(serviceNow.records("change_request"))
        .allSatisfy(
            change -> {
              assertThat(change.get("correlation_id")).isNullOrEmpty();
              assertThat(serviceNow.journal(change.get("sys_id")))
                  .noneMatch(entry -> entry.value().contains("[lockstep:"));
            });
    // The account's token is for the REST API, the integration's key for events.
    assertThat(List.copyOf(CALLS))
        .filteredOn(call -> call.url().contains("/v2/change"))
        .allMatch(
            call ->
                call.requestHeaders().keySet().stream()
                    .noneMatch("authorization"::equalsIgnoreCase));
  }

  private static String change(String service, String title) {
    String change =
        ann.create(
            "change_request",
            Map.of(
                "type", "standard",
                "short_description", title,
                "description", INTERNAL,
                "cmdb_ci", service));
    ann.addWorkNote(change, INTERNAL);
    ann.update(change, Map.of("state", "-2"));
    return change;
  }

  private static List<ChangeEvent> events(String change) {
    String number = serviceNow.value(change, "number");
    return pagerDuty.changeEvents().stream()
        .filter(event -> event.detail("change").equals(number))
        .toList();
  }

  private static List<String> summaries(String change) {
    return events(change).stream().map(ChangeEvent::summary).toList();
  }

  private static void eventually(ThrowingRunnable met) {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(met);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\nLockstep's log:\n" + lockstep.lastWords(), e);
    }
  }

  /** All that could still happen has happened. */
  private static void atRest() {
    lockstep.awaitPolls(2, List.of("servicenow"));
    eventually(() -> assertThat(lockstep.isIdle() && serviceNow.webhooksIdle()).isTrue());
  }

  private static boolean isEvent(Faults.Call call) {
    return call.path().equals("/v2/change/enqueue");
  }

  @Test
  void aChangeIsAnEventWhenItStartsAndWhenItEnds() {
    String change = change(portal, "Replace the session store");
    atRest();
    assertThat(summaries(change)).isEmpty();
    String number = serviceNow.value(change, "number");

    ann.update(change, Map.of("state", "-1"));
    eventually(() -> assertThat(events(change)).hasSize(1));
    ChangeEvent started = events(change).get(0);
    assertThat(started.summary())
        .isEqualTo("Change started: %s Replace the session store".formatted(number));
    assertThat(started.service().name()).isEqualTo("Portal");
    assertThat(started.payload().path("source").asText()).isEqualTo("ServiceNow");
    assertThat(started.timestamp().toString().replace("T", " ").replace("Z", ""))
        .isEqualTo(serviceNow.value(change, "work_start"));
    assertThat(started.links().at("/0/href").asText())
        .isEqualTo(serviceNow.url() + "/nav_to.do?uri=change_request.do%3Fsys_id%3D" + change);
    assertThat(started.detail("type")).isEqualTo("standard");

    // Edits meanwhile are no events.
    ann.update(change, Map.of("short_description", "Replace the old session store"));
    ann.addWorkNote(change, INTERNAL);
    atRest();
    assertThat(events(change)).hasSize(1);

    ann.update(change, Map.of("state", "0"));
    ann.update(change, Map.of("state", "3", "close_code", "successful", "close_notes", INTERNAL));
    eventually(() -> assertThat(events(change)).hasSize(2));
    atRest();
    assertThat(summaries(change))
        .containsExactly(
            "Change started: %s Replace the session store".formatted(number),
            "Change ended: %s Replace the old session store".formatted(number));
    assertThat(lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
  }

  @Test
  void aChangeThatFailedSaysSo() {
    String change = change(portal, "Upgrade the database");
    ann.carryOut(change, ChangeOutcome.UNSUCCESSFUL, "rolled back");
    eventually(
        () -> assertThat(summaries(change)).anyMatch(one -> one.startsWith("Change failed")));
    atRest();
    assertThat(summaries(change))
        .doesNotHaveDuplicates()
        .anyMatch(one -> one.startsWith("Change started"));
  }

  /** The fix of an action item names the incident. */
  @Test
  void theIncidentWhoseFixItIsIsNamed() {
    String incident = ann.create("incident", Map.of("short_description", "Portal is slow"));
    String change =
        ann.create(
            "change_request",
            Map.of(
                "type",
                "standard",
                "short_description",
                "Add an index",
                "cmdb_ci",
                portal,
                "parent",
                incident));
    ann.update(change, Map.of("state", "-2"));
    ann.update(change, Map.of("state", "-1"));
    eventually(() -> assertThat(events(change)).hasSize(1));
    assertThat(events(change).get(0).detail("incident"))
        .isEqualTo(serviceNow.value(incident, "number"));
  }

  @Test
  void eachIsSentOnceWhateverBecomesOfTheAnswer() {
    for (Faults.Kind fault :
        List.of(
            Faults.Kind.RESET,
            Faults.Kind.DONE_BUT_RESET,
            Faults.Kind.DONE_BUT_FAILED,
            Faults.Kind.TIMEOUT,
            Faults.Kind.SERVICE_UNAVAILABLE,
            Faults.Kind.TOO_MANY_REQUESTS)) {
      String change = change(portal, "With " + fault);
      pagerDuty.faults().next(1, fault, ChangeEventsIT::isEvent);
      ann.update(change, Map.of("state", "-1"));
      eventually(() -> assertThat(events(change)).as(fault.toString()).hasSize(1));
      atRest();
      assertThat(events(change)).as(fault.toString()).hasSize(1);
      // Again, beside an event that was sent before.
      pagerDuty.faults().next(1, fault, ChangeEventsIT::isEvent);
      ann.update(change, Map.of("state", "0"));
      eventually(() -> assertThat(events(change)).as(fault.toString()).hasSize(2));
      atRest();
      assertThat(summaries(change)).as(fault.toString()).hasSize(2).doesNotHaveDuplicates();
      assertThat(pagerDuty.faults().injected()).containsEntry(fault, 2);
    }
    assertThat(lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    // Only what was lost is looked for.
    assertThat(pagerDuty.calls().byRoute()).containsKey("GET /change_events");
  }

  @Test
  void aServiceThatIsNotListedIsLeftAlone() {
    String change = change(unlisted, "A new menu");
    ann.carryOut(change, ChangeOutcome.SUCCESSFUL, "done");
    atRest();
    assertThat(events(change)).isEmpty();
    assertThat(lockstep.api("GET", "/dead-letters").toString())
        .doesNotContain(serviceNow.value(change, "number"));
  }

  /** Payments is in the mapping, but has no key. */
  @Test
  void aServiceWithoutAKeyIsOneDeadLetter() {
    String change = change(payments, "Rotate certificates");
    ann.update(change, Map.of("state", "-1"));
    eventually(
        () -> assertThat(lockstep.api("GET", "/dead-letters").path("deadLetters")).hasSize(1));
    JsonNode letter = lockstep.api("GET", "/dead-letters").at("/deadLetters/0");
    assertThat(letter.toString())
        .contains("PAGERDUTY_ROUTING_KEYS has no entry for 'Payments'")
        .contains("Add it to PAGERDUTY_ROUTING_KEYS, restart and retry");
    lockstep.api("DELETE", "/dead-letters/" + letter.path("id").asText());
    atRest();
    assertThat(events(change)).isEmpty();
  }
}
