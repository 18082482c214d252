package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.servicenow.ChangeOutcome;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.RecordChange;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is not in the document: what the configuration says, and what the systems are up to. */
class ActionItemsPlannedIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Map<String, String> planned() {
    return Map.of(
        "LOCKSTEP_POSTMORTEMS_SETTINGS", "src/test/resources/postmortems/planned.yaml",
        "LOCKSTEP_POSTMORTEMS_ROUNDS", "1s");
  }

  private static Map<String, String> outage(Rig rig) {
    return Map.of(
        "short_description", "Patient records are down",
        "impact", "1",
        "urgency", "1",
        "cmdb_ci", rig.sysId("Patient records"),
        "caller_id", rig.sysId("ben"));
  }

  private static String incident(Rig rig) {
    String ticket = rig.serviceNow.as("ann").create("incident", outage(rig));
    rig.await("it is paired", () -> !rig.serviceNow.value(ticket, "correlation_id").isEmpty());
    return ticket;
  }

  private static HttpResponse<String> markdown(Rig rig, String document) {
    return rig.lockstep.postmortem("text/markdown", document.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(Rig rig, String document) {
    return read(
        rig.lockstep.postmortem("application/json", document.getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonNode read(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Map<String, String>> changes(Rig rig) {
    return rig.serviceNow.records("change_request");
  }

  private static String change(Rig rig, String title) {
    List<String> titled =
        changes(rig).stream()
            .filter(change -> change.get("short_description").equals(title))
            .map(change -> change.get("sys_id"))
            .toList();
    assertThat(titled).as("changes \"%s\"", title).hasSize(1);
    return titled.get(0);
  }

  private static String notes(Rig rig, String sysId) {
    return String.join(
        "\n---\n",
        rig.serviceNow.journal(sysId).stream()
            .filter(entry -> entry.element().equals("work_notes"))
            .map(JournalEntry::value)
            .toList());
  }

  private static int times(String words, String text) {
    return text.split(java.util.regex.Pattern.quote(words), -1).length - 1;
  }

  private static void assertNothingIsLeft(Rig rig) {
    rig.awaitQuiet();
    assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
  }

  @Test
  void ownersAndDatesComeFromTheConfigurationAndNobodyIsGuessed() {
    try (Rig rig = Rig.prepared("action-items-planned", planned())) {
      rig.serviceNow.seedUser("ben2", "Ben", "ben.two@example.com");
      rig.serviceNow.deactivateUser("cid");
      rig.lockstep.start();
      String ticket = incident(rig);
      String document =
          """
          # Postmortem of %s

          ## Action items

          | Action | Owner | Due | Priority | Labels |
          |---|---|---|---|---|
          | Nobody is named for this | | 2026-12-01 | P1 | |
          | No day is named for this | ann@example.com | | P2 | routine |
          | Its owner left | cid@example.com | 2026-12-02 | P1 | |
          | Two are called so | Ben | 2026-12-03 | P1 | |
          | A handle is known | @bee | 2026-12-04 | P0 | |
          | Watch <script>alert("x")</script> <b>it</b> [here](javascript:alert(1)) | ann | 2026-12-05 | P1 | |

          - Why was it slow?
          """
              .formatted(rig.serviceNow.value(ticket, "number"));
      JsonNode receipt = read(markdown(rig, document));
      assertThat(receipt.at("/problems/0/line").asInt()).isEqualTo(14);
      assertThat(receipt.at("/items/5/problems/0").asText()).contains("HTML");

      rig.await("four changes", () -> changes(rig).size() == 4);
      String nobody = change(rig, "Nobody is named for this");
      assertThat(rig.serviceNow.value(nobody, "assigned_to.email")).isEqualTo("dee@example.com");
      assertThat(rig.serviceNow.value(nobody, "assignment_group.name")).isEqualTo("Database");
      assertThat(rig.serviceNow.value(nobody, "type")).isEqualTo("normal");
      String undated = change(rig, "No day is named for this");
      assertThat(rig.serviceNow.value(undated, "requested_by_date"))
          .startsWith(LocalDate.now(ZoneOffset.UTC).plusDays(14).toString());
      assertThat(rig.serviceNow.value(undated, "type")).isEqualTo("standard");
      String handle = change(rig, "A handle is known");
      assertThat(rig.serviceNow.value(handle, "assigned_to.email")).isEqualTo("ben@example.com");
      assertThat(rig.serviceNow.value(handle, "type")).isEqualTo("emergency");
      assertThat(changes(rig))
          .allSatisfy(
              change ->
                  assertThat(change.get("short_description") + change.get("description"))
                      .doesNotContain("<script", "<b>", "javascript:"));
      rig.await(
          "the incident has the note",
          () ->
              notes(rig, ticket).contains("\"cid@example.com\" is not an active user of ServiceNow")
                  && notes(rig, ticket).contains("\"Ben\" is the name of 2 users of ServiceNow")
                  && notes(rig, ticket).contains("line 14: \"Why was it slow?\" is a question"));
      assertNothingIsLeft(rig);
      assertThat(changes(rig)).hasSize(4);
      rig.assertAtRest();
    }
  }

  @Test
  void toolsSendThemAsJson() {
    try (Rig rig = Rig.started("action-items-json", planned())) {
      String ticket = incident(rig);
      String document =
          """
          {"incident": "%s", "name": "retro-7", "title": "Records were down", "url": "https://retro.example.com/7",
           "items": [
            {"id": "7-1", "title": "Add an index", "owner": "ann@example.com", "due": "2026-12-01"},
            {"id": "7-2", "title": "Write a runbook", "owner": "ben@example.com", "due": "2026-12-02"}]}
          """
              .formatted(rig.serviceNow.value(ticket, "number"));
      assertThat(json(rig, document).path("added").asInt()).isEqualTo(2);
      rig.await("two changes", () -> changes(rig).size() == 2);
      String index = change(rig, "Add an index");
      assertThat(rig.serviceNow.value(index, "description"))
          .contains("https://retro.example.com/7");

      JsonNode edited =
          json(
              rig,
              document
                  .replace("Add an index", "Add two indexes to it")
                  .replace("2026-12-02", "2026-12-22"));
      assertThat(edited.path("added").asInt() + edited.path("cancelled").asInt()).isZero();
      assertThat(edited.path("updated").asInt()).isEqualTo(2);
      rig.await(
          "both edits went over",
          () ->
              changes(rig).stream()
                      .anyMatch(c -> c.get("short_description").equals("Add two indexes to it"))
                  && changes(rig).stream()
                      .anyMatch(c -> c.get("requested_by_date").startsWith("2026-12-22")));
      assertNothingIsLeft(rig);
      assertThat(changes(rig)).hasSize(2);
    }
  }

  @Test
  void whileServiceNowSleepsAPostmortemWaitsAndIsJoinedToItsIncidentLater() {
    try (Rig rig = Rig.started("action-items-waiting", planned())) {
      // A webhook would bring the ticket though its system does not answer.
      rig.webhooks(false);
      rig.serviceNow.hibernate(true);
      String ticket = rig.serviceNow.as("ann").create("incident", outage(rig));
      String document =
          "# Postmortem of %s\n\n## Action items\n\n- [ ] Add an index (ann@example.com, 2026-12-01)\n"
              .formatted(rig.serviceNow.value(ticket, "number"));
      HttpResponse<String> kept = markdown(rig, document);
      assertThat(kept.statusCode()).as(kept.body()).isEqualTo(202);
      assertThat(markdown(rig, document).statusCode()).isEqualTo(202);

      rig.serviceNow.hibernate(false);
      rig.await("one change", () -> changes(rig).size() == 1);
      String index = change(rig, "Add an index");
      rig.await(
          "it hangs on its incident", () -> rig.serviceNow.value(index, "parent").equals(ticket));
      rig.await("the incident has the note", () -> notes(rig, ticket).contains("Add an index"));
      assertNothingIsLeft(rig);
      assertThat(changes(rig)).hasSize(1);
    }
  }

  @Test
  void whatIsClosedWithoutAPostmortemIsToldSoOnce() {
    try (Rig rig = Rig.started("action-items-none", planned())) {
      rig.serviceNow.giveRole("lockstep", "itil_admin");
      String ticket = incident(rig);
      rig.serviceNow
          .as("ann")
          .update(
              ticket,
              Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Restarted."));
      rig.serviceNow.as("ann").update(ticket, Map.of("state", "7"));
      String missing = "a postmortem: incidents of priority 1/1 need one within 1 seconds";
      rig.await("it has the note", () -> notes(rig, ticket).contains(missing));
      assertThat(rig.lockstep.metric("lockstep_closures_guarded_total", "warn")).isEqualTo(1);

      String document =
          "# Postmortem of %s\n\n## Action items\n\n- [ ] Add an index (ann@example.com, 2026-12-01)\n"
              .formatted(rig.serviceNow.value(ticket, "number"));
      assertThat(markdown(rig, document).statusCode()).isEqualTo(200);
      rig.await("one change", () -> changes(rig).size() == 1);
      assertNothingIsLeft(rig);
      rig.assertAtRest();
      assertThat(times(missing, notes(rig, ticket))).isEqualTo(1);
      assertThat(rig.serviceNow.value(ticket, "state")).isEqualTo("7");
    }
  }

  @Test
  void aChangeThatFailsIsSucceededOnceThoughLockstepIsKilled() {
    Map<String, String> renewed =
        Map.of("LOCKSTEP_POSTMORTEMS_SETTINGS", "src/test/resources/postmortems/renewed.yaml");
    try (Rig rig = Rig.toKill("action-items-renewed", renewed)) {
      // A closed change takes notes from administrators only.
      rig.serviceNow.makeAdmin("lockstep");
      rig.lockstep.start();
      String ticket = incident(rig);
      String document =
          "# Postmortem of %s\n\n## Action items\n\n- [ ] Add an index (ann@example.com, 2026-12-01)\n"
              .formatted(rig.serviceNow.value(ticket, "number"));
      assertThat(markdown(rig, document).statusCode()).isEqualTo(200);
      rig.await("one change", () -> changes(rig).size() == 1);
      String first = change(rig, "Add an index");
      String failed = rig.serviceNow.value(first, "number");
      rig.await("the incident has the note", () -> notes(rig, ticket).contains(failed));
      rig.awaitQuiet();

      AtomicBoolean killed = new AtomicBoolean();
      rig.serviceNow.onChange(
          change -> {
            boolean created = change.overHttp() && change.kind() == RecordChange.Kind.CREATED;
            if (created && killed.compareAndSet(false, true)) {
              rig.lockstep.kill();
            }
          });
      rig.serviceNow.as("ann").carryOut(first, ChangeOutcome.UNSUCCESSFUL, "It broke.");
      rig.await("killed", () -> !rig.lockstep.isAlive());
      rig.lockstep.start();
      rig.await("both are named", () -> times("is continued in", notes(rig, first)) == 1);
      rig.awaitQuiet();

      assertThat(changes(rig)).hasSize(2);
      Map<String, String> second =
          changes(rig).stream()
              .filter(change -> !change.get("sys_id").equals(first))
              .findFirst()
              .orElseThrow();
      String number = second.get("number");
      assertThat(second.get("description")).contains(failed + " was closed unsuccessful");
      assertThat(rig.serviceNow.value(second.get("sys_id"), "assigned_to.email"))
          .isEqualTo("ann@example.com");
      assertThat(notes(rig, first)).contains("is continued in " + number);
      rig.await(
          "the incident has a note that names both",
          () ->
              notes(rig, ticket)
                  .contains(failed + " was closed unsuccessful; its successor " + number));

      rig.serviceNow
          .as("ann")
          .carryOut(second.get("sys_id"), ChangeOutcome.SUCCESSFUL, "It works.");
      rig.await("deployed", () -> notes(rig, ticket).contains("deployed: " + number));
      assertNothingIsLeft(rig);
      rig.assertAtRest();
      assertThat(changes(rig)).hasSize(2);
      assertThat(times("is continued in", notes(rig, first))).isEqualTo(1);
      JsonNode item = rig.lockstep.api("GET", "/trace/" + failed).path("items").path(0);
      assertThat(item.at("/earlierChanges/0/key").asText()).isEqualTo(failed);
      assertThat(item.at("/earlierChanges/0/deployed").asBoolean(true)).isFalse();
      assertThat(item.at("/change/key").asText()).isEqualTo(number);
      assertThat(item.path("stage").asText()).isEqualTo("deployed");
    }
  }

  @Test
  void aChangeThatIsDeletedOpensItsItemAgain() {
    try (Rig rig = Rig.started("action-items-deleted", planned())) {
      String ticket = incident(rig);
      String document =
          "# Postmortem of %s\n\n## Action items\n\n- [ ] Add an index (ann@example.com, 2026-12-01)\n"
              .formatted(rig.serviceNow.value(ticket, "number"));
      assertThat(markdown(rig, document).statusCode()).isEqualTo(200);
      rig.await("one change", () -> changes(rig).size() == 1);
      String index = change(rig, "Add an index");
      String number = rig.serviceNow.value(index, "number");
      rig.await("the incident has the note", () -> notes(rig, ticket).contains(number));
      rig.awaitQuiet();

      rig.serviceNow.makeAdmin("dee");
      rig.serviceNow.as("dee").delete(index);

      String told = "open again: " + number + " was deleted";
      rig.await("it is open again", () -> notes(rig, ticket).contains(told));
      assertNothingIsLeft(rig);
      rig.assertAtRest();
      assertThat(times(told, notes(rig, ticket))).isEqualTo(1);
      assertThat(changes(rig)).isEmpty();
    }
  }
}
