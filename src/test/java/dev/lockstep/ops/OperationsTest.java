package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts, dashboard and manual speak of the same things. */
final class OperationsTest {
  private static final Pattern METRIC = Pattern.compile("lockstep_[a-z_]+");
  private static final Pattern REGISTERED = Pattern.compile("\"(lockstep\\.[a-z.]+)\"");
  private static final Path RULES = Path.of("config/prometheus-rules.yaml");
  private static final Path DASHBOARD = Path.of("config/grafana-dashboard.json");
  private static final Path MANUAL = Path.of("docs/operations.md");

  @Test
  void everyAlertHasAHeadingInTheManual() throws Exception {
    String manual = Files.readString(MANUAL);
    JsonNode rules =
        new ObjectMapper(new YAMLFactory()).readTree(RULES.toFile()).at("/groups/0/rules");
    assertThat(rules).isNotEmpty();
    for (JsonNode rule : rules) {
      String alert = rule.path("alert").asText();
      assertThat(manual).contains("### " + alert + "\n");
      assertThat(rule.at("/annotations/runbook").asText())
          .isEqualTo("docs/operations.md#" + alert.toLowerCase(Locale.ROOT));
      assertThat(rule.path("expr").asText()).isNotBlank();
    }
    Matcher headings = Pattern.compile("(?m)^### (Lockstep\\w+)$").matcher(manual);
    int described = (int) headings.results().count();
    assertThat(described).isEqualTo(rules.size());
  }

  @Test
  void alertsAndDashboardUseOnlyMetricsTheManualExplains() throws Exception {
    Set<String> explained = metrics(Files.readString(MANUAL));
    assertThat(explained).hasSize(40);
    assertThat(metrics(Files.readString(RULES))).isSubsetOf(explained);
    assertThat(metrics(Files.readString(DASHBOARD))).isSubsetOf(explained);
    assertThat(new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")).isNotEmpty();
  }

  /** As they are registered: Prometheus appends the unit or {@code total}. */
  @Test
  void everyMetricIsOneThatTheCodeRegisters() throws Exception {
    Set<String> registered = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher name = REGISTERED.matcher(Files.readString(file));
        while (name.find()) {
          registered.add(name.group(1).replace('.', '_'));
        }
      }
    }
    for (Path file : List.of(RULES, DASHBOARD, MANUAL)) {
      assertThat(metrics(Files.readString(file)))
          .as(file.toString())
          .isNotEmpty()
          .allMatch(
              metric ->
                  registered.contains(metric)
                      || registered.contains(metric.replaceAll("_(total|seconds)$", "")));
    }
  }

  @Test
  void theDashboardShowsWhatAnOperatorLooksFor() throws Exception {
    assertThat(metrics(Files.readString(DASHBOARD)))
        .contains(
            "lockstep_lag_seconds",
            "lockstep_inbox_entries",
            "lockstep_dead_letters",
            "lockstep_conflicts_total",
            "lockstep_circuit_open",
            "lockstep_calls_limit",
            "lockstep_drift_total",
            "lockstep_incidents_without_manager",
            "lockstep_updates_overdue",
            "lockstep_duplicates_open");
  }

  private static Set<String> metrics(String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = METRIC.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group().replaceAll("_(count|sum|bucket|max)$", ""));
    }
    return names;
  }
}
