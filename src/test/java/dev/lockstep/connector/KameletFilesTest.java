package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @ParameterizedTest
  @MethodSource("everyKamelet")
  void isCalledBySomething(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".kamelet.yaml", "");
    ConnectorCatalog catalog =
        ConnectorCatalog.load(
            List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1)));
    ConnectorDefinition connector = catalog.connector(folder(file));
    boolean byAnother = false;
    for (Path other : everyKamelet().toList()) {
      byAnother |= Files.readString(other).contains("kamelet:" + name);
    }
    Set<String> called = new TreeSet<>();
    called.add(connector.requestKamelet());
    called.add(connector.authorizeKamelet());
    RequiredCalls.of(connector).keySet().forEach(call -> called.add(connector.kamelet(call)));
    assertThat(byAnother || called.contains(name)).isTrue();
  }

  /** What varies in a path or a query comes from tickets, and must stay a value there. */
  @ParameterizedTest
  @MethodSource("everyKamelet")
  void escapesWhateverItPutsIntoAPathOrAQuery(Path file) throws IOException {
    List<JsonNode> headers = read(file).path("spec").findValues("headers");
    for (JsonNode list : headers) {
      for (JsonNode header : list) {
        String name = header.path("name").asText();
        String expression = header.at("/simple/expression").asText();
        if (name.endsWith("Query") || name.endsWith("Path")) {
          String suffix = name.startsWith("CamelHttp") ? "Encoded" : "Escaped";
          String whole = "CamelHttpPath".equals(name) ? "path" : "query";
          assertThat(variables(expression))
              .as(name)
              .allMatch(v -> v.endsWith(suffix) || v.equals(whole));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jira", "servicenow", "pagerduty", "lockstep"})
  void escapesWhateverItPutsIntoAQueryInABody(String system) throws IOException {
    Path file = Path.of("connectors", system, "connector.yaml");
    JsonNode calls = new YAMLMapper().readTree(file.toFile()).path("calls");
    for (JsonNode question : calls.findValues("jql")) {
      Matcher holes = Pattern.compile("(?<!\\$)\\{(\\w+)}").matcher(question.asText());
      while (holes.find()) {
        assertThat(holes.group()).as(question.asText()).isNotEqualTo(question.asText());
      }
    }
    assertThat(system.equals("jira")).isEqualTo(!calls.findValues("jql").isEmpty());
  }

  private static List<String> variables(String expression) {
    Matcher variables = Pattern.compile("\\$\\{variable\\.(\\w+)}").matcher(expression);
    return variables.results().map(found -> found.group(1)).toList();
  }

  private static String folder(Path file) {
    return file.getName(file.getNameCount() - 2).toString();
  }

  private static JsonNode read(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
  }
}
