package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logs are collected and kept by others: what they must never contain, and what they must. */
class LogsIT {
  /** Of the rig; the base64 is its ServiceNow user and password. */
  private static final List<String> SECRETS =
      List.of(
          "sandbox-token",
          "sandbox-webhook-secret",
          "servicenow-webhook-secret",
          "end-to-end-tests",
          "bG9ja3N0ZXA6bG9ja3N0ZXA");

  /** Words that only texts of tickets, notes, postmortems and webhooks have. */
  private static final List<String> TEXTS =
      List.of("Quokka", "Wombat", "Axolotl", "Pangolin", "Ocelot", "Narwhal", "Capybara");

  @Test
  void noLineHasASecretOrATextAndAllNameTheirCorrelation() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    try (Rig rig =
        Rig.toKill(
            "logs", Map.of("LOCKSTEP_LOG_FORMAT", "json", "LOGGING_LEVEL_DEV_LOCKSTEP", "debug"))) {
      rig.lockstep.start();
      work(rig);
      for (String line : Files.readAllLines(rig.lockstep.log())) {
        assertThat(line).doesNotContainIgnoringCase(SECRETS.toArray(String[]::new));
        assertThat(line).doesNotContainIgnoringCase(TEXTS.toArray(String[]::new));
        lines.add(new ObjectMapper().readTree(line));
      }
      assertThat(lines)
          .isNotEmpty()
          .noneMatch(line -> line.path("logger_name").asText().startsWith("org.springframework"))
          .allMatch(line -> line.hasNonNull("@timestamp") && line.hasNonNull("message"))
          .filteredOn(line -> line.path("message").asText().contains(" is broken"))
          .isNotEmpty()
          .allMatch(line -> line.path("correlation_id").asText().matches("[0-9a-f-]{36}"));
    }
  }

  /** Everything that has text, also what fails. */
  private static void work(Rig rig) {
    String ticket =
        rig.serviceNow
            .as("ann")
            .create(
                "incident",
                Map.of(
                    "short_description", "Quokka is down",
                    "description", "The Wombat does not answer",
                    "impact", "1",
                    "urgency", "1",
                    "cmdb_ci", rig.sysId("Patient records"),
                    "caller_id", rig.sysId("ben")));
    rig.await("it is paired", () -> !rig.serviceNow.value(ticket, "correlation_id").isEmpty());
    rig.serviceNow.as("ann").update(ticket, Map.of("work_notes", "Axolotl restarted"));
    PagerDutyIncident incident = rig.pagerDuty.incidents().get(0);
    var ben = rig.pagerDuty.as("ben@example.com");
    ben.addNote(incident.id(), "Pangolin looks at it");
    ben.setService(incident.id(), "Pharmacy");
    ben.setPriority(incident.id(), "P1");
    postmortem(rig, "# Narwhal\n\nIncident: INC9999999\n\n## Action items\n\n- [ ] Capybara\n");
    postmortem(
        rig,
        "# Narwhal\n\nIncident: %s\n\n## Action items\n\n- [ ] Grow the Capybara (eve)\n"
            .formatted(rig.serviceNow.value(ticket, "number")));
    byte[] garbage = "{\"event\":{\"id\":\"Ocelot\"".getBytes(StandardCharsets.UTF_8);
    rig.lockstep.webhook("pagerduty", "X-PagerDuty-Signature", "v1=" + "0".repeat(64), garbage);
    rig.lockstep.webhook(
        "pagerduty",
        "X-PagerDuty-Signature",
        Signature.of("sandbox-webhook-secret", garbage),
        garbage);
    rig.awaitQuiet();
    String key = rig.serviceNow.value(ticket, "number");
    JsonNode pair = pair(rig, key);
    assertThat(pair.path("notes").toString()).contains("Axolotl", "Pangolin");
    assertThat(rig.lockstep.api("GET", "/dead-letters").toString())
        .contains("the body is not JSON");
    rig.serviceNow.makeAdmin("ann");
    rig.serviceNow.as("ann").delete(ticket);
    rig.await(
        "the pair is broken", () -> pair(rig, key).at("/pair/state").asText().equals("BROKEN"));
  }

  private static JsonNode pair(Rig rig, String key) {
    return rig.lockstep.api("GET", "/pairs/" + key);
  }

  private static void postmortem(Rig rig, String markdown) {
    rig.lockstep.postmortem("text/markdown", markdown.getBytes(StandardCharsets.UTF_8));
  }
}
