package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark as it is called: with the sandbox's jar beside the service's. */
class BenchIT {
  @TempDir private static Path folder;

  private static Process flow;
  private static Process limit;

  /** Side by side: most of the time each waits for its service to start and to come to rest. */
  @BeforeAll
  static void start() throws IOException {
    // Prepares the quick start, which both would otherwise do at once.
    Process prepared = bench("help", List.of("--help"));
    assertThat(prepared.onExit().join().exitValue()).as("%s", printed("help")).isZero();
    flow = measure("flow", "--pairs", "20", "--rate", "10", "--seconds", "2", "--warm-up", "0");
    limit = measure("limit", "--start", "4", "--most", "5", "--step-seconds", "1", "--pairs", "5");
  }

  @AfterAll
  static void end() {
    flow.destroy();
    limit.destroy();
  }

  @Test
  void measuresAServiceThatLosesNothing() throws Exception {
    assertThat(flow.waitFor()).as("%s", printed("flow")).isZero();
    assertThat(printed("flow")).contains("flow: 20 edits at 10/s on 20 pairs");
    JsonNode figures = figures("flow");
    assertThat(figures.path("edits never seen on the other side").asInt(-1)).isZero();
    assertThat(figures.path("pairs apart at the end").asInt(-1)).isZero();
    assertThat(figures.path("writes per edit").asDouble()).isBetween(1.0, 1.2);
    assertYardsticks(figures);
  }

  @Test
  void endsItsSearchForTheHighestRate() throws Exception {
    assertThat(limit.waitFor()).as("%s", printed("limit")).isZero();
    JsonNode figures = figures("limit");
    assertThat(figures.path("highest rate that held").isNumber()).isTrue();
    assertThat(figures.path("limited by").asText()).isNotEmpty();
    assertThat(figures.path("steps")).isNotEmpty();
    for (JsonNode step : figures.path("steps")) {
      assertThat(step.path("offered edits/s").asInt()).isBetween(1, 5);
      assertThat(step.path("held").isBoolean()).isTrue();
      assertThat(step.path("edits never seen, by field").isObject()).isTrue();
      for (String figure :
          List.of(
              "reached edits/s",
              "lag p50 ms",
              "lag p95 ms",
              "lag p99 ms",
              "edits never seen",
              "pairs apart",
              "CPU per edit, Java, ms",
              "CPU per edit, PostgreSQL, ms",
              "writes per edit",
              "reads per edit",
              "generator late p99 ms",
              "processors, Lockstep %",
              "processors, benchmark %",
              "processors, others %")) {
        assertThat(step.path(figure).isNumber()).as(figure).isTrue();
      }
    }
    assertYardsticks(figures);
  }

  private static void assertYardsticks(JsonNode figures) {
    for (String yardstick :
        List.of("SHA-256 on one core", "fsyncs a second", "single-row commits a second")) {
      assertThat(figures.path(yardstick).asDouble()).as(yardstick).isPositive();
    }
  }

  private static Process measure(String name, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(name, "--json", json(name).toString()));
    words.addAll(List.of(options));
    return bench(name, words);
  }

  private static Process bench(String name, List<String> words) throws IOException {
    List<String> command = new ArrayList<>(List.of("./lockstep", "bench"));
    command.addAll(words);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output(name).toFile())
        .start();
  }

  private static Path output(String name) {
    return folder.resolve(name + ".txt");
  }

  private static Path json(String name) {
    return folder.resolve(name + ".json");
  }

  private static String printed(String name) throws IOException {
    return Files.readString(output(name));
  }

  private static JsonNode figures(String name) throws IOException {
    return new ObjectMapper().readTree(json(name).toFile());
  }
}
