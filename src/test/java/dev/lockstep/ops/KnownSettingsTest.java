package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A name that nobody reads must not pass for a setting. */
final class KnownSettingsTest {

  private static List<String> problems(Map<String, Object> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(s -> environment.getPropertySources().remove(s.getName()));
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    return new KnownSettings(environment, List.of("connectors")).problems();
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
        "lockstep.inbox.threads     | many      | many is not a whole number from 1",
        "lockstep.mappings.start-always | yes   | yes is neither true nor false",
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
                    Map.entry("JAVA_HOME", "/usr"))))
        .isEmpty();
  }

  /** A name that resembles one which is set as well belongs to another program. */
  @Test
  void acceptsANameThatResemblesASettingWhichIsSet() {
    assertThat(problems(Map.of("LOCKSTEP_MAPPING", "x", "LOCKSTEP_MAPPINGS", "y"))).isEmpty();
  }

  @Test
  void knowsEverySettingThatCodeReads() throws IOException {
    Pattern read = Pattern.compile("\\$\\{(lockstep\\.[a-z.-]+)");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher matcher = read.matcher(Files.readString(file));
        while (matcher.find()) {
          assertThat(problems(Map.of(matcher.group(1), "1s")))
              .as("%s in %s", matcher.group(1), file)
              .noneMatch(line -> line.contains("no such setting"));
        }
      }
    }
  }
}
