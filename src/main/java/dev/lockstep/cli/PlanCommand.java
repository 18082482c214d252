package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.PlanView;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "plan",
    description = {
      "Shows what the service would write: for records that changed within the last hour, as at a"
          + " first start, or as --since or --query say; with --mapping, for the pairs that exist.",
      "It reads from the systems and runs the service's own steps; it writes to no system."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Needs no running service. Its tables are a schema of the service's database that is dropped"
          + " at the end.",
      "Exit codes: 0 nothing to write, 1 the command failed or something could not be planned, 2"
          + " there is something to write."
    })
final class PlanCommand implements Callable<Integer> {
  private static final int CHANGES = 2;

  /** The default of lockstep.poll.first-look-back. */
  private static final Duration AS_A_FIRST_START = Duration.ofHours(1);

  private final ChangePlanner planner;
  private final CliEnvironment environment;

  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Option(
      names = "--mapping",
      paramLabel = "DIR",
      description =
          "Plan with the mappings of this folder for the pairs that exist; with --since for"
              + " changed records, too.")
  private @Nullable Path mappings;

  @Option(names = "--limit", paramLabel = "N", description = "At most N records; default: all.")
  private int limit = Integer.MAX_VALUE;

  @Mixin private final StartOptions start = new StartOptions();

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Save the plan for `lockstep apply`.")
  private @Nullable Path save;

  @Option(
      names = "--json",
      negatable = true,
      description = "Print JSON or text; default: JSON if the output is not a terminal.")
  private @Nullable Boolean json;

  @Option(
      names = "--progress",
      description = "With --json: say on standard error, line by line, how far it is.")
  private boolean progress;

  @Spec private @Nullable CommandSpec spec;

  PlanCommand(ChangePlanner planner, CliEnvironment environment) {
    this.planner = planner;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    ChangePlanner.Request request = request();
    // Records contain arbitrary user text.
    JsonNode plan = Output.plain(planner.plan(request, this::printProgress));
    endProgress();
    save(plan);
    Output output = new Output(commandLine().getOut(), environment.colours());
    if (isJson()) {
      output.json(plan);
    } else {
      new PlanView(output, environment.columns()).print(plan);
    }
    if (!plan.path("problems").isEmpty()) {
      return CliException.FAILED;
    }
    return plan.path("records").isEmpty() ? 0 : CHANGES;
  }

  private ChangePlanner.Request request() {
    if (limit < 1) {
      throw new ParameterException(commandLine(), "--limit: use a number from 1");
    }
    Optional<Path> folder =
        Optional.ofNullable(mappings).map(environment.workingDirectory()::resolve);
    folder
        .filter(path -> !Files.isDirectory(path))
        .ifPresent(
            path -> {
              throw new ParameterException(
                  commandLine(), "--mapping: " + path + " is not a folder");
            });
    Optional<Duration> lookBack = selection.lookBack(commandLine());
    return new ChangePlanner.Request(
        folder.isEmpty() || lookBack.isPresent(),
        lookBack.orElse(AS_A_FIRST_START),
        folder.isPresent(),
        folder,
        new ChangePlanner.Selection(selection.system(), selection.kind(), selection.query()),
        limit,
        start.notes(),
        start.adoptBy());
  }

  private void save(JsonNode plan) {
    if (save == null) {
      return;
    }
    Path file = environment.workingDirectory().resolve(save);
    try {
      Files.writeString(
          file,
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n");
    } catch (IOException e) {
      throw new CliException(
          CliException.FAILED, "--save: can't write " + file + " (" + e + "); choose another file");
    }
  }

  private boolean isJson() {
    return Optional.ofNullable(json).orElse(!environment.terminal());
  }

  private void printProgress(long open, int writes) {
    if (!isJson() || progress) {
      PrintWriter err = commandLine().getErr();
      err.print("%d records to go, %d writes planned  ".formatted(open, writes));
      err.print(isJson() ? "\n" : "\r");
      err.flush();
      if (progress && err.checkError()) {
        throw new CliException(
            CliException.FAILED, "nobody reads how far it is any more; the plan was dropped");
      }
    }
  }

  private void endProgress() {
    if (!isJson()) {
      PrintWriter err = commandLine().getErr();
      err.print(" ".repeat(50) + "\r");
      err.flush();
    }
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
