package dev.lockstep.console;

import static dev.lockstep.console.ConsoleClient.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.console.ConsoleClient.Answer;
import dev.lockstep.pair.Pair;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API of incident managers, in the service that the console's tests start. */
class IncidentManagersApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LIST = "/api/incident-managers";
  private static final String LED = LIST + "/INC0010001";
  private static final String FREE = LIST + "/INC0010002";

  private final ConsoleRig rig = new ConsoleRig();

  @BeforeEach
  void open() {
    Pair led = rig.empty().pair("Portal down", "Portal", "ann");
    rig.due(led, -5);
    rig.conflict(led, "priority", "1/2", "P2", "P1");
    rig.gap(led, "status", "no mapped value");
    rig.postmortem(led, "Portal outage");
    Pair free = rig.pair("Mail down", "Mail", "");
    rig.due(free, 20);
    rig.duplicate(free, led, "PROPOSED");
    rig.jdbc.sql("update inbox_entry set state = 'DEAD_LETTER'").update();
    rig.jdbc
        .sql("update incident set manager = '' where seen_at = (select max(seen_at) from incident)")
        .update();
  }

  @Test
  void listsAssignsOnceHandsOverWithOpenPointsAndReleases() throws Exception {
    JsonNode list = call("GET", LIST, "").body().path("incidents");
    assertThat(list).hasSize(2);
    assertThat(list.at("/0/manager").asText()).isEqualTo("ann");
    assertThat(list.at("/0/source").asText()).isEqualTo("record");
    assertThat(list.at("/1/state").asText()).isEqualTo("MISSING");

    Map<String, String> assignment = Map.of("to", "gil@example.com", "key", "k");
    Answer made = call("POST", FREE + "/assign", assignment);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.body().at("/change/by").asText()).isEqualTo("local:ann");
    Answer again = call("POST", FREE + "/assign", assignment);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body().path("repeated").asBoolean()).isTrue();

    String points = call("GET", LED + "/handover", "").body().path("openPoints").asText();
    assertThat(points)
        .contains(
            "- Update for Executives is overdue since ",
            "- Action item: Alert on failed log-ins (",
            "- INC0010002 is proposed as a duplicate of INC0010001",
            "- Dead letters that wait for a decision: 1",
            "- Conflict: Both sides changed priority; the left side's value was kept: kept 1/2, lost P1",
            "- Not synced: status: no mapped value");
    Answer handed =
        call("POST", LED + "/handover", Map.of("to", "cyd@example.com", "reason", "lunch"));
    assertThat(handed.status()).isEqualTo(201);
    assertThat(handed.body().at("/change/openPoints").asText()).isEqualTo(points);
    JsonNode shown = call("GET", LED, "").body();
    assertThat(shown.at("/led/manager").asText()).isEqualTo("cyd@example.com");
    assertThat(shown.at("/led/problem").asText()).contains("still names ann");
    assertThat(shown.path("changes")).hasSize(1);

    assertThat(call("POST", FREE + "/release", Map.of("reason", "ill")).status()).isEqualTo(201);
    assertThat(call("GET", FREE, "").body().at("/led/manager").asText()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        LIST + "/INC404/assign | {\"to\": \"x@example.com\"} | 404 | Nothing that is kept in sync",
        FREE + "/assign | {} | 400 | to: missing",
        FREE
            + "/assign | {\"to\": \"x@example.com\", \"openPoints\": \"x\"} | 400 | openPoints: unknown key",
        FREE + "/assign | {\"to\": \"Ann\"} | 409 | Ann leads INC0010001 (P2)",
        FREE
            + "/assign | {\"to\": \"x@example.com\", \"from\": \"bob\"} | 409 | Nothing was changed: nobody leads",
        FREE + "/assign | {\"to\": \"x@example.com\", \"key\": \"a b\"} | 400 | key: write",
        LED
            + "/assign | {\"to\": \"x@example.com\"} | 409 | ann leads INC0010001; hand it over instead",
        LED + "/release | {\"reason\": \"ill\"} | 409 | The record of INC0010001 names ann",
        LED + "/release | {} | 400 | reason: missing",
      })
  void saysWhatIsWrong(String path, String body, int status, String detail) throws Exception {
    Answer answer = call("POST", path.strip(), JSON.readTree(body));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().path("detail").asText()).startsWith(detail);
  }
}
