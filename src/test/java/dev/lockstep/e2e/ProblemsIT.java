package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recurring incidents, their problem, and promoted incidents, through the shipped connectors. */
class ProblemsIT {
  private static final String ITEMS =
      """
      # Postmortem of %s: patient records were down

      ## Action items

      | Action | Owner | Due date | Priority |
      |---|---|---|---|
      | Add an index to the session table | | | P2 |
      """;

  private static final Map<String, String> SETTINGS =
      Map.of("LOCKSTEP_MAPPINGS", "incident,action-item,problem");

  @TempDir private Path mappings;

  private static String open(Rig rig, String title, Map<String, String> more) {
    Map<String, String> fields = new HashMap<>();
    fields.put("short_description", title);
    fields.put("description", "Sessions pile up and charts do not open.");
    fields.put("impact", "1");
    fields.put("urgency", "1");
    fields.put("cmdb_ci", rig.sysId("Patient records"));
    fields.put("caller_id", rig.sysId("ben"));
    fields.putAll(more);
    String ticket = rig.serviceNow.as("ann").create("incident", fields);
    rig.await("it is paired", () -> !rig.serviceNow.value(ticket, "correlation_id").isEmpty());
    return ticket;
  }

  private static void resolve(Rig rig, String ticket) {
    rig.serviceNow
        .as("ann")
        .update(
            ticket,
            Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Restarted."));
    rig.awaitQuiet();
  }

  private static JsonNode problems(Rig rig) {
    return rig.lockstep.api("GET", "/problems").path("problems");
  }

  /** A first incident with an open action item, over, and the same again. */
  private static List<String> recurring(Rig rig) {
    String first = open(rig, "Session store of patient records is exhausted", Map.of());
    String number = rig.serviceNow.value(first, "number");
    rig.lockstep.postmortem(
        "text/markdown", ITEMS.formatted(number).getBytes(StandardCharsets.UTF_8));
    resolve(rig, first);
    String second = open(rig, "Session store of patient records exhausted again", Map.of());
    return List.of(first, second);
  }

  private static List<Map<String, String>> records(Rig rig) {
    return rig.serviceNow.records("problem");
  }

  @Test
  void anAcceptedProposalIsOneProblemThatItsIncidentsName() {
    try (Rig rig = Rig.started("problems", SETTINGS)) {
      String other =
          open(
              rig,
              "Printer in room 12 prints blank pages",
              Map.of("description", "The toner is full, and the test page is blank, too."));
      List<String> tickets = recurring(rig);
      rig.await("a proposal", Duration.ofSeconds(60), () -> problems(rig).size() == 1);
      JsonNode proposal = problems(rig).get(0);
      assertThat(proposal.path("state").asText()).isEqualTo("PROPOSED");
      assertThat(proposal.path("service").asText()).isEqualTo("Patient records");
      assertThat(proposal.path("incidents").findValuesAsText("key"))
          .containsExactly(
              rig.serviceNow.value(tickets.get(0), "number"),
              rig.serviceNow.value(tickets.get(1), "number"));
      assertThat(proposal.path("openActionItems").get(0).asText())
          .isEqualTo("Add an index to the session table");
      assertThat(records(rig)).isEmpty();

      // The answers to the create, and to a link, get lost.
      rig.serviceNow
          .faults()
          .next(
              1,
              Faults.Kind.DONE_BUT_RESET,
              call -> call.method().equals("POST") && call.path().endsWith("/problem"));
      String path = "/problems/" + proposal.path("id").asText();
      rig.lockstep.api("POST", path + "/accept");
      rig.lockstep.api("POST", path + "/accept");
      rig.await(
          "both are linked",
          Duration.ofSeconds(60),
          () ->
              tickets.stream()
                  .noneMatch(ticket -> rig.serviceNow.value(ticket, "problem_id").isEmpty()));

      assertThat(records(rig)).hasSize(1);
      String problem = records(rig).get(0).get("sys_id");
      assertThat(tickets).allMatch(one -> rig.serviceNow.value(one, "problem_id").equals(problem));
      assertThat(rig.serviceNow.value(other, "problem_id")).isEmpty();
      assertThat(rig.serviceNow.value(problem, "first_reported_by_task")).isEqualTo(tickets.get(0));
      assertThat(rig.serviceNow.value(problem, "cmdb_ci.name")).isEqualTo("Patient records");
      assertThat(rig.serviceNow.value(problem, "description"))
          .contains(rig.serviceNow.value(tickets.get(1), "number"), "Add an index");
      rig.await(
          "its state is shown",
          () -> problems(rig).get(0).path("recordState").asText().equals("New"));
      assertThat(problems(rig).get(0).path("recordKey").asText())
          .isEqualTo(rig.serviceNow.value(problem, "number"));

      // One more is linked without a decision, and a problem that a user chose is kept.
      String chosen = rig.serviceNow.seed("problem", Map.of("short_description", "Chosen"));
      String third =
          open(
              rig,
              "Session store of patient records is exhausted once more",
              Map.of("problem_id", chosen));
      rig.await(
          "it is one more",
          Duration.ofSeconds(60),
          () -> problems(rig).get(0).path("incidents").findValuesAsText("link").contains("OTHER"));
      assertThat(rig.serviceNow.value(third, "problem_id")).isEqualTo(chosen);
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
      assertThat(records(rig)).hasSize(2);
    }
  }

  @Test
  void aRejectedProposalLeadsToNothing() {
    try (Rig rig = Rig.started("problems-rejected", SETTINGS)) {
      recurring(rig);
      rig.await("a proposal", Duration.ofSeconds(60), () -> problems(rig).size() == 1);
      String path = "/problems/" + problems(rig).get(0).path("id").asText();
      rig.lockstep.api("POST", path + "/reject");

      assertThat(problems(rig).get(0).path("state").asText()).isEqualTo("REJECTED");
      assertThat(rig.lockstep.api("GET", path).path("history").findValuesAsText("what"))
          .containsExactly("proposed", "rejected");
      rig.awaitPolls(2);
      rig.awaitQuiet();
      assertThat(records(rig)).isEmpty();
    }
  }

  /** Whatever its priority: it is in scope, and of the level of a major incident. */
  @Test
  void aPromotedIncidentStartsWhatItsPriorityWouldNot() {
    copyWithMajorIncidents();
    try (Rig rig =
        Rig.started(
            "major-incidents",
            Map.of(
                "LOCKSTEP_MAPPINGS", "incident", "LOCKSTEP_MAPPINGS_DIR", mappings.toString()))) {
      String ticket =
          rig.serviceNow
              .as("ann")
              .create(
                  "incident",
                  Map.of(
                      "short_description", "Charts open slowly",
                      "impact", "3",
                      "urgency", "3",
                      "cmdb_ci", rig.sysId("Patient records")));
      rig.serviceNow.as("ann").update(ticket, Map.of("major_incident_state", "proposed"));
      rig.awaitPolls(2);
      rig.awaitQuiet();
      assertThat(rig.pagerDuty.incidents()).isEmpty();

      rig.serviceNow.as("ann").update(ticket, Map.of("major_incident_state", "accepted"));
      rig.await("responders are called", () -> rig.pagerDuty.incidents().size() == 1);
      rig.awaitQuiet();
      assertThat(rig.lockstep.api("GET", "/report/incidents?since=1d&by=level").toString())
          .contains("P1");
    }
  }

  private void copyWithMajorIncidents() {
    try (Stream<Path> files = Files.list(Path.of("mappings"))) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        if (file.endsWith("incident.yaml")) {
          text =
              text.replace(
                      "      - {field: priority, in: [\"1/1\", \"1/2\", \"2/1\"]} # priority 1 and 2",
                      """
                            - any:
                                - {field: priority, in: ["1/1", "1/2", "2/1"]}
                                - {field: major-state, in: [accepted]}\
                      """)
                  .replace(
                      "fields:\n  title:",
                      "fields:\n  major-state: {owner: left, left: major_incident_state, right:"
                          + " {carried: never}}\n\n  title:")
                  .replace(
                      "    acknowledged: {field: status",
                      "    major: {field: major-state, in: [accepted]}\n    major-level: P1\n"
                          + "    acknowledged: {field: status");
        }
        Files.writeString(mappings.resolve(file.getFileName()), text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
