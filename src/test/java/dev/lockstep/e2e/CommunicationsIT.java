package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An update from the ticket that makes it due to those who read it, in the whole service. */
class CommunicationsIT {
  private static final String SECRET = "hunter2hunter2";

  @TempDir Path dir;

  private Map<String, String> settings(int mailPort) throws Exception {
    Files.createDirectory(dir.resolve("templates"));
    for (String name : List.of("executives.txt", "customers.txt")) {
      Files.copy(Path.of("config/templates", name), dir.resolve("templates").resolve(name));
    }
    Path file =
        Files.writeString(
            dir.resolve("communications.yaml"),
            """
            audiences:
              executives:
                every: {P1: 15m}
                template: executives.txt
                to: [{channel: mail}, {channel: away}, manager]
              customers:
                every: {P1: 30m}
                template: customers.txt
                to: [{system: servicenow, visibility: public}, {system: pagerduty, visibility: internal}]
            incident-manager:
              levels: [P1, P2]
              within: 1h
              candidates:
                - {system: pagerduty, escalation-policy: PNONE}
                - cid@example.com
              escalate: [{after: 0m, to: [{channel: mail}]}]
            on-call:
              levels: [P1]
              system: pagerduty
              escalation-policy: {field: group}
            channels:
              mail: {kind: email, to: [cio@example.com]}
              away: {kind: teams, url: "${AWAY_TEAMS_URL}"}
            """);
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_COMMUNICATIONS", file.toString());
    settings.put("AWAY_TEAMS_URL", "http://localhost:1/workflow?sig=" + SECRET);
    settings.put("LOCKSTEP_SMTP_HOST", "127.0.0.1");
    settings.put("LOCKSTEP_SMTP_PORT", String.valueOf(mailPort));
    settings.put("LOCKSTEP_SMTP_FROM", "Lockstep <lockstep@example.com>");
    settings.put("LOCKSTEP_SMTP_SECURITY", "none");
    return settings;
  }

  @Test
  void reachesTheCallerOfTheTicketTheResponderAndTheMailboxes() throws Exception {
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    try (Rig rig = Rig.started("communications", settings(mail.getSmtp().getPort()))) {
      String ticket =
          rig.serviceNow
              .as("ann")
              .create(
                  "incident",
                  Map.of(
                      "short_description",
                      "Records are down",
                      "impact",
                      "1",
                      "urgency",
                      "1",
                      "assigned_to",
                      rig.sysId("ann"),
                      "cmdb_ci",
                      rig.sysId("Patient records"),
                      "caller_id",
                      rig.sysId("ben")));
      String path = "/communications/" + rig.serviceNow.value(ticket, "number");
      rig.await(
          "an update is due",
          () -> rig.lockstep.api("GET", "/communications").path("updates").size() == 2);

      JsonNode draft = rig.lockstep.api("GET", path + "/draft?audience=executives&next=");
      assertThat(draft.path("text").asText())
          .startsWith("P1 incident INC")
          .contains("Records are down", "affecting Patient records", "Next update by ")
          .doesNotContain("{{", "Since update");
      post(rig, path, "executives", "Reading the logs.");
      post(rig, path, "customers", "We know of it.");
      rig.await(
          "both are delivered but for the chat that is away",
          () ->
              rig.lockstep
                  .api("GET", path)
                  .path("updates")
                  .findValuesAsText("state")
                  .equals(List.of("SENT", "SENT", "SENT", "WAITING", "SENT")));

      assertThat(List.of(mail.getReceivedMessages()))
          .extracting(message -> message.getAllRecipients()[0].toString())
          .containsExactlyInAnyOrder("cio@example.com", "ann@example.com");
      assertThat(mail.getReceivedMessages()[0].getContent().toString().strip())
          .isEqualTo("Reading the logs.");
      assertThat(rig.serviceNow.journal(ticket))
          .filteredOn(entry -> entry.element().equals("comments"))
          .singleElement()
          .satisfies(entry -> assertThat(entry.value()).startsWith("We know of it."));
      assertThat(rig.pagerDuty.notes(rig.pagerDuty.incidents().get(0).id()).toString())
          .containsOnlyOnce("We know of it.")
          .doesNotContain("Reading the logs.");
      handOver(rig, ticket);
      assertThat(rig.lockstep.metric("lockstep_incidents_without_manager", "")).isZero();
      assertThat(rig.lockstep.metric("lockstep_updates_sent_total", "late=\"false\"")).isEqualTo(2);
      assertThat(rig.lockstep.metric("lockstep_updates_overdue", "audience=\"executives\""))
          .isZero();
      assertThat(Files.readString(rig.lockstep.log()))
          .contains("is retried: The channel away does not answer")
          .doesNotContain(SECRET);
    } finally {
      mail.stop();
    }
  }

  /** Its record names ann, and the policy of its service calls ben. */
  private static void handOver(Rig rig, String ticket) {
    String path = "/incident-managers/" + rig.serviceNow.value(ticket, "number");
    JsonNode led = rig.lockstep.api("GET", path).path("led");
    assertThat(led.path("manager").asText()).isEqualTo("ann@example.com");
    assertThat(led.path("state").asText()).isEqualTo("LED");
    rig.lockstep.post(path + "/handover", Map.of("to", "ben@example.com", "key", "k"));
    rig.await(
        "the ticket says who is on call and who leads it",
        () ->
            workNotes(rig, ticket).contains("On call for Patient records: ben@example.com")
                && workNotes(rig, ticket)
                    .contains(
                        "ben@example.com is the incident manager instead of ann@example.com"));
    assertThat(rig.lockstep.api("GET", path).at("/led/onCall").asText())
        .isEqualTo("ben@example.com");
    assertThat(rig.lockstep.api("GET", "/incident-managers").at("/incidents/0/manager").asText())
        .isEqualTo("ben@example.com");
  }

  private static String workNotes(Rig rig, String ticket) {
    return rig.serviceNow.journal(ticket).stream()
        .filter(entry -> entry.element().equals("work_notes"))
        .map(entry -> entry.value())
        .collect(java.util.stream.Collectors.joining("\n"));
  }

  private static void post(Rig rig, String path, String audience, String text) {
    rig.lockstep.post(
        path + "/updates", Map.of("audience", audience, "text", text, "key", audience));
  }
}
