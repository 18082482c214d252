package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingChoiceTest {
  @TempDir private Path folder;

  @BeforeEach
  void fill() throws IOException {
    for (String name : Set.of("incident.yaml", "incident.jira.yaml", "follow-up.jira.yaml")) {
      String system = name.contains("jira") ? "jira" : "servicenow";
      Files.writeString(
          folder.resolve(name), "left: {system: " + system + "}\nright: {system: pagerduty}\n");
    }
  }

  private MappingChoice choose(String... names) {
    return MappingLoader.choose(folder, Set.of(names));
  }

  @Test
  void usesNothingThatIsNotNamed() {
    assertThat(choose("incident").unusedNames()).containsExactly("follow-up.jira", "incident.jira");
    assertThat(choose().usedNames()).isEmpty();
    Assertions.assertThatThrownBy(() -> Shipped.loader().load(Shipped.FOLDER, Set.of()))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageContaining("no mapping is selected; set LOCKSTEP_MAPPINGS to one or more of: ");
  }

  @Test
  void usesExactlyWhatIsNamed() {
    assertThat(choose("incident.jira").usedNames()).containsExactly("incident.jira");
    assertThat(choose("incident.jira", "incident").usedNames())
        .containsExactly("incident", "incident.jira");
    assertThat(choose("follow-up.jira").usedNames()).containsExactly("follow-up.jira");
  }

  @Test
  void knowsWhichSystemsAreUsedThoughAFileIsRefused() {
    assertThat(MappingLoader.systems(folder, Set.of("incident")))
        .isEqualTo(Map.of("pagerduty", Set.of("incident"), "servicenow", Set.of("incident")));
    assertThat(MappingLoader.systems(folder, Set.of("incident.jira")))
        .isEqualTo(Map.of("jira", Set.of("incident.jira"), "pagerduty", Set.of("incident.jira")));
  }

  @Test
  void refusesANameThatIsNoFile() {
    Assertions.assertThatThrownBy(
            () -> Shipped.loader().load(Shipped.FOLDER, Set.of("incident.jria")))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageContaining("LOCKSTEP_MAPPINGS names 'incident.jria'")
        .hasMessageContaining("incident, incident.incident-io, incident.jira");
  }
}
