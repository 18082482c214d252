package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NativeRecordsTest {
  private static final Instant EVENT = Instant.parse("2026-11-24T03:00:00.123Z");
  private final NativeRecords records =
      new NativeRecords(
          ConnectorCatalog.load(
              List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1))));

  /** A write of Lockstep's own comes after the change of the person that it hides. */
  @Test
  void tellsWhoChangedARecordUnlessItWasLockstep() {
    assertThat(changedBy("ann").changedBy()).isEqualTo("ann");
    records.learnOwnName(changedBy("lockstep"));
    assertThat(changedBy("lockstep").changedBy()).isNull();
    assertThat(changedBy("ann").changedBy()).isEqualTo("ann");
  }

  private NativeRecord changedBy(String user) {
    return records.read(
        "servicenow",
        "incident",
        ConnectorContract.json(
            """
            {"sys_id":"9d385017c611228701d22104cc95c371","number":"INC0010001","sys_mod_count":"3",
             "sys_updated_on":"2026-11-24 03:00:00","sys_updated_by":"%s"}\
            """
                .formatted(user)),
        null);
  }

  @Test
  void refusesARecordWhoseIdLeadsElsewhere() {
    assertThatThrownBy(
            () ->
                records.read(
                    "pagerduty",
                    "incident",
                    ConnectorContract.json("{\"id\":\"../users/P1\",\"incident_number\":7}"),
                    EVENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'../users/P1' is no id of a pagerduty incident");
  }

  /** A link takes the same paths as a creation: nested, and lists. */
  @Test
  void putsTheCounterpartWhereverTheSystemTakesIt() {
    ConnectorCatalog catalog =
        ConnectorCatalog.load(
            List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1)));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    RequestBodies.putMention(
        catalog.connector("jira").kind("incident"),
        body,
        "fields.labels[]",
        "far/incident/1",
        "fields.customfield_1.value",
        "INC1");
    assertThat(body)
        .isEqualTo(
            ConnectorContract.json(
                """
                {"fields":{"labels":["lockstep:far/incident/1"],"customfield_1":{"value":"INC1"}}}\
                """));
  }

  @Test
  void takesTheEventsTimeForAStateWithoutOne() {
    JsonNode webhook = ConnectorContract.json("{\"id\":\"P1\",\"incident_number\":7}");
    NativeRecord record = records.read("pagerduty", "incident", webhook, EVENT);
    assertThat(record.version()).isEqualTo(Version.exactly(EVENT));
    assertThat(record.updatedAt()).isEqualTo(EVENT);
    assertThat(record.key()).isEqualTo("#7");
    assertThat(record.url()).isEmpty();
  }

  @Test
  void countsRatherThanTellsTimeWhereTheSystemCounts() {
    JsonNode json =
        ConnectorContract.json(
            """
            {"sys_id":"a","number":"INC1","sys_mod_count":"0","sys_updated_on":"2026-11-24 03:00:00"}\
            """);
    assertThat(records.read("servicenow", "incident", json, EVENT).version())
        .isEqualTo(Version.count(0));
  }

  @Test
  void readsNotesOfAnyFormatAsPlainText() {
    String journal = "[code]<p>one &amp;</p><p>two</p>[/code]";
    assertThat(records.noteText("servicenow", "incident", journal)).isEqualTo("one &\n\ntwo");
    assertThat(records.noteText("pagerduty", "incident", journal + "\u0007")).isEqualTo(journal);
  }

  @Test
  void saysWhichPathIsMissing() {
    assertThatThrownBy(
            () ->
                records.read(
                    "servicenow",
                    "incident",
                    ConnectorContract.json("{\"number\":\"INC1\"}"),
                    null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sys_id");
    assertThatThrownBy(
            () ->
                records.read(
                    "pagerduty", "incident", ConnectorContract.json("{\"id\":\"P1\"}"), null))
        .hasMessageContaining("updated_at");
  }

  @Test
  void readsWhenARecordWasOpenedAndWhatItIsADuplicateOf() {
    NativeRecord ticket =
        servicenow(",\"opened_at\":\"2026-11-24 02:00:00\",\"parent_incident\":\"p\"");
    assertThat(ticket.openedAt()).isEqualTo(Instant.parse("2026-11-24T02:00:00Z"));
    assertThat(ticket.primaryId()).isEqualTo("p");

    NativeRecord merged =
        pagerduty(
            """
            ,"created_at":"2026-11-24T02:00:00Z","resolve_reason":
              {"type":"merge_resolve_reason","incident":{"id":"P2","type":"incident_reference"}}\
            """);
    assertThat(merged.openedAt()).isEqualTo(Instant.parse("2026-11-24T02:00:00Z"));
    assertThat(merged.primaryId()).isEqualTo("P2");
  }

  /** Or a webhook that tells less would read as "no longer a duplicate". */
  @Test
  void tellsNoPrimaryFromNotTold() {
    assertThat(servicenow("").primaryId()).isNull();
    assertThat(servicenow("").openedAt()).isNull();
    assertThat(servicenow(",\"parent_incident\":\"\"").primaryId()).isEmpty();
    assertThat(servicenow(",\"parent_incident\":null").primaryId()).isEmpty();
    assertThat(pagerduty("").primaryId()).isNull();
    assertThat(pagerduty(",\"resolve_reason\":{}").primaryId()).isNull();
    assertThat(pagerduty(",\"resolve_reason\":null").primaryId()).isEmpty();
    assertThat(pagerduty(",\"resolve_reason\":{\"incident\":null}").primaryId()).isEmpty();
    JsonNode noParents = ConnectorContract.json("{\"parents\":[]}");
    assertThat(JsonPath.find(noParents, "parents[0].id").isNull()).isTrue();
    assertThat(JsonPath.find(ConnectorContract.json("{}"), "parents[0].id").isMissingNode())
        .isTrue();
  }

  @Test
  void tellsNoLinkFromLinksNotTold() {
    assertThat(jira("").primaryId()).isNull();
    assertThat(jira(",\"issuelinks\":null").primaryId()).isEmpty();
    assertThat(jira(",\"issuelinks\":[]").primaryId()).isEmpty();
    assertThat(jira(",\"issuelinks\":[" + link("9", "inwardIssue", "7") + "]").primaryId())
        .isEmpty();
    assertThat(
            jira(",\"issuelinks\":["
                    + link("100", "outwardIssue", "8")
                    + ","
                    + link("99", "outwardIssue", "7")
                    + "]")
                .primaryId())
        .isEqualTo("7");
  }

  private static String link(String id, String end, String issue) {
    return """
    {"id":"%s","type":{"name":"Duplicate"},
     "%s":{"id":"%s","fields":{"issuetype":{"name":"[System] Incident"}}}}\
    """
        .formatted(id, end, issue);
  }

  private NativeRecord jira(String more) {
    return records.read(
        "jira",
        "incident",
        ConnectorContract.json(
            "{\"id\":\"1\",\"key\":\"OPS-1\",\"fields\":{\"updated\":\"2026-11-24T03:00:00.000+0000\""
                + more
                + "}}"),
        null);
  }

  /** PagerDuty's own samples, which are not part of this project. */
  @ParameterizedTest
  @ValueSource(strings = {"triggered_v3", "acknowledged_v3", "resolved_v3", "reopened_v3"})
  void realWebhooksSayThatTheyAreNoDuplicates(String sample) throws IOException {
    String shared = System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared");
    Path file = Path.of(shared, "samples/pagerduty/webhooks-v3", sample + ".json");
    assumeTrue(Files.exists(file), "no vendor samples");
    JsonNode data = new ObjectMapper().readTree(file.toFile()).at("/event/data");
    assertThat(records.read("pagerduty", "incident", data, EVENT).primaryId()).isEmpty();
  }

  /** Entries that were waiting when Lockstep was replaced by one that reads more. */
  @Test
  void readsARecordStoredBeforeThereWereDuplicates() throws IOException {
    ObjectMapper json = JsonMapper.builder().findAndAddModules().build();
    ObjectNode stored = json.valueToTree(servicenow(""));
    stored.remove(List.of("openedAt", "primaryId"));

    NativeRecord read = json.treeToValue(stored, NativeRecord.class);

    assertThat(read).isEqualTo(servicenow(""));
    NativeRecord whole =
        servicenow(",\"opened_at\":\"2026-11-24 02:00:00\",\"parent_incident\":\"p\"");
    assertThat(json.treeToValue(json.valueToTree(whole), NativeRecord.class)).isEqualTo(whole);
  }

  private NativeRecord servicenow(String more) {
    return records.read(
        "servicenow",
        "incident",
        ConnectorContract.json(
            "{\"sys_id\":\"a\",\"number\":\"INC1\",\"sys_mod_count\":\"0\","
                + "\"sys_updated_on\":\"2026-11-24 03:00:00\""
                + more
                + "}"),
        EVENT);
  }

  private NativeRecord pagerduty(String more) {
    return records.read(
        "pagerduty", "incident", ConnectorContract.json("{\"id\":\"P1\"" + more + "}"), EVENT);
  }

  @Test
  void findsDotWalkedAndNestedPaths() {
    JsonNode json =
        ConnectorContract.json(
            """
            {"assigned_to.email":"a@example.com","assignments":[{"assignee":{"id":"P9"}}]}\
            """);
    assertThat(JsonPath.text(json, "assigned_to.email")).isEqualTo("a@example.com");
    assertThat(JsonPath.text(json, "assignments[0].assignee.id")).isEqualTo("P9");
    assertThat(JsonPath.text(json, "assignments[1].assignee.id")).isEmpty();
  }
}
