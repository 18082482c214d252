package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark as it is called: with the sandbox's jar beside the service's. */
class BenchIT {
  @TempDir private Path folder;

  @Test
  void measuresAServiceThatLosesNothing() throws Exception {
    Path file = folder.resolve("figures.json");
    List<String> command = new ArrayList<>(List.of("./lockstep", "bench", "flow"));
    command.addAll(List.of("--pairs", "20", "--rate", "10", "--seconds", "2", "--warm-up", "0"));
    command.addAll(List.of("--json", file.toString()));

    Process bench = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(bench.getInputStream().readAllBytes());

    assertThat(bench.waitFor()).as("%s", printed).isZero();
    assertThat(printed).contains("flow: 20 edits at 10/s on 20 pairs");
    JsonNode figures = read(file);
    assertThat(figures.path("edits never seen on the other side").asInt(-1)).isZero();
    assertThat(figures.path("pairs apart at the end").asInt(-1)).isZero();
    assertThat(figures.path("writes per edit").asDouble()).isBetween(1.0, 1.2);
  }

  private static JsonNode read(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }
}
