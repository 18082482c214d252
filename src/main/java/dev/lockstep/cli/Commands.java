package dev.lockstep.cli;

import dev.lockstep.ops.StartupException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/**
 * All commands of {@code ./lockstep}. Exit codes: 0 done, 1 not found, refused or failed, 2 wrong
 * use or settings, 3 no service answered.
 */
@Command(
    name = "lockstep",
    description = "Keeps tickets and incidents of two systems in step, in both directions.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class,
    footer = {
      "",
      "Exit codes: 0 done, 1 not found, refused or failed, 2 wrong use or settings, 3 no service"
          + " answered.",
      "Beside the sources: @|bold ./lockstep demo|@ shows it all without any system of yours,",
      "@|bold ./lockstep bench|@ measures it."
    })
public final class Commands {
  private Commands() {}

  /** Ready to execute; what the commands start is given by the caller. */
  public static CommandLine create(
      ServiceRunner service, CliEnvironment surroundings, PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Commands());
    line.addSubcommand(new RunCommand(service));
    line.addSubcommand(new PairsCommand(surroundings));
    line.addSubcommand(new DuplicatesCommand(surroundings));
    line.addSubcommand(
        new CommandLine(new PostmortemCommand(surroundings))
            .addSubcommand(new PostmortemSendCommand(surroundings))
            .addSubcommand(new PostmortemListCommand(surroundings)));
    line.addSubcommand(new TraceCommand(surroundings));
    line.addSubcommand(new ReportCommand(surroundings));
    line.addSubcommand(new DeadLettersCommand(surroundings));
    line.addSubcommand(new CommandLine.HelpCommand());
    return configure(line, surroundings, out, err);
  }

  /** The same colours, messages and exit codes for all. */
  public static CommandLine configure(
      CommandLine line, CliEnvironment surroundings, PrintWriter out, PrintWriter err) {
    line.setOut(out);
    line.setErr(err);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            surroundings.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler((e, arguments) -> usageError(e));
    line.setExecutionExceptionHandler((e, command, parsed) -> executionError(e, command));
    line.setUsageHelpAutoWidth(false);
    return line;
  }

  private static int usageError(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    printError(command, oneLine(e) + "; `./" + name + " --help` shows how");
    return CliException.USAGE;
  }

  private static int executionError(Exception e, CommandLine command) {
    if (e instanceof StartupException problem) {
      problem.lines().forEach(line -> printError(command, line));
      return CliException.USAGE;
    }
    if (e instanceof CliException failure) {
      printError(command, oneLine(failure));
      return failure.exitCode();
    }
    printError(command, e.getClass().getSimpleName() + ": " + oneLine(e));
    return CliException.FAILED;
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
