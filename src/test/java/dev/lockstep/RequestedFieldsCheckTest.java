package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.ops.FileSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** The calls must request what the mappings read, and the start must say where they do not. */
final class RequestedFieldsCheckTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "incident,action-item",
        "incident.jira,action-item.jira",
        "incident,follow-up.jira"
      })
  void everyShippedCallRequestsWhatTheShippedMappingsRead(String mappings) {
    assertThat(problems(Path.of("connectors"), Path.of("mappings"), mappings)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pagerduty, fetch-incident, include[]=body, body.details",
    "pagerduty, find-incident, include[]=body, body.details",
    "pagerduty, list-open-incident, include[]=body, body.details",
    "servicenow, fetch-incident, {fields}, short_description",
    "servicenow, list-changed-incident, {fields}, assigned_to.email",
  })
  void namesTheCallThatDoesNotRequestAField(
      String system, String call, String request, String field) throws IOException {
    Path connectors = copy(Path.of("connectors"));
    Path file = connectors.resolve(system).resolve("connector.yaml");
    String declared = line(file, "  " + call + ": ");
    edit(file, declared, declared.replace(request, "x"));

    assertThat(problems(connectors, Path.of("mappings"), "incident"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(file + ": calls." + call + " ", "`" + field + "`", request)
                    .endsWith("(mapping incident)"));
  }

  private static String line(Path file, String start) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void namesASearchWhoseBodyLeavesTheFieldsOut() throws IOException {
    Path connectors = copy(Path.of("connectors"));
    edit(connectors.resolve("jira/connector.yaml"), "fields: \"{list:fields}\"", "x: y");

    assertThat(problems(connectors, Path.of("mappings"), "incident.jira,action-item.jira"))
        .anyMatch(line -> line.contains("calls.find-issue ") && line.contains("summary"));
  }

  @Test
  void namesAFieldThatNoCallCanRequest() throws IOException {
    Path mappings = copy(Path.of("mappings"));
    edit(mappings.resolve("incident.jira.yaml"), "path: fields.summary", "path: rendered.summary");

    assertThat(problems(Path.of("connectors"), mappings, "incident.jira,action-item.jira"))
        .anyMatch(line -> line.contains("`rendered.summary` is outside of `fields`"));
  }

  private static List<String> problems(Path connectors, Path mappings, String named) {
    MockEnvironment environment = new MockEnvironment();
    environment.setProperty("JIRA_PROJECT", "OPS");
    FileSettings files =
        new FileSettings(
            List.of(connectors), List.of(), mappings, List.of(named.split(",", -1)), false);
    return new RequestedFieldsCheck(
            new MappingRepository(
                files, () -> ConnectorCatalog.load(List.of(connectors), environment)))
        .problems();
  }

  private static void edit(Path file, String text, String instead) throws IOException {
    String content = Files.readString(file);
    assertThat(content).contains(text);
    Files.writeString(file, content.replace(text, instead));
  }

  private Path copy(Path from) throws IOException {
    Path to = folder.resolve(from.getFileName());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }
}
