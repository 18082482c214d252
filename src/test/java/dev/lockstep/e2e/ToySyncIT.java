package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.Application;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The core names no system: one that no Java of Lockstep knows of is added by a folder and a
 * mapping alone, both from test resources, and kept in step.
 */
class ToySyncIT {
  @TempDir private Path data;

  @Test
  void keepsASystemInStepThatIsAFolderAndAMapping() {
    try (ToyServer toy = new ToyServer();
        ServiceNowSimulator serviceNow =
            ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "pw"));
        var service = Application.start(settings(toy, serviceNow))) {
      assertThat(service.isRunning()).isTrue();
      var agent = serviceNow.as("agent");
      String ticket =
          agent.create("incident", Map.of("short_description", "Printer", "state", "1"));
      eventually(() -> assertThat(toy.tickets()).hasSize(1));
      String far = toy.tickets().get(0).path("id").asText();
      eventually(
          () ->
              assertThat(serviceNow.record(ticket).orElseThrow())
                  .containsEntry("correlation_id", "toy/ticket/" + far)
                  .containsEntry("correlation_display", "T-1"));

      agent.update(ticket, Map.of("short_description", "Printer on fire"));
      agent.addWorkNote(ticket, "Bring water");
      eventually(
          () -> {
            assertThat(toy.tickets().get(0).path("title").asText()).isEqualTo("Printer on fire");
            assertThat(toy.comments(far)).filteredOn(c -> c.contains("Bring water")).hasSize(1);
          });

      toy.edit(far, Map.of("state", "done"));
      eventually(
          () ->
              assertThat(serviceNow.record(ticket).orElseThrow())
                  .containsEntry("state", "6")
                  .containsEntry("close_code", "Solution provided"));
      assertThat(toy.tickets()).hasSize(1);
      assertThat(serviceNow.records("incident")).hasSize(1);
    }
  }

  private Map<String, String> settings(ToyServer toy, ServiceNowSimulator serviceNow) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("lockstep.connectors", "connectors,src/test/resources/toy-connectors");
    settings.put("LOCKSTEP_MAPPINGS", "incident");
    settings.put("lockstep.mappings-dir", "src/test/resources/toy-mappings");
    settings.put("LOCKSTEP_PORT", "0");
    settings.put("LOCKSTEP_DATA_DIR", data.toString());
    settings.put("TOY_URL", toy.url());
    settings.put("TOY_KEY", "k");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "pw");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "unused-in-this-test");
    settings.put("SERVICENOW_POLL_INTERVAL", "1s");
    settings.put("PAGERDUTY_URL", "http://127.0.0.1:9");
    settings.put("PAGERDUTY_TOKEN", "unused-in-this-test");
    settings.put("PAGERDUTY_FROM", "lockstep@example.com");
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "unused-in-this-test");
    return settings;
  }

  private static void eventually(org.awaitility.core.ThrowingRunnable met) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(met);
  }
}
