package dev.lockstep.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = "Plays an outage through Lockstep and simulated systems, then stays up.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private final Rehearsal rehearsal;
  private final Surroundings surroundings;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--once",
      description =
          "End after the play; exit 0 only if every pair agrees. Writes target/demo/summary.json.")
  private boolean once;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Play this recorded log (CSV) instead of the outage.")
  private @Nullable Path replay;

  DemoCommand(Rehearsal rehearsal, Surroundings surroundings) {
    this.rehearsal = rehearsal;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Optional<Path> file = Optional.ofNullable(replay).map(surroundings.workingDirectory()::resolve);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      throw new Failure(Failure.USAGE, "--replay: can't read " + file.get() + "; check the path");
    }
    Rehearsal.Options options =
        new Rehearsal.Options(once, file, surroundings.colours(), surroundings.columns());
    return rehearsal.play(options, Objects.requireNonNull(spec).commandLine().getOut());
  }
}
