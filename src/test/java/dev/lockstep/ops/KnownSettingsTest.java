package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.unit.DataSize;

/** A name that nobody reads must not pass for a setting. */
final class KnownSettingsTest {
  private static final FileSettings FILES =
      new FileSettings(
          List.of(Path.of("connectors")), List.of(), Path.of("mappings"), List.of(), false);

  private static List<String> problems(Map<String, Object> settings) {
    return new KnownSettings(environment(settings), FILES).problems();
  }

  private static StandardEnvironment environment(Map<String, Object> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(s -> environment.getPropertySources().remove(s.getName()));
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    return environment;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lockstep.duplicate         | automatic | no such setting; did you mean"
            + " 'lockstep.duplicates'?",
        "lockstep.duplicate.mode    | automatic | no such setting; did you mean"
            + " 'lockstep.duplicates.mode'?",
        "lockstep.poll.overlapp     | 5m        | no such setting; did you mean"
            + " 'lockstep.poll.overlap'?",
        "lockstep.colour            | blue      | no such setting; there is:"
            + " lockstep.adoption, ",
        "LOCKSTEP_DUPLICATE_MODE    | automatic | no such setting; did you mean"
            + " 'LOCKSTEP_DUPLICATES_MODE'?",
        "LOCKSTEP_MAPPING           | incident  | no such setting; did you mean"
            + " 'LOCKSTEP_MAPPINGS'?",
        "LOCKSTEP_POSTMORTEM_DIR    | docs      | no such setting; did you mean"
            + " 'LOCKSTEP_POSTMORTEMS_DIR'?",
        "LOCKSTEP_LOG_FORMAT        | xml       | xml is not a log format; write one of json, text",
        "lockstep.poll.overlap      | 30        | 30 is not a duration with a unit; write it like"
            + " 30s or 5m",
        "lockstep.inbox.retry.initial-delay | -1s       | -1s is not a duration",
        "lockstep.calls.answer-size | 8 apples  | 8 apples is not a size; write it like 8MB",
        "lockstep.inbox.threads     | many      | many is not a whole number from 1",
        "lockstep.everything-in-scope | yes   | yes is neither true nor false",
        "lockstep.tracing           | on        | on is neither true nor false",
      })
  void refusesAMisspeltNameOrValue(String name, String value, String problem) {
    assertThat(problems(Map.of(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + ": " + problem);
  }

  @Test
  void acceptsWhatIsRightAndWhatOtherProgramsRead() {
    assertThat(
            problems(
                Map.ofEntries(
                    Map.entry("LOCKSTEP_PORT", "8080"),
                    Map.entry("LOCKSTEP_LOG_FORMAT", "JSON"),
                    Map.entry("LOCKSTEP_NAMESPACE", "prod"),
                    Map.entry("LOCKSTEP_DUPLICATES_THRESHOLDS_AUTOMATIC", "0.9"),
                    Map.entry("SERVICENOW_CALLS_PER_SECOND", "5"),
                    Map.entry("SERVICENOW_REGION", "emea"),
                    Map.entry("DATABASE_POOL", "7"),
                    // Another program's, or a slip that the missing setting tells of.
                    Map.entry("DATABASE_USER", "app"),
                    Map.entry("SERVICENOW_PASWORD", "x"),
                    Map.entry("LOCKSTEP_HOST", "10.0.0.1"),
                    Map.entry("LOCKSTEP_SERVICE_PORT", "8080"),
                    Map.entry("lockstep.duplicates.services[Patient Records].mode", "off"),
                    Map.entry("lockstep.poll.firstLookBack", "2h"),
                    Map.entry("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                    Map.entry("JAVA_HOME", "/usr"))))
        .isEmpty();
  }

  /** A name that resembles one which is set as well belongs to another program. */
  @Test
  void acceptsANameThatResemblesASettingWhichIsSet() {
    assertThat(problems(Map.of("LOCKSTEP_MAPPING", "x", "LOCKSTEP_MAPPINGS", "y"))).isEmpty();
  }

  /** The names and types of all records that settings are bound to. */
  private static Map<String, Class<?>> boundSettings() throws ClassNotFoundException {
    var records = new ClassPathScanningCandidateComponentProvider(false);
    records.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    Map<String, Class<?>> settings = new TreeMap<>();
    for (BeanDefinition found : records.findCandidateComponents("dev.lockstep")) {
      Class<?> type = Class.forName(found.getBeanClassName());
      collect(type.getAnnotation(ConfigurationProperties.class).value(), type, settings);
    }
    return settings;
  }

  private static void collect(String prefix, Class<?> type, Map<String, Class<?>> settings) {
    for (RecordComponent part : type.getRecordComponents()) {
      String name = part.getName().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
      if (part.getType().isRecord()) {
        collect(prefix + "." + name, part.getType(), settings);
      } else {
        settings.put(prefix + "." + name, part.getType());
      }
    }
  }

  @Test
  void knowsEverySettingThatCodeReads() throws Exception {
    assertThat(boundSettings())
        .containsKeys(
            "lockstep.adoption", "lockstep.inbox.retry.max-delay", "lockstep.mappings-dir")
        .allSatisfy(
            (name, type) ->
                assertThat(problems(Map.of(name, "1s")))
                    .as(name)
                    .noneMatch(line -> line.contains("no such setting")));
  }

  /** Spring cannot bind an empty value to a primitive. */
  @Test
  void anEmptyValueMeansTheDefault() throws Exception {
    assertThat(boundSettings())
        .allSatisfy(
            (name, type) -> {
              assertThat(type.isPrimitive()).as(name).isFalse();
              assertThat(problems(Map.of(name, ""))).as(name).isEmpty();
            });
  }

  /** Spring would end the start with the first of them, in its own words. */
  @Test
  void refusesEveryValueThatCannotBeBound() throws Exception {
    assertThat(boundSettings())
        .containsValues(Duration.class, DataSize.class, Integer.class, Boolean.class)
        .allSatisfy(
            (name, type) -> {
              if (!List.of(String.class, Path.class, List.class).contains(type)) {
                assertThat(problems(Map.of(name, "x"))).as(name).hasSize(1);
              }
            });
  }

  @Test
  void withholdsWrongValuesFromAllButItself() {
    StandardEnvironment environment =
        environment(Map.of("lockstep.inbox.threads", "many", "lockstep.poll.overlap", "5m"));

    KnownSettings.withholdWrongValues(environment);

    assertThat(environment.getProperty("lockstep.inbox.threads")).isEmpty();
    assertThat(environment.getProperty("lockstep.poll.overlap")).isEqualTo("5m");
    assertThat(new KnownSettings(environment, FILES).problems())
        .containsExactly("lockstep.inbox.threads: many is not a whole number from 1");
  }

  /** There would be no type to check, and a second place for defaults. */
  @Test
  void settingsAreBoundToRecordsOnly() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("${lockstep.");
      }
    }
  }
}
