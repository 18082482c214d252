package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Faults.Kind;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Two ServiceNows, the house's and a vendor's, in one Lockstep beside PagerDuty. */
class VendorIT {
  private static final String HOUSE_SECRET = "servicenow-webhook-secret";
  private static final String VENDOR_SECRET = "vendor-webhook-secret";

  private static ServiceNowSimulator vendor() {
    return ServiceNowSimulator.start(
        new ServiceNowOptions()
            .credentials("partner.4711", "vendor-password")
            .webhook(null, VENDOR_SECRET)
            .lateAnswer(Duration.ofMillis(3500)));
  }

  static Map<String, String> with(ServiceNowSimulator vendor) {
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_INSTANCES", "vendor=servicenow");
    settings.put("LOCKSTEP_MAPPINGS", "incident,incident.vendor");
    settings.put("LOCKSTEP_DUPLICATES_MODE", "off");
    settings.put("VENDOR_URL", vendor.url());
    settings.put("VENDOR_USERNAME", "partner.4711");
    settings.put("VENDOR_PASSWORD", "vendor-password");
    settings.put("VENDOR_WEBHOOK_SECRET", VENDOR_SECRET);
    settings.put("VENDOR_READ_TIMEOUT", "2s");
    settings.put("VENDOR_RETRY_MAX_DELAY", "1s");
    settings.put("VENDOR_POLL_INTERVAL", "1s");
    settings.put("VENDOR_CALLS_PER_SECOND", "50");
    return settings;
  }

  private static Rig started(String name, ServiceNowSimulator vendor) {
    Rig rig = Rig.started(name, with(vendor));
    rig.serviceNow.addColumn("incident", "u_vendor");
    vendor.seedUser("vera", "Vera", "vera@vendor.example");
    vendor.webhookTarget(
        URI.create("http://127.0.0.1:" + rig.lockstep.port() + "/webhooks/vendor"));
    vendor.webhooksOn(true);
    return rig;
  }

  /** A ticket of priority 1 that is handed over. */
  private static String handedOver(Rig rig, String title) {
    return rig.serviceNow
        .as("ann")
        .create(
            "incident",
            Map.of(
                "short_description", title,
                "description", "Ward 7, bed 12",
                "impact", "1",
                "urgency", "1",
                "cmdb_ci", rig.sysId("Patient records"),
                "u_vendor", "Acme"));
  }

  private static String theirs(Rig rig, ServiceNowSimulator vendor, String ticket) {
    String number = rig.serviceNow.value(ticket, "number");
    rig.await(
        "the vendor's ticket",
        () -> vendor.records("incident").stream().anyMatch(one -> isOf(one, number)));
    return vendor.records("incident").stream()
        .filter(one -> isOf(one, number))
        .map(one -> one.get("sys_id"))
        .collect(Collectors.joining(" and "));
  }

  private static boolean isOf(Map<String, String> record, String number) {
    return record.getOrDefault("short_description", "").startsWith(number + ":");
  }

  private static String notes(ServiceNowSimulator system, String ticket, String element) {
    return system.journal(ticket).stream()
        .filter(entry -> entry.element().equals(element))
        .map(JournalEntry::value)
        .collect(Collectors.joining("\n"));
  }

  private static JsonNode system(Rig rig, String name) {
    for (JsonNode one : rig.lockstep.api("GET", "/systems").path("systems")) {
      if (one.path("system").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no system " + name);
  }

  @Test
  void aVendorsTicketFollowsAndOnlyPublicCommentsCross() {
    try (ServiceNowSimulator vendor = vendor();
        Rig rig = started("vendor", vendor)) {
      String ours = handedOver(rig, "Mrs Muster's record shows nothing");
      String theirs = theirs(rig, vendor, ours);
      String number = rig.serviceNow.value(ours, "number");
      assertThat(vendor.record(theirs).orElseThrow())
          .containsEntry("short_description", number + ": problem with one of our services")
          .containsEntry("impact", "1")
          .containsEntry("urgency", "1")
          .containsEntry("state", "1");
      rig.await("a page", () -> rig.pagerDuty.incidents().size() == 1);
      String alert = rig.pagerDuty.incidents().get(0).id();

      rig.serviceNow.as("ben").addWorkNote(ours, "Their lawyer calls");
      rig.pagerDuty.as("ann@example.com").addNote(alert, "Password is hunter2");
      rig.serviceNow.as("ben").addComment(ours, "Since 03:10, all wards");
      vendor.as("vera").addComment(theirs, "We found the cause");
      vendor.as("vera").addWorkNote(theirs, "Customer 4711 complains again");
      vendor.as("vera").update(theirs, Map.of("state", "2"));
      rig.await(
          "what is public has crossed",
          () ->
              notes(vendor, theirs, "comments").contains("Since 03:10")
                  && notes(rig.serviceNow, ours, "work_notes").contains("We found the cause")
                  && notes(rig.serviceNow, ours, "work_notes").contains("In Progress"));
      rig.serviceNow
          .as("ben")
          .update(
              ours,
              Map.of(
                  "state", "6", "close_code", "Solution provided", "close_notes", "Not your bill"));
      rig.await("resolved there", () -> vendor.value(theirs, "state").equals("6"));
      settle(rig, vendor);

      String everythingThere = vendor.records("incident") + vendor.journal(theirs).toString();
      assertThat(everythingThere)
          .doesNotContain("Muster", "Ward 7", "lawyer", "hunter2", "Not your bill", "Patient");
      assertThat(notes(vendor, theirs, "comments"))
          .containsOnlyOnce("Since 03:10")
          .containsOnlyOnce("We found the cause");
      assertThat(notes(vendor, theirs, "work_notes")).isEqualTo("Customer 4711 complains again");
      assertThat(notes(rig.serviceNow, ours, "work_notes"))
          .containsOnlyOnce("We found the cause")
          .containsOnlyOnce("The vendor's ticket is " + vendor.value(theirs, "number"))
          .doesNotContain("Customer 4711");
      assertThat(notes(rig.serviceNow, ours, "comments")).isEqualTo("Since 03:10, all wards");
      assertThat(rig.serviceNow.value(ours, "state")).isEqualTo("6");
      assertThat(vendor.records("incident")).hasSize(1);
      assertThat(rig.serviceNow.records("incident")).hasSize(1);
      assertThat(rig.pagerDuty.incidents()).hasSize(1);
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    }
  }

  /** Neither instance's calls, credentials, webhooks or pauses are those of the other. */
  @Test
  void oneInstanceIsAwayAndTheOtherGoesOn() {
    try (ServiceNowSimulator vendor = vendor();
        Rig rig = started("vendor-away", vendor)) {
      String ours = handedOver(rig, "Records are slow");
      String theirs = theirs(rig, vendor, ours);
      rig.await("a page", () -> rig.pagerDuty.incidents().size() == 1);
      String alert = rig.pagerDuty.incidents().get(0).id();
      // That it shows is how a later one that does not is known to be missing.
      rig.serviceNow.as("ben").addComment(ours, "Since 03:10");
      rig.await("a first comment", () -> notes(vendor, theirs, "comments").contains("Since 03:10"));
      settle(rig, vendor);

      vendor.hibernate(true);
      rig.serviceNow.as("ben").addComment(ours, "Worse now");
      rig.await(
          "the vendor's breaker opens",
          () -> rig.lockstep.metric("lockstep_circuit_open", "\"vendor\"") == 1);
      rig.pagerDuty.as("ann@example.com").setTitle(alert, "Records are down");
      rig.pagerDuty.as("ann@example.com").addNote(alert, "Failing over");
      rig.await(
          "the house goes on",
          () ->
              rig.serviceNow.value(ours, "short_description").equals("Records are down")
                  && notes(rig.serviceNow, ours, "work_notes").contains("Failing over")
                  && rig.pagerDuty.notes(alert).toString().contains("Worse now"));
      assertThat(rig.lockstep.metric("lockstep_circuit_open", "\"servicenow\"")).isZero();
      assertThat(system(rig, "servicenow").path("up").asBoolean()).isTrue();
      assertThat(system(rig, "vendor").path("up").asBoolean()).isFalse();
      assertThat(system(rig, "vendor").path("title").asText()).isEqualTo("ServiceNow (vendor)");

      vendor.faults().next(3, Kind.TOO_MANY_REQUESTS, call -> !call.method().equals("WEBHOOK"));
      vendor.hibernate(false);
      rig.await(
          "the vendor gets it after all",
          // A note of which nobody knows whether it arrived stays reserved for 16 s, up to twice.
          Duration.ofSeconds(90),
          () -> notes(vendor, theirs, "comments").contains("Worse now"));
      settle(rig, vendor);
      assertThat(notes(vendor, theirs, "comments")).containsOnlyOnce("Worse now");
      assertThat(vendor.records("incident")).hasSize(1);
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    }
  }

  @Test
  void aPauseAndASecretAreThoseOfOneInstance() {
    try (ServiceNowSimulator vendor = vendor();
        Rig rig = started("vendor-apart", vendor)) {
      String ours = handedOver(rig, "Records are slow");
      String theirs = theirs(rig, vendor, ours);
      rig.await("a page", () -> rig.pagerDuty.incidents().size() == 1);
      settle(rig, vendor);

      // Signed by the house, sent as the vendor's, about the house's record.
      byte[] body =
          """
          {"delivery": "1", "event": "incident.deleted", "record": {"sys_id": "%s"}}
          """
              .formatted(ours)
              .getBytes(StandardCharsets.UTF_8);
      String header = "X-Lockstep-Signature";
      assertThat(sent(rig, "vendor", header, Signature.of(HOUSE_SECRET, body), body))
          .isEqualTo(401);
      assertThat(sent(rig, "servicenow", header, Signature.of(VENDOR_SECRET, body), body))
          .isEqualTo(401);
      assertThat(sent(rig, "servicenow", header, Signature.of(HOUSE_SECRET, body), body))
          .isEqualTo(202);
      assertThat(sent(rig, "acme", header, Signature.of(HOUSE_SECRET, body), body)).isEqualTo(404);

      rig.lockstep.api("POST", "/pauses?scope=vendor&reason=their+release");
      long there = vendor.calls().writes();
      rig.serviceNow.as("ben").addComment(ours, "Still slow");
      rig.pagerDuty
          .as("ann@example.com")
          .addNote(rig.pagerDuty.incidents().get(0).id(), "Failing over");
      rig.await(
          "the house goes on",
          () -> notes(rig.serviceNow, ours, "work_notes").contains("Failing over"));
      rig.lockstep.awaitPolls(2, List.of("servicenow", "pagerduty"));
      assertThat(vendor.calls().writes()).isEqualTo(there);
      assertThat(rig.lockstep.api("GET", "/pauses").at("/pauses/0/scope").asText())
          .isEqualTo("system:vendor");
      rig.lockstep.api("DELETE", "/pauses?scope=vendor");
      rig.await(
          "the vendor gets it after the pause",
          () -> notes(vendor, theirs, "comments").contains("Still slow"));
      settle(rig, vendor);
      assertThat(rig.serviceNow.value(ours, "short_description")).isEqualTo("Records are slow");
    }
  }

  private static int sent(Rig rig, String system, String header, String signature, byte[] body) {
    return rig.lockstep.webhook(system, header, signature, body).statusCode();
  }

  /** Nothing is under way, and nothing is written any more: no echo goes round. */
  private static void settle(Rig rig, ServiceNowSimulator vendor) {
    rig.await("the vendor's webhooks are delivered", vendor::webhooksIdle);
    rig.awaitQuiet();
    long before = rig.writes() + vendor.calls().writes();
    rig.lockstep.awaitPolls(2, List.of("servicenow", "pagerduty", "vendor"));
    assertThat(rig.writes() + vendor.calls().writes())
        .as("writes without a change")
        .isEqualTo(before);
  }
}
