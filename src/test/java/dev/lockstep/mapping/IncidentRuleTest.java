package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which level an incident has once it was promoted, in the shipped mapping with a few lines more.
 */
final class IncidentRuleTest {
  @TempDir private Path folder;

  private IncidentRule rule(String level) throws IOException {
    String text =
        Files.readString(Shipped.FOLDER.resolve("incident.yaml"))
            .replace(
                "    acknowledged: {field: status",
                "    major: {field: major-state, in: [accepted]}\n    major-level: "
                    + level
                    + "\n    acknowledged: {field: status")
            .replace(
                "fields:\n  title:",
                "fields:\n  major-state: {owner: left, left: major_incident_state, right: {carried:"
                    + " never}}\n\n  title:");
    Files.writeString(folder.resolve("incident.yaml"), text);
    return Shipped.loader().load(folder).all().get(0).incident().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "3/3, '', P5",
        "3/3, proposed, P5",
        "3/3, accepted, P2",
        "3/3, rejected, P5",
        "3/3, canceled, P5",
        "1/1, accepted, P1", // more urgent already
        "9/9, accepted, P2", // in no level
        "3/3, -, -", // not shown: no evidence of a change
        "-, accepted, -",
      })
  void aMajorIncidentHasAtLeastItsLevel(String priority, String state, String level)
      throws IOException {
    Map<String, String> values = new HashMap<>();
    values.put("priority", priority);
    values.put("major-state", state);
    values.values().removeIf(Objects::isNull);

    assertThat(rule("P2").level(values).orElse(null)).isEqualTo(level);
  }

  @Test
  void theLevelMustExist() {
    assertThatThrownBy(() -> rule("P0"))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageContaining("'P0' is none of the levels P1, P2, P3, P4, P5");
  }
}
