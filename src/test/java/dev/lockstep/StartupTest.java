package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.ops.DataDirectory;
import dev.lockstep.ops.StartupException;
import dev.lockstep.ops.StartupFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StartupTest {
  @TempDir Path dir;

  @Test
  void namesEveryWrongSettingBeforeAnythingIsCreated() {
    StartupException problem = failure(Map.of("TEST_PROBLEMS", "yes", "DATABASE_URL", "mysql://x"));
    assertThat(problem.lines())
        .contains(
            "FIRST_SETTING: missing; set it to a thing", "SECOND_SETTING: wrong; set it to another")
        .anyMatch(line -> line.startsWith("DATABASE_URL: not a PostgreSQL address"));
    assertThat(dir.resolve("data")).doesNotExist();
  }

  @Test
  void saysThatTheDatabaseCannotBeReached() {
    assertOneLine(
        failure(Map.of("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/x")), "DATABASE_URL");
    assertOneLine(
        failure(Map.of("DATABASE_URL", "postgres://u:p%40ss@127.0.0.1:1/x")), "DATABASE_");
  }

  @Test
  void neverRepeatsAPasswordThatStandsInTheAddress() {
    StartupException problem = failure(Map.of("DATABASE_URL", "http://u:hunter2@127.0.0.1/x"));
    assertThat(problem).hasMessageNotContaining("hunter2");
  }

  @Test
  void readsSettingsFromFilesForSecrets() throws Exception {
    Files.writeString(
        Files.createDirectories(dir.resolve("secrets")).resolve("DATABASE_URL"), "mysql://x\n");
    assertOneLine(
        failure(Map.of("LOCKSTEP_SECRETS_DIR", dir.resolve("secrets").toString())), "DATABASE_URL");
  }

  @Test
  void saysThatAnotherProcessHoldsTheData() {
    try (DataDirectory held = DataDirectory.open(dir.resolve("data"))) {
      assertThat(held.path()).exists();
      assertOneLine(failure(Map.of()), "LOCKSTEP_DATA_DIR");
    }
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      assertOneLine(
          failure(Map.of("LOCKSTEP_PORT", Integer.toString(taken.getLocalPort()))),
          "LOCKSTEP_PORT");
    }
  }

  @Test
  void saysThatTooFewFilesMayBeOpen() {
    StartupException problem =
        StartupFailure.explain(
            new IllegalStateException(
                "no bean", new FileSystemException("x.jar", null, "Too many open files")));
    assertOneLine(problem, "ulimit -n");
  }

  @Test
  void saysThatThePortIsNoNumber() {
    assertOneLine(
        failure(Map.of("LOCKSTEP_PORT", "eighty")), "LOCKSTEP_PORT: eighty is not a port");
  }

  @Test
  void aWrongPortHidesNoOtherProblem() {
    for (String port : List.of("99999", "eighty")) {
      StartupException problem =
          failure(
              Map.of("LOCKSTEP_PORT", port, "TEST_PROBLEMS", "yes", "DATABASE_URL", "mysql://x"));
      assertThat(problem.lines())
          .contains("LOCKSTEP_PORT: " + port + " is not a port; set a number from 1 to 65535")
          .contains("FIRST_SETTING: missing; set it to a thing")
          .anyMatch(line -> line.startsWith("DATABASE_URL: "));
    }
  }

  /** Each of them is bound by a part that a check needs, or by one that is created first. */
  @Test
  void aWrongValueHidesNoOtherProblem() {
    StartupException problem =
        failure(
            Map.of(
                "LOCKSTEP_INBOX_THREADS",
                "0",
                "LOCKSTEP_POSTMORTEMS_LOOK",
                "10",
                "lockstep.calls.answer-size",
                "much",
                "lockstep.everything-in-scope",
                "maybe",
                "lockstep.mappings",
                "incident.jria"),
            Application.class);
    assertThat(problem.lines())
        .contains(
            "lockstep.inbox.threads: 0 is not a whole number from 1",
            "lockstep.postmortems.look: 10 is not a duration with a unit; write it like 30s or 5m",
            "lockstep.calls.answer-size: much is not a size; write it like 8MB",
            "lockstep.everything-in-scope: maybe is neither true nor false")
        .anyMatch(line -> line.contains("LOCKSTEP_MAPPINGS names 'incident.jria'"));
  }

  @Test
  void namesASettingOfSpringThatCannotBeRead() {
    assertOneLine(
        failure(Map.of("server.tomcat.threads.max", "many")), "server.tomcat.threads.max: ");
  }

  @Test
  void refusesAMisspeltSetting() {
    assertOneLine(
        failure(Map.of("LOCKSTEP_LOG_FORMT", "json")), "did you mean 'LOCKSTEP_LOG_FORMAT'?");
  }

  /** In the words of its own settings; headers are secrets. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OTEL_EXPORTER_OTLP_ENDPOINT | collector | OTLP endpoint must be a valid URL: collector",
        "OTEL_EXPORTER_OTLP_ENDPOINT | u:hunter2@h:1 | OTLP endpoint must be a valid URL",
        "OTEL_EXPORTER_OTLP_HEADERS | hunter2 | Invalid map property: OTEL_EXPORTER_OTLP_HEADERS=•",
        "OTEL_TRACES_SAMPLER | some | Unrecognized value for OTEL_TRACES_SAMPLER: some",
        "OTEL_EXPORTER_OTLP_PROTOCOL | grpc | OTEL_EXPORTER_OTLP_PROTOCOL: only http/protobuf is"
      })
  void saysWhatIsWrongWithTheSettingsForTraces(String name, String value, String problem) {
    StartupException found =
        failure(Map.of("LOCKSTEP_TRACING", "true", name, value, "DATABASE_URL", "mysql://x"));
    assertThat(found.lines())
        .hasSize(2)
        .anyMatch(line -> line.contains(problem))
        .noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void saysInOneLineWhatIsWrongWithTheSettingsFile() throws IOException {
    Path file = dir.resolve("application.yaml");
    Files.writeString(file, "server:\n\tport: 80\n");
    assertOneLine(
        catchThrowableOfType(StartupException.class, () -> Application.requireYaml(file)),
        "application.yaml:2: a tab indents this line");
  }

  /** The whole service this time: the check must be one of its parts. */
  @Test
  void saysWhatIsWrongWithTheSettingsForDuplicates() {
    StartupException problem =
        failure(
            Map.of(
                "lockstep.duplicates.mode",
                "auto",
                "lockstep.duplicates.services[Patient Records].propose",
                "60"),
            Application.class);
    assertThat(problem.lines())
        .contains(
            "lockstep.duplicates.mode: auto is not a mode; did you mean 'automatic'?",
            "lockstep.duplicates.services[Patient Records].propose: 60 is not a number from 0 to 1;"
                + " did you mean 0.6?");
    assertThat(dir.resolve("data")).doesNotExist();
  }

  @Test
  void asksForTheSettingsOfTheSystemsThatAreMapped() {
    StartupException problem =
        failure(Map.of("lockstep.mappings", "incident.jira,action-item.jira"), Application.class);
    assertThat(problem.lines())
        .anyMatch(line -> line.startsWith("JIRA_URL is missing"))
        .anyMatch(line -> line.startsWith("PAGERDUTY_TOKEN is missing"))
        .anyMatch(
            line ->
                line.startsWith("JIRA_URL is missing")
                    && line.endsWith(
                        "(jira is used by mappings/action-item.jira.yaml,"
                            + " mappings/incident.jira.yaml)"))
        .noneMatch(line -> line.contains("SERVICENOW"));
  }

  @Test
  void saysThatAMappingIsNotThere() {
    StartupException problem =
        failure(Map.of("lockstep.mappings", "incident.jria"), Application.class);
    assertThat(problem.lines())
        .anyMatch(line -> line.contains("LOCKSTEP_MAPPINGS names 'incident.jria'"))
        .noneMatch(line -> line.contains("JIRA_URL"));
  }

  @Test
  void refusesAKindOrAReferenceThatTheConnectorDoesNotHave() throws Exception {
    Path mappings = Files.createDirectories(dir.resolve("mappings"));
    String file = Files.readString(Path.of("mappings/incident.yaml"));
    Files.writeString(
        mappings.resolve("incident.yaml"),
        file.replace(
                "left: {system: servicenow, kind: incident}",
                "left: {system: servicenow, kind: incidnt}")
            .replace("reference: cmdb-ci", "reference: cmdb"));
    StartupException problem =
        failure(
            Map.of("lockstep.mappings-dir", mappings.toString(), "lockstep.mappings", "incident"),
            Application.class);
    assertThat(problem.lines())
        .anyMatch(
            line ->
                line.contains("incident.yaml:5: connectors/servicenow/connector.yaml has no kind")
                    && line.contains("'incidnt'; did you mean 'incident'?"))
        .anyMatch(
            line ->
                line.contains(
                        "field 'service': connectors/servicenow/connector.yaml has no reference")
                    && line.contains("'cmdb'; did you mean 'cmdb-ci'?"));
  }

  @Test
  void refusesToCompareWhereBothSidesCouldTakeADuplicateOut() throws Exception {
    String duplicates =
        """
        duplicates:
          compare: {title: title}
          over:
            left: {field: status, in: [Resolved, Closed]}
            right: {field: status, in: ["6", "7"]}
        """;
    Path mappings = Files.createDirectories(dir.resolve("mappings"));
    String file =
        Files.readString(Path.of("src/test/resources/jira-servicenow-mappings/incident.yaml"));
    Files.writeString(mappings.resolve("incident.yaml"), file + "\n" + duplicates);
    StartupException problem =
        failure(
            Map.of("lockstep.mappings-dir", mappings.toString(), "lockstep.mappings", "incident"),
            Application.class);
    assertThat(problem.lines())
        .anyMatch(
            line ->
                line.startsWith("mapping incident: both ") && line.contains("remove `duplicates`"));
  }

  private static void assertOneLine(StartupException problem, String setting) {
    assertThat(problem.lines()).hasSize(1);
    assertThat(problem.lines().get(0)).contains(setting).doesNotContain("\n");
  }

  private StartupException failure(Map<String, String> settings) {
    return failure(settings, SlimApplication.class);
  }

  private StartupException failure(Map<String, String> settings, Class<?> parts) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("LOCKSTEP_DATA_DIR", dir.resolve("data").toString());
    all.putIfAbsent("LOCKSTEP_PORT", "0");
    all.put("camel.main.routes-include-pattern", "false");
    return catchThrowableOfType(
        StartupException.class, () -> Application.start(all, parts).close());
  }
}
