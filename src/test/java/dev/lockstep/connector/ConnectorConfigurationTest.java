package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.ops.spans.Spans;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The beans as the application has them: settings from Spring's environment, Camel from Boot. */
@SpringBootTest(
    classes = ConnectorConfigurationTest.Parts.class,
    webEnvironment = WebEnvironment.NONE)
final class ConnectorConfigurationTest {
  private static final FakeSystem SYSTEM = new FakeSystem();

  /** Not marked as a configuration, so that scans for the connectors don't find it. */
  @ImportAutoConfiguration(CamelAutoConfiguration.class)
  @ComponentScan
  static class Parts {
    @Bean
    Spans spans() {
      return new Spans(Optional.empty());
    }

    @Bean
    MeterRegistry metrics() {
      return new SimpleMeterRegistry();
    }

    @Bean
    Clock clock() {
      return Clock.systemUTC();
    }

    @Bean
    MappedFields wantedFields() {
      return (system, kind) -> Set.of("short_description");
    }
  }

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    // The routes are intake's and need its beans.
    registry.add("camel.main.routes-include-pattern", () -> "false");
    ConnectorKit.settings(SYSTEM.port()).forEach((name, value) -> registry.add(name, () -> value));
  }

  @AfterAll
  static void close() {
    SYSTEM.close();
  }

  @Autowired private Connectors connectors;
  @Autowired private ConnectorReferences references;
  @Autowired private ConnectorSettingsCheck check;
  @Autowired private CamelContext camel;

  @BeforeEach
  void reset() {
    SYSTEM.reset();
  }

  @Test
  void callsASystemOnceWithWhatTheMappingsWant() {
    assertThat(check.problems()).isEmpty();
    SYSTEM.answerAll(
        okJson(
            """
            {"result":{"sys_id":"abc","number":"INC1","sys_mod_count":"1",
             "sys_updated_on":"2026-11-24 03:00:00"}}\
            """));

    connectors.fetch(new RecordRef("servicenow", "incident", "abc"));

    assertThat(SYSTEM.onlyRequest().queryParameter("sysparm_fields").firstValue())
        .contains("short_description")
        .contains("sys_mod_count");
  }

  @Test
  void leavesRetriesToTheInbox() {
    SYSTEM.answerAll(aResponse().withStatus(503));
    assertThatThrownBy(() -> connectors.fetch(new RecordRef("pagerduty", "incident", "P1")))
        .isInstanceOf(SystemUnavailableException.class);
    SYSTEM.onlyRequest();
  }

  @Test
  void keepsSecretsOutOfCamelsProperties() {
    String properties =
        camel.getComponent("kamelet", KameletComponent.class).getRouteProperties().toString();
    assertThat(properties)
        .contains("lockstep@example.com")
        .doesNotContain("secret-token", "pass {{word}}");
  }

  @Test
  void tellsHowReferencesLook() {
    assertThat(references.form("pagerduty", "priority", "P9"))
        .isEqualTo(ConnectorContract.json("{\"id\":\"P9\",\"type\":\"priority_reference\"}"));
    assertThat(references.form("servicenow", "user", "u1").asText()).isEqualTo("u1");
    assertThat(references.keyPath("servicenow", "user", "assigned_to"))
        .contains("assigned_to.email");
    assertThat(references.idPath("servicenow", "user", "assigned_to")).isEqualTo("assigned_to");
    assertThat(references.keyPath("pagerduty", "service", "service")).contains("service.summary");
    assertThat(references.keyPath("pagerduty", "user", "assignments[0].assignee")).isEmpty();
    assertThat(references.idPath("pagerduty", "user", "assignments[0].assignee"))
        .isEqualTo("assignments[0].assignee.id");
  }
}
