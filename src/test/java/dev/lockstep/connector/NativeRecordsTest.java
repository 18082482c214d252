package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.Version;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NativeRecordsTest {
  private static final Instant EVENT = Instant.parse("2026-11-24T03:00:00.123Z");
  private final NativeRecords records =
      new NativeRecords(
          ConnectorCatalog.load(
              List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1))));

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
            {"sys_id":"a","number":"INC1","sys_mod_count":"0","sys_updated_on":"2026-11-24 03:00:00"}""");
    assertThat(records.read("servicenow", "incident", json, EVENT).version())
        .isEqualTo(Version.count(0));
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
  void findsDotWalkedAndNestedPaths() {
    JsonNode json =
        ConnectorContract.json(
            """
            {"assigned_to.email":"a@example.com","assignments":[{"assignee":{"id":"P9"}}]}""");
    assertThat(JsonPaths.text(json, "assigned_to.email")).isEqualTo("a@example.com");
    assertThat(JsonPaths.text(json, "assignments[0].assignee.id")).isEqualTo("P9");
    assertThat(JsonPaths.text(json, "assignments[1].assignee.id")).isEmpty();
  }
}
