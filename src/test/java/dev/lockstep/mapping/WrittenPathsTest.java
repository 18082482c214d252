package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.record.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which paths a mapping may write, without values. */
class WrittenPathsTest {
  private static final String MAPPING =
      """
      left: {system: servicenow, kind: incident}
      right: {system: pagerduty, kind: incident}
      starts:
        left: {field: status, in: ["1"]}
        right: never
      constants:
        right: {origin.name: lockstep}
      fields:
        title:
          owner: newest
          left: short_description
          right: {path: title, also-sets: {title_kind: text}}
        first:
          owner: left
          left: {path: first, carried: never}
          right: {path: first.text, carried: at-creation, tell: {text: "Now {{value}}"}}
        status:
          owner: left
          left: {path: state, fill: {"6": {code: Solved}}}
          right: {path: status.name, carried: after-creation}
          to-right: {"1": open, "6": closed}
          to-left: {open: "1", closed: "6"}
        priority:
          owner: left
          left: {paths: [impact, urgency]}
          right: {path: priority, also-sets-for: {P1: {urgent: "yes"}}}
          to-right: {"1/1": P1}
          to-left: {P1: "1/1"}
        code:
          owner: left
          left: close_code
          right: {tell: {text: "Closed: {{value}}"}}
        seen:
          owner: right
          left: {path: seen, carried: never, default: nobody}
          right: {path: seen, carried: never}
      notes:
        to-right: {internal: internal, public: internal}
        to-left: {internal: internal, public: none}
      """;

  @TempDir private Path folder;

  private Mappings load() throws IOException {
    Files.writeString(folder.resolve("m.yaml"), MAPPING);
    return Shipped.loader().load(folder, Set.of("m"));
  }

  @Test
  void aCreateWritesDefaultsAndConstantsButNoLaterFields() throws IOException {
    assertThat(load().pathsAtCreation("pagerduty", "incident"))
        .isEqualTo(
            Map.of(
                "m",
                Set.of("origin.name", "title", "title_kind", "first.text", "priority", "urgent")));
  }

  @Test
  void noRecordIsCreatedOnASideThatTheOtherOneStartsNothingFor() throws IOException {
    assertThat(load().pathsAtCreation("servicenow", "incident")).isEmpty();
  }

  @Test
  void anUpdateWritesWhatIsFilledWithAnotherField() throws IOException {
    assertThat(load().pathsOfUpdates("servicenow", "incident"))
        .isEqualTo(
            Map.of("m", Set.of("short_description", "state", "close_code", "impact", "urgency")));
    assertThat(load().pathsOfUpdates("pagerduty", "incident"))
        .isEqualTo(Map.of("m", Set.of("title", "title_kind", "status.name", "priority", "urgent")));
  }

  @Test
  void nothingIsWrittenToRecordsOfOthers() throws IOException {
    assertThat(load().pathsAtCreation("jira", "incident")).isEmpty();
    assertThat(load().pathsOfUpdates("pagerduty", "service")).isEmpty();
  }

  /** What a shipped mapping writes with some value of each field is among them. */
  @Test
  void everyWriteOfTheShippedMappingsIsAmongThem() {
    for (Mapping mapping : Shipped.all()) {
      for (Side side : Side.values()) {
        Map<String, String> values = new TreeMap<>();
        mapping.fields().stream()
            .filter(field -> field.flowsAtCreationTo(side))
            .forEach(field -> values.put(field.name(), "1"));
        Set<String> paths = ((FileMapping) mapping).pathsAtCreation(side);
        mapping
            .create(side, values, new Mapping.Origin(Map.of(), true), new EverythingKnown())
            .body()
            .fieldNames()
            .forEachRemaining(
                name ->
                    assertThat(paths)
                        .as(mapping.name() + " " + side)
                        .anyMatch(path -> path.matches("\\Q" + name + "\\E([.\\[].*)?")));
      }
    }
  }

  @Test
  void aNewIssueHasTheFieldsOfTheShippedMapping() {
    Mappings mappings = Shipped.loader().load(Shipped.FOLDER, Set.of("incident.jira"));
    assertThat(mappings.pathsAtCreation("jira", "incident"))
        .isEqualTo(
            Map.of(
                "incident.jira",
                Set.of(
                    "fields.summary",
                    "fields.description",
                    "fields.priority.name",
                    "fields.components[0]",
                    "fields.assignee")));
    assertThat(mappings.pathsOfUpdates("jira", "incident").get("incident.jira"))
        .contains("fields.status.name", "fields.resolution.name", "fields.summary")
        .doesNotContain("fields.description");
  }

  @Test
  void whatIsWrittenWithAStateIsWhatIsFilledForIt() {
    Mappings mappings = Shipped.loader().load(Shipped.FOLDER, Set.of("incident.jira"));
    Map<String, Set<String>> states =
        mappings.statesOf("jira", "incident", "fields.status.name").get("incident.jira");
    assertThat(states).containsOnlyKeys("Open", "In Progress", "Resolved");
    assertThat(states.get("Resolved")).contains("fields.resolution.name", "fields.summary");
    assertThat(states.get("Open"))
        .contains("fields.status.name", "fields.summary")
        .doesNotContain("fields.resolution.name");
    assertThat(mappings.statesOf("jira", "incident", "fields.summary").get("incident.jira"))
        .as("any text")
        .isEmpty();
  }
}
