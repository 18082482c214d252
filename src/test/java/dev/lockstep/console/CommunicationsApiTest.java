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

/** The API of updates, in the service that the console's tests start. */
class CommunicationsApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INCIDENT = "/api/communications/INC0010001";

  private final ConsoleRig rig = new ConsoleRig();

  @BeforeEach
  void open() {
    rig.due(rig.empty().pair("Portal down", "Portal", "ann"), -5);
  }

  @Test
  void listsDraftsSendsOnceAndShows() throws Exception {
    JsonNode due = call("GET", "/api/communications", "").body().at("/updates/0");
    assertThat(due.at("/incident/key").asText()).isEqualTo("INC0010001");
    assertThat(due.path("state").asText()).isEqualTo("OVERDUE");
    JsonNode draft = call("GET", INCIDENT + "/draft?audience=executives&next=We%20wait", "").body();
    assertThat(draft.path("text").asText()).isEqualTo("P2 INC0010001: Portal down\nWe wait");
    assertThat(draft.path("basedOn").asInt(-1)).isZero();

    Map<String, Object> update =
        Map.of("audience", "executives", "text", "Found.", "key", "k", "basedOn", 0);
    Answer sent = call("POST", INCIDENT + "/updates", update);
    assertThat(sent.status()).isEqualTo(201);
    assertThat(sent.body().at("/update/sentBy").asText()).isEqualTo("local:ann");
    assertThat(sent.body().at("/update/targets").toString())
        .contains(
            "{\"target\":\"servicenow (public)\",\"state\":\"WAITING\",\"gap\":\"\"}",
            "{\"target\":\"manager\",\"state\":\"GAP\",\"gap\":\"'ann' is no e-mail address\"}");
    Answer again = call("POST", INCIDENT + "/updates", update);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body().path("repeated").asBoolean()).isTrue();
    JsonNode shown = call("GET", INCIDENT, "").body();
    assertThat(shown.path("updates")).hasSize(1);
    assertThat(shown.at("/due/0/state").asText()).isEqualTo("DUE");
    assertThat(shown.at("/audiences/0/title").asText()).isEqualTo("Executives");
  }

  @Test
  void listsAndShowsWhatVendorsHaveToReport() throws Exception {
    Pair pair = rig.empty().pair("Portal down", "Portal", "ann");
    rig.due(pair, 5);
    rig.vendorDue(pair, -5);

    JsonNode vendor = call("GET", "/api/communications", "").body().at("/vendors/0");
    assertThat(vendor.path("vendor").asText()).isEqualTo("acme");
    assertThat(vendor.path("state").asText()).isEqualTo("OVERDUE");
    assertThat(vendor.path("escalated").asInt()).isEqualTo(1);
    assertThat(vendor.at("/incident/key").asText()).isEqualTo("INC0010001");
    JsonNode shown = call("GET", INCIDENT, "").body();
    assertThat(shown.at("/incident/key").asText()).isEqualTo("INC0010001");
    assertThat(shown.at("/vendors/0")).isEqualTo(vendor);
    assertThat(shown.path("due")).hasSize(1);
  }

  @Test
  void postponesWhatIsDue() throws Exception {
    Answer snoozed =
        call(
            "POST",
            INCIDENT + "/snooze",
            Map.of("audience", "executives", "for", "30m", "reason", "in a call"));
    assertThat(snoozed.status()).isEqualTo(200);
    assertThat(snoozed.body().path("state").asText()).isEqualTo("SNOOZED");
    assertThat(snoozed.body().path("snoozedBy").asText()).isEqualTo("local:ann");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/communications/INC404/updates | {\"audience\": \"executives\", \"text\": \"x\"} | 404"
            + " | Nothing that is kept in sync is called INC404",
        INCIDENT
            + "/updates | {\"audience\": \"board\", \"text\": \"x\"} | 404 |"
            + " There is no audience 'board'; there is: executives",
        INCIDENT + "/updates | {\"audience\": \"executives\"} | 400 | text: missing",
        INCIDENT
            + "/updates | {\"audience\": \"executives\", \"txt\": \"x\"} | 400 | txt: unknown key",
        INCIDENT
            + "/updates | {\"audience\": \"executives\", \"text\": \"x\", \"basedOn\": -1} | 400 |"
            + " basedOn: write the number",
        INCIDENT
            + "/updates | {\"audience\": \"executives\", \"text\": \"x\", \"basedOn\": 7} | 409 |"
            + " Nothing was sent",
        INCIDENT
            + "/snooze | {\"audience\": \"executives\", \"for\": \"soon\", \"reason\": \"x\"} | 400"
            + " | for: \"soon\" is no duration",
        INCIDENT
            + "/snooze | {\"audience\": \"executives\", \"for\": \"30m\"} | 400 | reason: missing",
      })
  void saysWhatIsWrong(String path, String body, int status, String detail) throws Exception {
    Answer answer = call("POST", path.strip(), JSON.readTree(body));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.detail()).startsWith(detail);
  }
}
