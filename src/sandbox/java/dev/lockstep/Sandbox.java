package dev.lockstep;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.bench.DuplicatesBench;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.sandbox.bench.Bench;
import dev.lockstep.sandbox.demo.Demo;
import dev.lockstep.sandbox.demo.Screen;
import dev.lockstep.sandbox.demo.ServiceCommand;
import java.io.FileDescriptor;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * The commands that need simulated systems: {@code ./lockstep demo} and {@code ./lockstep bench}.
 * Their code is in a jar of its own, beside the service's.
 */
@Command(
    name = "lockstep",
    description = "Plays and measures Lockstep between simulated systems.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class Sandbox {

  /** Plays an outage, or a recorded log. */
  @FunctionalInterface
  interface Player {

    /**
     * @return the exit code: 0 only when every linked pair really agrees at the end
     */
    int play(boolean once, Optional<Path> replay, PrintWriter out);
  }

  /** Measures what is named first in {@code arguments}, and prints it. */
  @FunctionalInterface
  interface Measurement {

    /**
     * @return the exit code
     */
    int measure(List<String> arguments, PrintWriter out);
  }

  private Sandbox() {}

  public static void main(String[] args) {
    PrintWriter out = Lockstep.writer(FileDescriptor.out);
    PrintWriter err = Lockstep.writer(FileDescriptor.err);
    CliEnvironment here = CliEnvironment.ofCurrentProcess();
    int code = commands(player(here), measurement(here, err), here, out, err).execute(args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  static CommandLine commands(
      Player player,
      Measurement measurement,
      CliEnvironment surroundings,
      PrintWriter out,
      PrintWriter err) {
    CommandLine line = new CommandLine(new Sandbox());
    line.addSubcommand(new DemoCommand(player, surroundings.workingDirectory()));
    line.addSubcommand(new BenchCommand(measurement));
    line.addSubcommand(new CompletionCommand(surroundings));
    return Commands.configure(line, surroundings, out, err);
  }

  /**
   * What the launcher offers: the commands of the service and of the sandbox; none does a thing.
   */
  static CommandLine everyCommand(CliEnvironment surroundings, PrintWriter out, PrintWriter err) {
    CommandLine line =
        Commands.create(
            warmUp -> {},
            (running, within) -> MissingNode.getInstance(),
            (request, observer) -> MissingNode.getInstance(),
            surroundings,
            out,
            err);
    commands((once, replay, to) -> 0, (arguments, to) -> 0, surroundings, out, err)
        .getSubcommands()
        .forEach(line::addSubcommand);
    return line;
  }

  /** The folder is that of the build, so that cleaning removes what a rehearsal left. */
  private static Player player(CliEnvironment here) {
    return (once, replay, out) ->
        new Demo(Clock.systemUTC(), Path.of("target", "demo"), ServiceCommand.of(Lockstep.class))
            .play(once, replay, new Screen(out, here.colours(), here.columns()));
  }

  private static Measurement measurement(CliEnvironment here, PrintWriter err) {
    return (arguments, out) -> {
      // No Spring starts that would read the levels in config/application.yaml.
      LoggingSystem.get(Sandbox.class.getClassLoader())
          .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
      return arguments.stream().findFirst().filter("duplicates"::equals).isPresent()
          ? DuplicatesBench.measure(
              arguments.subList(1, arguments.size()),
              out,
              err,
              here.workingDirectory(),
              here.terminal())
          : Bench.measure(arguments, out, here.workingDirectory(), here.terminal());
    };
  }

  @Command(
      name = "demo",
      description = "Plays an outage through Lockstep and simulated systems, then stays up.",
      mixinStandardHelpOptions = true)
  private static final class DemoCommand implements Callable<Integer> {
    private final Player player;
    private final Path workingDirectory;

    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--once",
        description =
            "End after the play; exit 0 only if every pair agrees. Writes"
                + " target/demo/summary.json.")
    private boolean once;

    @Option(
        names = "--replay",
        paramLabel = "FILE",
        description = "Play this recorded log (CSV) instead of the outage.")
    private @Nullable Path replay;

    DemoCommand(Player player, Path workingDirectory) {
      this.player = player;
      this.workingDirectory = workingDirectory;
    }

    @Override
    public Integer call() {
      CommandLine line = Objects.requireNonNull(spec).commandLine();
      Optional<Path> file = Optional.ofNullable(replay).map(workingDirectory::resolve);
      if (file.isPresent() && !Files.isReadable(file.get())) {
        throw new ParameterException(
            line, "--replay: can't read " + file.get() + "; check the path");
      }
      return player.play(once, file, line.getOut());
    }
  }

  @Command(
      name = "bench",
      description = {
        "Measures lag, calls and memory on two simulated systems; see docs/performance.md.",
        "`bench duplicates` measures how well duplicates are found; see docs/duplicates.md."
      },
      mixinStandardHelpOptions = true)
  private static final class BenchCommand implements Callable<Integer> {
    private final Measurement measurement;

    @Spec private @Nullable CommandSpec spec;

    @Unmatched private List<String> arguments = new ArrayList<>();

    BenchCommand(Measurement measurement) {
      this.measurement = measurement;
    }

    @Override
    public Integer call() {
      return measurement.measure(
          List.copyOf(arguments), Objects.requireNonNull(spec).commandLine().getOut());
    }
  }

  @Command(
      name = "completion",
      hidden = true,
      description = "Prints what completes commands in bash and zsh; used by the build.")
  private static final class CompletionCommand implements Runnable {
    private final CliEnvironment surroundings;

    @Spec private @Nullable CommandSpec spec;

    CompletionCommand(CliEnvironment surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public void run() {
      CommandLine line = Objects.requireNonNull(spec).commandLine();
      CommandLine all = everyCommand(surroundings, line.getOut(), line.getErr());
      line.getOut().print(AutoComplete.bash("lockstep", all));
    }
  }
}
