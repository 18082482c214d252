package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyClient.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Notes, status updates and log entries, by real HTTP. */
class TimelineTest {

  private final Hospital hospital = new Hospital();
  private final PagerDutyClient api = hospital.api();

  @AfterEach
  void stop() {
    hospital.close();
  }

  @Test
  void keepsNotesWithTheirAuthorAndLeavesTheIncidentAsItWas() {
    String id = hospital.open("x");
    hospital.clock.advance(Duration.ofSeconds(10));

    Reply added =
        api.with("From", Hospital.EVA)
            .post("/incidents/" + id + "/notes", "{\"note\":{\"content\":\"On it: ü\"}}");
    hospital.pagerDuty.as(Hospital.ANA).addNote(id, "Me too");

    assertThat(added.status()).isEqualTo(200);
    assertThat(added.json().at("/note/user/summary").asText()).isEqualTo("Eva Engel");
    JsonNode notes = api.get("/incidents/" + id + "/notes").json().path("notes");
    assertThat(notes)
        .extracting(note -> note.path("content").asText())
        .containsExactly("On it: ü", "Me too");
    assertThat(notes.at("/0/created_at").asText()).isEqualTo("2026-11-24T03:00:10Z");
    assertThat(api.get("/incidents/" + id).json().at("/incident/updated_at").asText())
        .isEqualTo("2026-11-24T03:00:00Z");
    assertThat(api.post("/incidents/" + id + "/notes", "{\"note\":{}}").status()).isEqualTo(400);
    assertThat(api.get("/incidents/PNONE/notes").status()).isEqualTo(404);
  }

  @Test
  void publishesStatusUpdatesThatCannotBeListed() {
    String id = hospital.open("x");

    Reply reply =
        api.post("/incidents/" + id + "/status_updates", "{\"message\":\"Paper charts for now\"}");

    assertThat(reply.json().at("/status_update/sender/summary").asText()).isEqualTo("Lockstep");
    assertThat(hospital.pagerDuty.statusUpdates(id))
        .extracting(StatusUpdate::message)
        .containsExactly("Paper charts for now");
    assertThat(api.get("/incidents/" + id + "/status_updates").status()).isEqualTo(404);
  }

  @Test
  void logsWhatHappenedNewestFirst() {
    String id = hospital.open("x");
    api.put("/incidents/" + id, update("'status':'acknowledged'"));
    hospital.pagerDuty.as(Hospital.ANA).addNote(id, "Looking");
    hospital.pagerDuty.as(Hospital.ANA).setTitle(id, "y");
    hospital.pagerDuty.as(Hospital.ANA).setUrgency(id, Urgency.LOW);
    hospital.pagerDuty.as(Hospital.ANA).resolve(id, "Restarted");
    hospital.open("other");

    JsonNode log =
        api.get("/incidents/" + id + "/log_entries?include%5B%5D=channels")
            .json()
            .path("log_entries");

    assertThat(log)
        .extracting(entry -> entry.path("type").asText())
        .containsExactly(
            "resolve_log_entry",
            "urgency_change_log_entry",
            "field_value_change_log_entry",
            "annotate_log_entry",
            "acknowledge_log_entry",
            "trigger_log_entry");
    assertThat(log.at("/0/note").asText()).isEqualTo("Restarted");
    assertThat(log.at("/2/channel/changeset/application_fields/0/value").asText()).isEqualTo("y");
    assertThat(log.at("/3/channel/summary").asText()).isEqualTo("Looking");
    assertThat(log.at("/3/agent/summary").asText()).isEqualTo("Ana Alvarez");
    assertThat(log.at("/0/incident/id").asText()).isEqualTo(id);
    assertThat(
            api.get("/incidents/" + id + "/log_entries?is_overview=true")
                .json()
                .path("log_entries"))
        .hasSize(3);
  }

  @Test
  void listsTheWholeAccountsLogFromATimeOn() {
    String id = hospital.open("x");
    hospital.clock.advance(Duration.ofSeconds(30));
    hospital.open("y");
    hospital.pagerDuty.as(Hospital.ANA).acknowledge(id);

    assertThat(types("?since=2026-11-24T03:00:30Z"))
        .containsExactly("acknowledge_log_entry", "trigger_log_entry");
    assertThat(types("?since=2026-11-24T03:00:30.100Z"))
        .describedAs("log entries know whole seconds only")
        .isEmpty();
    assertThat(types("?until=2026-11-24T03:00:30Z")).containsExactly("trigger_log_entry");
    assertThat(types("")).hasSize(3);
    assertThat(types("?limit=1&offset=1")).containsExactly("trigger_log_entry");
  }

  @Test
  void keepsChangedFieldsOutOfTheWholeAccountsLog() {
    String id = hospital.open("x");
    hospital.pagerDuty.as(Hospital.ANA).setTitle(id, "y");
    hospital.pagerDuty.as(Hospital.ANA).setPriority(id, "P1");
    hospital.pagerDuty.as(Hospital.ANA).setUrgency(id, Urgency.LOW);

    assertThat(types(""))
        .containsExactly(
            "urgency_change_log_entry", "priority_change_log_entry", "trigger_log_entry");
  }

  private List<String> types(String query) {
    List<String> types = new ArrayList<>();
    api.get("/log_entries" + query)
        .json()
        .path("log_entries")
        .forEach(entry -> types.add(entry.path("type").asText()));
    return types;
  }
}
