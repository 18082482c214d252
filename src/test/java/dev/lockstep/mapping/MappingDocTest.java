package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The reference shows nothing that would be refused, and leaves no key out. */
class MappingDocTest {

  private static final Path DOC = Path.of("docs/mapping.md");
  private static final Pattern SNIPPET = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private static final Map<String, String> SECTIONS =
      new TreeMap<>(
          Map.of(
              "left", "left: {system: servicenow, kind: incident}\n",
              "right", "right: {system: pagerduty, kind: incident}\n",
              "starts", "starts: {left: always, right: never}\n",
              "notes",
                  """
                  notes:
                    to-right: {internal: none, public: none}
                    to-left: {internal: none, public: none}
                  """,
              "fields",
                  """
                  fields:
                    status: {owner: left, left: state, right: status}
                    priority: {owner: left, left: priority, right: priority}
                    group: {owner: left, left: assignment_group, right: escalation_policy}
                  """));

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> everySnippetLoads() throws IOException {
    List<String> snippets =
        SNIPPET.matcher(Files.readString(DOC)).results().map(match -> match.group(1)).toList();
    assertThat(snippets).hasSizeGreaterThan(5);
    return snippets.stream()
        .map(
            snippet ->
                DynamicTest.dynamicTest(snippet.lines().toList().get(0), () -> load(snippet)));
  }

  private void load(String snippet) throws IOException {
    StringBuilder whole = new StringBuilder(snippet);
    SECTIONS.forEach(
        (key, section) -> {
          if (!Pattern.compile("^" + key + ":", Pattern.MULTILINE).matcher(snippet).find()) {
            whole.append(section);
          }
        });
    Files.writeString(folder.resolve("snippet.yaml"), whole);

    assertThat(Shipped.loader().load(folder).all()).hasSize(1);
  }

  @Test
  void everyKeyIsExplained() throws IOException {
    String doc = Files.readString(DOC);
    JsonNode schema = new ObjectMapper().readTree(Shipped.SCHEMA.toFile());

    for (String place :
        List.of("/properties", "/$defs/field/properties", "/$defs/side/properties")) {
      schema.at(place).fieldNames().forEachRemaining(key -> assertThat(doc).contains("`" + key));
    }
  }
}
