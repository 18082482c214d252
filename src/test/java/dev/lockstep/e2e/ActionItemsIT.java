package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.servicenow.ChangeOutcome;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.RecordChange;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Action items through the shipped connectors to ServiceNow's change requests, and back. */
class ActionItemsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String DOCUMENT =
      """
      # Postmortem of %s: patient records were down

      ## Action items

      | Action | Owner | Due date | Priority |
      |---|---|---|---|
      | Add an index to the session table | ann@example.com | 2026-12-01 | P1 |
      | Alert when connections run out | Ben | 2026-12-05 | P2 |
      | Write a runbook for the session store | | 2026-12-09 | P2 |
      | Test the failover every month | cid@example.com | | P3 |
      | Replace the old pool | nobody@example.com | 2026-12-12 | P3 |
      """;

  private static String incident(Rig rig) {
    String ticket =
        rig.serviceNow
            .as("ann")
            .create(
                "incident",
                Map.of(
                    "short_description",
                    "Patient records are down",
                    "impact",
                    "1",
                    "urgency",
                    "1",
                    "cmdb_ci",
                    rig.sysId("Patient records"),
                    "caller_id",
                    rig.sysId("ben")));
    rig.await("it is paired", () -> !rig.serviceNow.value(ticket, "correlation_id").isEmpty());
    return ticket;
  }

  private static HttpResponse<String> send(Rig rig, String document) {
    return rig.lockstep.postmortem("text/markdown", document.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode sent(Rig rig, String document) {
    HttpResponse<String> answer = send(rig, document);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> changes(Rig rig) {
    Map<String, String> changes = new HashMap<>();
    rig.serviceNow
        .records("change_request")
        .forEach(
            change ->
                changes.merge(
                    change.get("short_description"), change.get("sys_id"), (a, b) -> a + " " + b));
    return changes;
  }

  private static String notes(Rig rig, String sysId) {
    return String.join(
        "\n---\n",
        rig.serviceNow.journal(sysId).stream()
            .filter(entry -> entry.element().equals("work_notes"))
            .map(JournalEntry::value)
            .toList());
  }

  private static JsonNode deadLetters(Rig rig) {
    return rig.lockstep.api("GET", "/dead-letters").path("deadLetters");
  }

  @Test
  void eachBecomesOneChangeThatIsFollowedUntilItIsDeployed() {
    try (Rig rig = Rig.started("action-items", Map.of())) {
      String ticket = incident(rig);
      String number = rig.serviceNow.value(ticket, "number");
      JsonNode receipt = sent(rig, DOCUMENT.formatted(number));
      assertThat(receipt.path("added").asInt()).isEqualTo(5);
      assertThat(receipt.at("/items/0/stage").asText()).isEqualTo("being planned");
      rig.await("two changes", () -> changes(rig).size() == 2);
      Map<String, String> changes = changes(rig);
      String index = changes.get("Add an index to the session table");
      String alert = changes.get("Alert when connections run out");
      assertThat(rig.serviceNow.value(index, "assigned_to.email")).isEqualTo("ann@example.com");
      assertThat(rig.serviceNow.value(alert, "assigned_to.email")).isEqualTo("ben@example.com");
      assertThat(rig.serviceNow.value(index, "requested_by_date")).isEqualTo("2026-12-01 12:00:00");
      assertThat(rig.serviceNow.value(index, "parent")).isEqualTo(ticket);
      assertThat(rig.serviceNow.value(index, "cmdb_ci.name")).isEqualTo("Patient records");
      assertThat(rig.serviceNow.value(index, "type")).isEqualTo("normal");
      assertThat(rig.serviceNow.value(index, "description")).contains("Add an index");
      rig.await(
          "the incident is told",
          () ->
              notes(rig, ticket).contains("needs owner: no owner is named in line 9")
                  && notes(rig, ticket).contains("needs due date")
                  && notes(rig, ticket).contains("\"nobody@example.com\" is not an active user"));

      rig.serviceNow.as("ann").carryOut(index, ChangeOutcome.SUCCESSFUL, "Done.");
      rig.await(
          "deployed",
          () -> notes(rig, ticket).contains("deployed: " + rig.serviceNow.value(index, "number")));
      rig.serviceNow.as("ann").carryOut(alert, ChangeOutcome.UNSUCCESSFUL, "It broke.");
      rig.await("open again", () -> notes(rig, ticket).contains("open again: "));
      rig.awaitQuiet();
      assertThat(deadLetters(rig)).isEmpty();
      rig.assertAtRest();
    }
  }

  @Test
  void theSameAgainEditedChangesWhatItSaysAndDoublesNothing() {
    try (Rig rig = Rig.started("action-items-edited", Map.of())) {
      String ticket = incident(rig);
      String document = DOCUMENT.formatted(rig.serviceNow.value(ticket, "number"));
      sent(rig, document);
      rig.await("two changes", () -> changes(rig).size() == 2);
      JsonNode same = sent(rig, document);
      assertThat(
              same.path("added").asInt()
                  + same.path("updated").asInt()
                  + same.path("cancelled").asInt())
          .isZero();
      String index = changes(rig).get("Add an index to the session table");
      rig.serviceNow.as("ann").update(index, Map.of("requested_by_date", "2026-12-20 09:00:00"));
      JsonNode edited =
          sent(
              rig,
              document
                  .replace("store | |", "store | dee@example.com |")
                  .replace("| cid@example.com | |", "| cid@example.com | 2026-12-30 |")
                  .replace(
                      "Add an index to the session table", "Add an index to the sessions table")
                  .replace("| Alert when connections run out | Ben | 2026-12-05 | P2 |\n", ""));
      assertThat(edited.path("added").asInt()).isZero();
      assertThat(edited.path("cancelled").asInt()).isEqualTo(1);
      rig.await("four changes", () -> changes(rig).size() == 4);
      rig.await(
          "the title goes over",
          () ->
              rig.serviceNow
                  .value(index, "short_description")
                  .equals("Add an index to the sessions table"));
      rig.awaitQuiet();
      // The date was changed in ServiceNow and not in the document: it stays.
      assertThat(rig.serviceNow.value(index, "requested_by_date")).startsWith("2026-12-20");
      String alert = changes(rig).get("Alert when connections run out");
      rig.await("told", () -> notes(rig, alert).contains("is no longer in its postmortem"));
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  @Test
  void eachIsCreatedOnceThoughLockstepIsKilledAndAnswersAreLost() {
    try (Rig rig = Rig.toKill("action-items-killed", Map.of())) {
      rig.lockstep.start();
      String ticket = incident(rig);
      AtomicBoolean killed = new AtomicBoolean();
      rig.serviceNow.onChange(
          change -> {
            boolean created = change.overHttp() && change.kind() == RecordChange.Kind.CREATED;
            if (created && killed.compareAndSet(false, true)) {
              rig.lockstep.kill();
            }
          });
      sent(rig, DOCUMENT.formatted(rig.serviceNow.value(ticket, "number")));
      rig.await("killed", () -> !rig.lockstep.isAlive());
      rig.serviceNow
          .faults()
          .next(
              1,
              Faults.Kind.DONE_BUT_RESET,
              call -> call.method().equals("POST") && call.path().contains("change_request"));
      rig.lockstep.start();
      rig.await("two changes", () -> changes(rig).size() == 2);
      rig.awaitQuiet();
      assertThat(rig.serviceNow.records("change_request")).hasSize(2);
      assertThat(notes(rig, ticket).split("needs owner: no owner", -1)).hasSize(2);
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  @Test
  void anIncidentClosedTooEarlyIsReopenedAndToldWhatIsMissing() {
    Map<String, String> reopening =
        Map.of("LOCKSTEP_POSTMORTEMS_SETTINGS", "src/test/resources/postmortems/reopen.yaml");
    try (Rig rig = Rig.started("action-items-guard", reopening)) {
      rig.serviceNow.giveRole("lockstep", "itil_admin");
      String ticket = incident(rig);
      sent(rig, DOCUMENT.formatted(rig.serviceNow.value(ticket, "number")));
      rig.await("two changes", () -> changes(rig).size() == 2);
      close(rig, ticket);
      rig.await("it is resolved again", () -> rig.serviceNow.value(ticket, "state").equals("6"));
      rig.await("it is told", () -> notes(rig, ticket).contains("Reopened by Lockstep"));
      rig.awaitQuiet();
      assertThat(notes(rig, ticket))
          .contains("\"Write a runbook for the session store\" has no change request");
      assertThat(notes(rig, ticket).split("Reopened by Lockstep", -1)).hasSize(2);
      rig.assertAtRest();
      close(rig, ticket);
      rig.await(
          "and again", () -> notes(rig, ticket).split("Reopened by Lockstep", -1).length == 3);
      rig.await("it is resolved again", () -> rig.serviceNow.value(ticket, "state").equals("6"));
      rig.awaitQuiet();
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  @Test
  void noItemIsSaidToLackAnOwnerWhileItIsBeingLookedUp() {
    try (Rig rig = Rig.started("action-items-looked-up", Map.of())) {
      String ticket = incident(rig);
      rig.serviceNow
          .faults()
          .next(
              6,
              Faults.Kind.SERVICE_UNAVAILABLE,
              call -> call.method().equals("GET") && call.path().contains("sys_user"));
      sent(rig, DOCUMENT.formatted(rig.serviceNow.value(ticket, "number")));
      rig.await("it is told what is missing", () -> notes(rig, ticket).contains("needs due date"));
      rig.await("two changes", () -> changes(rig).size() == 2);
      rig.awaitQuiet();
      assertThat(notes(rig, ticket))
          .contains("\"Write a runbook for the session store\": needs owner")
          .doesNotContain(
              "\"Add an index to the session table\": needs owner",
              "\"Alert when connections run out\": needs owner");
    }
  }

  private static void close(Rig rig, String ticket) {
    rig.serviceNow
        .as("ann")
        .update(
            ticket,
            Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Restarted."));
    rig.serviceNow.as("ann").update(ticket, Map.of("state", "7"));
  }

  @Test
  void tasksOfAPlatformAreActionItemsToo() {
    try (Rig rig = Rig.started("action-items-tasks", Map.of())) {
      String ticket = incident(rig);
      PagerDutyIncident incident = rig.pagerDuty.incidents().get(0);
      rig.pagerDuty
          .as("ann@example.com")
          .addTask(incident.id(), "Call the vendor", "", "ben@example.com");
      rig.await(
          "it waits for a date",
          () -> notes(rig, ticket).contains("\"Call the vendor\": needs due date"));
      rig.awaitQuiet();
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  @Test
  void whatCannotBeTakenIsRefusedWithItsLine() {
    try (Rig rig = Rig.started("action-items-refused", Map.of())) {
      String ticket = incident(rig);
      String number = rig.serviceNow.value(ticket, "number");
      assertThat(refusal(send(rig, "# Something\n\n- [ ] Do it\n"))).contains("names no incident");
      assertThat(refusal(send(rig, DOCUMENT.formatted("INC0999999"))))
          .contains("incident \"INC0999999\" was not found");
      HttpResponse<String> latin =
          rig.lockstep.postmortem(
              "text/markdown", "# INC0000001 Größe".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(refusal(latin)).contains("not UTF-8");
      HttpResponse<String> huge = rig.lockstep.postmortem("text/markdown", new byte[10_000_000]);
      assertThat(huge.statusCode()).isEqualTo(413);
      assertThat(
              refusal(
                  rig.lockstep.postmortem(
                      "application/json",
                      "{\"incident\": \"%s\", \"items\": [{\"title\": \"x\", \"due\": \"next sprint\"}]}"
                          .formatted(number)
                          .getBytes(StandardCharsets.UTF_8))))
          .contains("items[0].due: 'next sprint' is no date");
      assertThat(send(rig, DOCUMENT.formatted(number)).statusCode()).isEqualTo(200);
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  private static String refusal(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    try {
      return JSON.readTree(answer.body()).path("detail").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFolderIsWatched() throws IOException {
    var folder = java.nio.file.Files.createTempDirectory("postmortems");
    Map<String, String> watching =
        Map.of("LOCKSTEP_POSTMORTEMS_DIR", folder.toString(), "LOCKSTEP_POSTMORTEMS_LOOK", "1s");
    try (Rig rig = Rig.started("action-items-folder", watching)) {
      String ticket = incident(rig);
      String document = DOCUMENT.formatted(rig.serviceNow.value(ticket, "number"));
      java.nio.file.Files.writeString(folder.resolve("records.md"), document);
      rig.await("two changes", () -> changes(rig).size() == 2);
      java.nio.file.Files.writeString(folder.resolve("lost.md"), "# Portal\n\n- [ ] Mend it\n");
      rig.await(
          "the other is listed as refused",
          () -> rig.lockstep.api("GET", "/postmortems").path("refused").size() == 1);
      JsonNode listed = rig.lockstep.api("GET", "/postmortems");
      assertThat(listed.at("/refused/0/file").asText()).isEqualTo("lost.md");
      assertThat(listed.at("/refused/0/problem").asText()).contains("names no incident");
      assertThat(listed.at("/postmortems/0/name").asText()).isEqualTo("records.md");
      assertThat(listed.at("/postmortems/0/open").asInt()).isEqualTo(5);
      java.nio.file.Files.writeString(
          folder.resolve("records.md"), document.replace("store | |", "store | dee@example.com |"));
      rig.await("three changes", () -> changes(rig).size() == 3);
      rig.awaitQuiet();
      assertThat(deadLetters(rig)).isEmpty();
    }
  }
}
