package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cli.CliEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SandboxTest {
  @TempDir Path dir;
  private final StringWriter err = new StringWriter();
  private boolean once;
  private Optional<Path> replay = Optional.empty();
  private List<String> measured = List.of();

  private int run(String... arguments) {
    Sandbox.Player player =
        (toTheEnd, file, out) -> {
          once = toTheEnd;
          replay = file;
          return 5;
        };
    Sandbox.Measurement measurement =
        (given, out) -> {
          measured = given;
          return 6;
        };
    return Sandbox.commands(
            player,
            measurement,
            new CliEnvironment(Map.of(), dir, false, 0, ""),
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void handsTheirOptionsToTheDemoAndTheBenchmark() throws IOException {
    Files.writeString(dir.resolve("log.csv"), "number\n");
    assertThat(run("demo", "--once", "--replay", "log.csv")).isEqualTo(5);
    assertThat(once).isTrue();
    assertThat(replay).contains(dir.resolve("log.csv"));
    assertThat(run("bench", "--rate", "50", "lag")).isEqualTo(6);
    assertThat(measured).containsExactly("--rate", "50", "lag");
  }

  @Test
  void saysWhichFileCannotBeReplayed() {
    assertThat(run("demo", "--replay", "absent.csv")).isEqualTo(2);
    assertThat(err.toString()).contains(dir.resolve("absent.csv").toString(), "--replay");
  }
}
