package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.PostmortemView;
import dev.lockstep.postmortem.PostmortemJson;
import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.Postmortems.Refused;
import dev.lockstep.postmortem.parse.MarkdownReader;
import dev.lockstep.postmortem.settings.PostmortemWordsFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "postmortem",
    description = "Postmortems and their action items.",
    synopsisSubcommandLabel = "(check | send | list)",
    mixinStandardHelpOptions = true)
final class PostmortemCommand implements Runnable {
  private final CliEnvironment environment;
  @Spec private @Nullable CommandSpec spec;

  PostmortemCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "postmortem: missing subcommand; use check, send or list");
  }

  @Command(
      name = "check",
      description = "Parses each file and reports problems, without calling a service.",
      footer = {
        "",
        "Exit codes: 0 no problems, 1 problems found, 2 invalid usage or unreadable" + " file.",
        "With --json, each file is one object on one line."
      },
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(
              paramLabel = "FILE",
              arity = "1..*",
              description = "Markdown in UTF-8, or JSON with the extension .json.")
          List<String> files,
      @Option(
              names = "--json",
              negatable = true,
              description = "Print JSON or tables; default: JSON if the output is not a terminal.")
          @Nullable Boolean json,
      @Option(
              names = "--incident",
              paramLabel = "ID",
              defaultValue = "",
              description = "The incident, if the file does not name it.")
          String incident) {
    Output output =
        new Output(Objects.requireNonNull(spec).commandLine().getOut(), environment.colours());
    boolean asJson = Optional.ofNullable(json).orElse(!environment.terminal());
    PostmortemParser documents = documents();
    int worst = 0;
    for (String file : files) {
      try {
        ObjectNode read =
            PostmortemJson.toJson(
                file, documents.file(MarkdownFile.read(environment, file), file, incident));
        if (asJson) {
          output.line(read.toString());
        } else {
          new PostmortemView(output, environment.columns()).show(read);
        }
        worst = Math.max(worst, PostmortemView.countProblems(read) > 0 ? CliException.FAILED : 0);
      } catch (Refused e) {
        worst = unreadable(file, (e.line() > 0 ? "line " + e.line() + ": " : "") + e.getMessage());
      } catch (CliException e) {
        worst = unreadable(file, e.getMessage());
      } catch (IOException | InvalidPathException e) {
        worst = unreadable(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
      }
    }
    return worst;
  }

  private static PostmortemParser documents() {
    try {
      return new PostmortemParser(
          new MarkdownReader(new PostmortemWordsFile(PostmortemWordsFile.SHIPPED).read()));
    } catch (IllegalArgumentException e) {
      throw new CliException(CliException.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private int unreadable(String file, @Nullable String why) {
    var err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println(Output.plain("lockstep: " + file + ": " + why).replace('\n', ' '));
    err.flush();
    return CliException.USAGE;
  }
}
