package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;

/**
 * What installs Lockstep agrees with what Lockstep is: its settings, port, endpoints and folders.
 * Nothing is built or started here.
 */
final class PackagingTest {
  private static final Path PACKAGING = Path.of("packaging");
  private static final Path CHART = PACKAGING.resolve("helm/lockstep");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Set<String> PROBES = Set.of("/health/live", "/health/ready");
  private static final Set<String> SETTINGS =
      new KnownSettings(
              new StandardEnvironment(),
              new FileSettings(
                  List.of(Path.of("connectors")), List.of(), Path.of("mappings"), List.of(), false))
          .variables();

  private static JsonNode yaml(Path file) throws IOException {
    return YAML.readTree(Files.readString(file));
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String port() throws IOException {
    return yaml(Path.of("config/application.yaml"))
        .at("/server/port")
        .asText()
        .replaceAll("\\D", "");
  }

  /** Of one stage of the Dockerfile. */
  private record Instruction(int stage, String name, String arguments) {}

  private static List<Instruction> dockerfile() throws IOException {
    String text =
        Files.readString(PACKAGING.resolve("docker/Dockerfile"))
            .replaceAll("(?m)^#.*\\n", "")
            .replaceAll("\\\\\\n\\s*", "");
    List<Instruction> instructions = new ArrayList<>();
    int stage = -1;
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      String[] words = line.split("\\s+", 2);
      stage += words[0].equals("FROM") ? 1 : 0;
      instructions.add(new Instruction(stage, words[0], words[1]));
    }
    return instructions;
  }

  private static List<String> image(String instruction) throws IOException {
    return dockerfile().stream()
        .filter(each -> each.stage() == 1 && each.name().equals(instruction))
        .map(Instruction::arguments)
        .toList();
  }

  @Test
  void theImageRunsAsAUserOfItsOwnOnTheServicesPort() throws IOException {
    assertThat(image("USER")).singleElement().asString().matches("[1-9]\\d+:[1-9]\\d+");
    assertThat(image("EXPOSE")).containsExactly(port());
    assertThat(image("ENTRYPOINT")).containsExactly("[\"/opt/lockstep/lockstep\"]");
    assertThat(image("CMD")).containsExactly("[\"run\"]");
    assertThat(image("ENV"))
        .allSatisfy(line -> assertThat(SETTINGS).contains(line.replaceAll("=.*", "")));
    assertThat(image("HEALTHCHECK"))
        .singleElement()
        .asString()
        .contains("/health/live", "${LOCKSTEP_PORT:-" + port() + "}");
  }

  /** The folders that the release holds, but for documents. */
  @Test
  void theImageHoldsAllThatIsReadAtRunTime() throws IOException {
    List<String> copied = new ArrayList<>();
    for (String line : image("COPY")) {
      if (!line.startsWith("--from=")) {
        List<String> words = List.of(line.split("\\s+"));
        copied.addAll(words.subList(0, words.size() - 1));
      }
    }
    assertThat(copied)
        .containsExactlyInAnyOrder(
            "lockstep", "LICENSE", "NOTICE", "config", "connectors", "mappings", "routes")
        .allSatisfy(path -> assertThat(Path.of(path)).exists());
    assertThat(image("WORKDIR")).containsExactly("/opt/lockstep");
  }

  @Test
  void composeKnowsTheSettingsAndThePort() throws IOException {
    JsonNode compose = yaml(PACKAGING.resolve("docker/compose.yaml"));
    JsonNode service = compose.at("/services/lockstep");
    assertThat(SETTINGS).containsAll(names(service.path("environment")));
    Path context =
        PACKAGING.resolve("docker").resolve(service.at("/build/context").asText()).normalize();
    assertThat(context.resolve(service.at("/build/dockerfile").asText())).isRegularFile();
    assertThat(service.path("ports").get(0).asText()).endsWith(":" + port());
    assertThat(service.path("read_only").asBoolean()).isTrue();
    for (JsonNode secret : service.path("secrets")) {
      Path target = Path.of(secret.path("target").asText());
      assertThat(target.getParent()).hasToString("/run/secrets/lockstep");
      assertThat(SETTINGS).contains(target.getFileName().toString());
      assertThat(compose.path("secrets").path(secret.path("source").asText()).path("file").asText())
          .isEqualTo("secrets/" + target.getFileName());
    }
    JsonNode database = compose.at("/services/postgres/environment");
    assertThat(service.at("/environment/DATABASE_URL").asText())
        .isEqualTo("jdbc:postgresql://postgres:5432/" + database.path("POSTGRES_DB").asText());
    assertThat(service.at("/environment/DATABASE_USERNAME").asText())
        .isEqualTo(database.path("POSTGRES_USER").asText());
  }

  @Test
  void kubernetesAsksWhatExistsAndRunsWithFewRights() throws IOException {
    JsonNode pod = yaml(PACKAGING.resolve("kubernetes/deployment.yaml")).at("/spec/template/spec");
    JsonNode container = pod.path("containers").get(0);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(PROBES).contains(container.path(probe).at("/httpGet/path").asText());
      assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("http");
    }
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
    JsonNode settings = yaml(PACKAGING.resolve("kubernetes/configmap.yaml")).path("data");
    assertThat(SETTINGS).containsAll(names(settings));
    assertThat(container.at("/ports/0/containerPort").asText())
        .isEqualTo(settings.path("LOCKSTEP_PORT").asText())
        .isEqualTo(port());
    assertThat(pod.path("enableServiceLinks").asBoolean(true))
        .as("or a service named lockstep sets LOCKSTEP_PORT")
        .isFalse();
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser") + ":" + pod.at("/securityContext/runAsGroup"))
        .isEqualTo(image("USER").get(0));
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.path("volumeMounts").findValuesAsText("mountPath"))
        .contains("/tmp", image("VOLUME").get(0), "/run/secrets/lockstep");
    for (JsonNode file :
        yaml(PACKAGING.resolve("kubernetes/kustomization.yaml")).get("resources")) {
      assertThat(PACKAGING.resolve("kubernetes").resolve(file.asText())).isRegularFile();
    }
  }

  @Test
  void theServiceUnitStartsTheReleaseWithSettingsThatExist() throws IOException {
    List<String> lines = Files.readAllLines(PACKAGING.resolve("systemd/lockstep.service"));
    assertThat(lines)
        .contains("ExecStart=/opt/lockstep/lockstep run", "User=lockstep", "NoNewPrivileges=yes")
        .contains("ProtectSystem=strict", "RestartPreventExitStatus=2")
        .filteredOn(line -> line.startsWith("Environment="))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(SETTINGS).contains(line.split("=")[1]));
    assertThat(lines)
        .filteredOn(line -> !line.isBlank())
        .allMatch(line -> line.matches("#.*|\\[\\w+]|\\w+=.*"));
  }

  /**
   * Helm is not needed: the templates use nothing but values, ranges, conditions and two functions.
   */
  @ParameterizedTest
  @ValueSource(strings = {"configmap", "deployment", "service", "ingress"})
  void theChartMakesThePlainManifestsOfItsValues(String name) throws IOException {
    String rendered = render(Files.readString(CHART.resolve("templates/" + name + ".yaml")));
    assertThat(YAML.readTree(rendered))
        .isEqualTo(yaml(PACKAGING.resolve("kubernetes/" + name + ".yaml")));
  }

  @Test
  void theChartHasNoOtherTemplatesAndTheProjectsVersion() throws IOException {
    try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
      assertThat(templates.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "configmap.yaml", "deployment.yaml", "service.yaml", "ingress.yaml");
    }
    Matcher version =
        Pattern.compile("<artifactId>lockstep</artifactId>\\s*<version>(.*?)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    JsonNode chart = yaml(CHART.resolve("Chart.yaml"));
    assertThat(List.of(chart.path("version").asText(), chart.path("appVersion").asText()))
        .containsOnly(version.group(1));
  }

  @Test
  void theIngressPublishesWebhooksOnly() throws IOException {
    assertThat(yaml(PACKAGING.resolve("kubernetes/ingress.yaml")).at("/spec/rules/0/http/paths"))
        .singleElement()
        .satisfies(path -> assertThat(path.path("path").asText()).isEqualTo("/webhooks/"));
  }

  /** As Helm would with the chart's own values and the release name lockstep. */
  private static String render(String template) throws IOException {
    JsonNode values = yaml(CHART.resolve("values.yaml"));
    String text = template;
    Matcher range =
        Pattern.compile(
                "(?s) *\\{\\{- range \\$name, \\$value := (\\S+) }}\\n(.*?) *\\{\\{- end }}\\n")
            .matcher(text);
    text =
        range.replaceAll(
            match -> {
              StringBuilder lines = new StringBuilder();
              value(values, match.group(1))
                  .properties()
                  .forEach(
                      entry ->
                          lines.append(
                              match
                                  .group(2)
                                  .replace("{{ $name }}", entry.getKey())
                                  .replace("{{ $value | quote }}", entry.getValue().toString())));
              return Matcher.quoteReplacement(lines.toString());
            });
    text =
        Pattern.compile("(?s)\\{\\{- if (\\S+) }}\\n(.*?)\\{\\{- end }}\\n")
            .matcher(text)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        value(values, match.group(1)).asBoolean() ? match.group(2) : ""));
    text =
        Pattern.compile("\\{\\{- toYaml (\\S+) \\| nindent \\d+ }}")
            .matcher(text)
            .replaceAll(
                match -> Matcher.quoteReplacement(value(values, match.group(1)).toString()));
    return Pattern.compile("\\{\\{ (\\S+?)( \\| quote)? }}")
        .matcher(text)
        .replaceAll(
            match -> {
              String value =
                  match.group(1).equals(".Release.Name")
                      ? "lockstep"
                      : value(values, match.group(1)).asText();
              return Matcher.quoteReplacement(match.group(2) == null ? value : "\"" + value + "\"");
            });
  }

  private static JsonNode value(JsonNode values, String path) {
    assertThat(path).startsWith(".Values.");
    JsonNode found = values.at(path.substring(".Values".length()).replace('.', '/'));
    assertThat(found.isMissingNode()).as(path + " is in values.yaml").isFalse();
    return found;
  }
}
