package dev.lockstep.cli;

import dev.lockstep.ops.StartupException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/**
 * All commands of {@code ./lockstep}. Exit codes: 0 success, 1 not found, rejected or failed, 2
 * invalid usage or settings, 3 service not reachable; {@code plan} has its own.
 */
@Command(
    name = "lockstep",
    description = "Keeps tickets and incidents of two systems in sync, in both directions.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class,
    footer = {
      "",
      "Exit codes: 0 success, 1 not found, rejected or failed, 2 invalid usage or settings, 3"
          + " service not reachable.",
      "In a source checkout: @|bold ./lockstep demo|@ runs a demonstration with simulated systems,",
      "@|bold ./lockstep bench|@ runs the benchmarks."
    })
public final class Commands {
  private Commands() {}

  /**
   * Creates the command line; the caller provides the service that {@code run} starts and what
   * {@code check} and {@code plan} do.
   */
  public static CommandLine create(
      ServiceRunner service,
      ConfigurationCheck check,
      ChangePlanner planner,
      CliEnvironment environment,
      PrintWriter out,
      PrintWriter err) {
    CommandLine line = new CommandLine(new Commands());
    line.addSubcommand(new RunCommand(service));
    line.addSubcommand(new CheckCommand(check, environment));
    line.addSubcommand(new PlanCommand(planner, environment));
    line.addSubcommand(new ApplyCommand(environment));
    line.addSubcommand(new BackfillCommand(environment));
    line.addSubcommand(new PairsCommand(environment));
    line.addSubcommand(new DuplicatesCommand(environment));
    line.addSubcommand(new ProblemsCommand(environment));
    line.addSubcommand(new NotesCommand(environment));
    line.addSubcommand(new CommunicationsCommand(environment));
    line.addSubcommand(new IncidentManagerCommand(environment));
    line.addSubcommand(
        new CommandLine(new PostmortemCommand(environment))
            .addSubcommand(new PostmortemSendCommand(environment))
            .addSubcommand(new PostmortemListCommand(environment)));
    line.addSubcommand(new TraceCommand(environment));
    line.addSubcommand(new TimelineCommand(environment));
    line.addSubcommand(new ReportCommand(environment));
    line.addSubcommand(new ExportCommand(environment));
    line.addSubcommand(new DeadLettersCommand(environment));
    line.addSubcommand(new ReconcileCommand(environment));
    line.addSubcommand(new PauseCommand(environment));
    line.addSubcommand(new ResumeCommand(environment));
    line.addSubcommand(new UsersCommand(environment));
    line.addSubcommand(new TokensCommand(environment));
    line.addSubcommand(new CommandLine.HelpCommand());
    return configure(line, environment, out, err);
  }

  /** Configures colours, error messages and exit codes. */
  public static CommandLine configure(
      CommandLine line, CliEnvironment environment, PrintWriter out, PrintWriter err) {
    line.setOut(out);
    line.setErr(err);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            environment.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler((e, arguments) -> usageError(e));
    line.setExecutionExceptionHandler((e, command, parsed) -> executionError(e, command));
    line.setUsageHelpAutoWidth(false);
    return line;
  }

  private static int usageError(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    printError(command, oneLine(e) + "; `./" + name + " --help` shows the usage");
    return usage(command);
  }

  private static int executionError(Exception e, CommandLine command) {
    if (e instanceof StartupException problem) {
      problem.lines().forEach(line -> printError(command, line));
      return usage(command);
    }
    if (e instanceof CliException failure) {
      printError(command, oneLine(failure));
      return failure.exitCode();
    }
    printError(command, e.getClass().getSimpleName() + ": " + oneLine(e));
    return CliException.FAILED;
  }

  /** A plan reports changes with 2, so that any problem is 1. */
  private static int usage(CommandLine command) {
    return command.getCommand() instanceof PlanCommand ? CliException.FAILED : CliException.USAGE;
  }

  private static void printError(CommandLine command, String line) {
    command.getErr().println("lockstep: " + line);
    command.getErr().flush();
  }

  private static String oneLine(Throwable e) {
    return Optional.ofNullable(e.getMessage()).orElse("").strip().replaceAll("\\s*\\R\\s*", " ");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Commands.class.getPackage().getImplementationVersion();
      return new String[] {"lockstep " + (version == null ? "(not packaged)" : version)};
    }
  }
}
