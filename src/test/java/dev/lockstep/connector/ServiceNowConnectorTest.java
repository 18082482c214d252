package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServiceNowConnectorTest {
  private static final RecordRef REF = new RecordRef("servicenow", "incident", "abc");

  private final FakeSystem system = new FakeSystem();
  private final ConnectorKit kit =
      new ConnectorKit(
          Path.of("connectors"),
          ConnectorKit.settings(system.port()),
          Clock.systemUTC(),
          Set.of("assigned_to", "assigned_to.email"));

  @AfterEach
  void close() {
    kit.close();
    system.close();
  }

  @Test
  void fetchesWantedFieldsOnly() {
    system.answerAll(
        okJson(
            """
            {"result":{"sys_id":"abc","number":"INC0010001","sys_mod_count":"3",
             "sys_updated_on":"2026-11-24 03:00:00","correlation_id":"",
             "assigned_to.email":"a@example.com"}}"""));

    NativeRecord record = kit.connectors.fetch(REF);

    assertThat(record.ref()).isEqualTo(REF);
    assertThat(record.key()).isEqualTo("INC0010001");
    assertThat(record.version()).isEqualTo(Version.count(3));
    assertThat(record.updatedAt()).isEqualTo(Instant.parse("2026-11-24T03:00:00Z"));
    assertThat(record.json().path("assigned_to.email").asText()).isEqualTo("a@example.com");
    assertThat(system.onlyRequest().getUrl())
        .startsWith("/api/now/table/incident/abc?")
        .contains("sysparm_display_value=false")
        .contains("sysparm_exclude_reference_link=true");
    assertThat(system.onlyRequest().queryParameter("sysparm_fields").firstValue())
        .isEqualTo(
            "assigned_to,assigned_to.email,correlation_id,number,sys_id,sys_mod_count,sys_updated_on");
  }
}
