package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class FileSettingsTest {

  @Test
  void readsListsAsTextAndAsItems() {
    FileSettings expected =
        new FileSettings(
            List.of(Path.of("connectors"), Path.of("/srv/my connectors")),
            List.of("vendor=servicenow", "emea=jira"),
            Path.of("mappings"),
            List.of("incident", "action-item"),
            false);

    assertThat(
            bind(
                Map.of(
                    "lockstep.connectors", "connectors, /srv/my connectors",
                    "lockstep.instances", "vendor=servicenow, emea=jira",
                    "lockstep.mappings", "incident, action-item")))
        .isEqualTo(expected);
    assertThat(
            bind(
                Map.of(
                    "lockstep.connectors[0]", "connectors",
                    "lockstep.connectors[1]", "/srv/my connectors",
                    "lockstep.instances[0]", "vendor=servicenow",
                    "lockstep.instances[1]", "emea=jira",
                    "lockstep.mappings[0]", "incident",
                    "lockstep.mappings[1]", "action-item",
                    "lockstep.mappings-dir", "mappings")))
        .isEqualTo(expected);
  }

  @Test
  void hasDefaults() {
    FileSettings defaults =
        new FileSettings(
            List.of(Path.of("connectors")), List.of(), Path.of("mappings"), List.of(), false);

    assertThat(bind(Map.of())).isEqualTo(defaults);
    assertThat(bind(Map.of("lockstep.mappings", "", "lockstep.everything-in-scope", "")))
        .isEqualTo(defaults);
  }

  private static FileSettings bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("lockstep", FileSettings.class);
  }
}
