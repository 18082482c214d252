package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lockstep.connector.definition.KameletCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Camel's own Kamelet catalogue demands of a Kamelet, for the mistakes only running shows. */
final class KameletFilesTest {
  private static final Pattern USED = Pattern.compile("\\{\\{(?!patience)([A-Za-z]+)}}");

  static Stream<Path> everyKamelet() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("connectors"))) {
      return files.filter(file -> file.toString().endsWith(".kamelet.yaml")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("everyKamelet")
  void isNamedAsItsFileAndItsFolder(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".kamelet.yaml", "");
    assertThat(read(file).at("/metadata/name").asText()).isEqualTo(name);
    assertThat(name).startsWith(folder(file) + "-").endsWith("-action");
  }

  @ParameterizedTest
  @MethodSource("everyKamelet")
  void declaresWhatItUsesAndUsesWhatItDeclares(Path file) throws IOException {
    JsonNode spec = read(file).path("spec");
    Set<String> used = new TreeSet<>();
    Matcher holes = USED.matcher(spec.path("template").toString());
    while (holes.find()) {
      used.add(holes.group(1));
    }
    Set<String> declared = new TreeSet<>();
    spec.at("/definition/properties").fieldNames().forEachRemaining(declared::add);
    assertThat(used).isEqualTo(declared);
  }

  @ParameterizedTest
  @MethodSource("everyKamelet")
  void explainsItself(Path file) throws IOException {
    assertThat(Files.readString(file)).startsWith("# ");
    JsonNode definition = read(file).at("/spec/definition");
    assertThat(definition.path("title").asText()).isNotEmpty();
    assertThat(definition.path("description").asText()).isNotEmpty();
    for (JsonNode property : definition.path("properties")) {
      assertThat(property.path("title").asText()).isNotEmpty();
      assertThat(property.path("description").asText()).isNotEmpty();
      assertThat(property.has("example")).isTrue();
    }
  }

  /** One for the calls, and one for access tokens where a system takes them. */
  @ParameterizedTest
  @MethodSource("everyKamelet")
  void isCalledBySomething(Path file) {
    String name = file.getFileName().toString().replace(".kamelet.yaml", "");
    ConnectorCatalog catalog =
        ConnectorCatalog.load(
            List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1)));
    assertThat(catalog.connector(folder(file)).kamelets())
        .extracting(KameletCall::name)
        .contains(name);
  }

  /** A value is escaped where it is put into a text of a call; a Kamelet puts none into another. */
  @ParameterizedTest
  @MethodSource("everyKamelet")
  void takesPathAndQueryAsTheyAre(Path file) throws IOException {
    for (JsonNode list : read(file).path("spec").findValues("headers")) {
      for (JsonNode header : list) {
        String expression = header.at("/simple/expression").asText();
        if (expression.contains("${variable.")) {
          assertThat(expression).matches("\\$\\{variable\\.\\w+}");
        }
      }
    }
  }

  /** A placeholder that is the whole text would not be escaped. */
  @ParameterizedTest
  @ValueSource(strings = {"jql", "sysparm_query"})
  void everyQueryHasItsValuesInsideALongerText(String query) throws IOException {
    List<JsonNode> queries = new ArrayList<>();
    for (String system : List.of("jira", "servicenow", "pagerduty", "lockstep")) {
      queries.addAll(
          read(Path.of("connectors", system, "connector.yaml")).path("calls").findValues(query));
    }
    assertThat(queries).isNotEmpty().noneMatch(text -> text.asText().matches("\\{[^{}]+}"));
  }

  private static String folder(Path file) {
    return file.getName(file.getNameCount() - 2).toString();
  }

  private static JsonNode read(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }
}
