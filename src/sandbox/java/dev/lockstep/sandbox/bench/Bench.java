package dev.lockstep.sandbox.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./lockstep bench}: measures the service as it is run, as a process of its own, between two
 * sandboxes in this one. {@code bench/README.md} says what each figure means.
 */
@Command(
    name = "lockstep bench",
    description = "Measures lag, calls, memory and start on two simulated systems.",
    synopsisSubcommandLabel = "(flow | limit | backlog | start | duplicates)",
    mixinStandardHelpOptions = true)
public final class Bench {
  static final Path FOLDER = Path.of("target", "bench");

  /** What every measurement can be told. */
  static final class Common {
    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too.")
    private @Nullable Path json;

    @Option(
        names = "--java-opts",
        paramLabel = "OPTIONS",
        defaultValue = "",
        description = "More Java options for the service, after the launcher's.")
    String javaOptions = "";

    @Option(
        names = "--set",
        paramLabel = "NAME=VALUE",
        description = "A setting of the service, such as SERVICENOW_POLL_INTERVAL=5s.")
    Map<String, String> settings = new HashMap<>();

    /** These settings, with the caller's above them. */
    Map<String, String> with(Map<String, String> given) {
      Map<String, String> all = new HashMap<>(given);
      all.putAll(settings);
      return all;
    }

    @Nullable Path json(Path caller) {
      return json == null ? null : caller.resolve(json);
    }
  }

  private Bench() {}

  /**
   * Measures and prints.
   *
   * @param arguments after {@code bench}
   * @param caller what relative file names are relative to
   * @param terminal whether to show progress
   * @return 0, 1 when a measurement failed, 2 on wrong use
   */
  public static int measure(
      List<String> arguments, PrintWriter out, Path caller, boolean terminal) {
    CommandLine line = new CommandLine(new Bench());
    line.addSubcommand(new Flow(new FigureReport(out, terminal), caller));
    line.addSubcommand(new Limit(new FigureReport(out, terminal), caller));
    line.addSubcommand(new Backlog(new FigureReport(out, terminal), caller));
    line.addSubcommand(new Start(new FigureReport(out, terminal), caller));
    line.setOut(out);
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          out.println("lockstep: bench: " + e.getMessage());
          return 1;
        });
    if (arguments.isEmpty()) {
      line.usage(out);
      return 2;
    }
    return line.execute(arguments.toArray(String[]::new));
  }
}
