package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the benchmark prints is of a service that started and did its work. */
class BenchIT {
  @TempDir private Path caller;

  @Test
  void measuresAServiceThatLosesNothing() throws IOException {
    StringWriter printed = new StringWriter();
    List<String> few =
        List.of("flow --pairs 20 --rate 10 --seconds 2 --warm-up 0 --json figures.json".split(" "));

    int code = Bench.measure(few, new PrintWriter(printed), caller, false);

    assertThat(code).as("%s", printed).isZero();
    JsonNode figures = new ObjectMapper().readTree(caller.resolve("figures.json").toFile());
    assertThat(printed.toString())
        .contains("flow: 20 edits at 10/s on 20 pairs")
        .containsPattern("edits never seen on the other side +0 ")
        .containsPattern("pairs apart at the end +0 ");
    assertThat(figures).as("%s", figures).isNotEmpty();
  }
}
