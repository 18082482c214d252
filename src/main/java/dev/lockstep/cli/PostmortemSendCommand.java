package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.postmortem.PostmortemParser;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "send",
    description = {
      "Hands postmortems in, and says what becomes of each action item. A file sent again, edited,"
          + " changes what it says otherwise."
    },
    footer = {
      "",
      "Exit codes: 0 all were taken in, 1 one was refused, 2 wrong use or an unreadable file,"
          + " 3 no service answered.",
      "With --json, each file is one object on one line."
    },
    mixinStandardHelpOptions = true)
final class PostmortemSendCommand implements Callable<Integer> {
  private final CliEnvironment surroundings;
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Markdown, or JSON with the ending .json.")
  private List<String> files = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "By which it is known when it comes again; without: the file's name.")
  private @Nullable String name;

  @Option(names = "--link", paramLabel = "URL", description = "Where people read it.")
  private String link = "";

  @Option(
      names = "--incident",
      paramLabel = "ID",
      description = "What it is about, where it does not say so itself.")
  private String incident = "";

  PostmortemSendCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
    this.target = new ConnectionOptions(surroundings);
  }

  @Override
  public Integer call() {
    CommandSpec own = Objects.requireNonNull(spec);
    if (files.size() > 1 && (name != null || !link.isEmpty() || !incident.isEmpty())) {
      throw new ParameterException(
          own.commandLine(),
          "--name, --link and --incident are for one file; send them one by one");
    }
    ServiceClient client = target.client();
    Output page = new Output(own.commandLine().getOut(), target.colours());
    int worst = 0;
    for (String file : files) {
      try {
        JsonNode receipt = send(client, file);
        if (target.json()) {
          page.line(((ObjectNode) receipt).put("file", file).toString());
        } else {
          new ImportResultView(page, target.columns()).show(file, receipt);
        }
      } catch (CliException e) {
        worst = Math.max(worst, failed(file, e));
      }
    }
    return worst;
  }

  /** Whatever is wrong with one file, the others are sent; a service that is away takes none. */
  private int failed(String file, CliException failure) {
    if (failure.exitCode() == CliException.UNREACHABLE) {
      throw failure;
    }
    var err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println(Output.plain("lockstep: " + file + ": " + failure.getMessage()).replace('\n', ' '));
    err.flush();
    return failure.exitCode();
  }

  private JsonNode send(ServiceClient client, String file) {
    try {
      byte[] document = MarkdownFile.read(surroundings, file);
      if (PostmortemParser.isJson(file)) {
        return client.post("/api/postmortems", "application/json", document);
      }
      String called = name == null ? Path.of(file).getFileName().toString() : name;
      return client.post(
          "/api/postmortems?name=%s&url=%s&incident=%s"
              .formatted(
                  ServiceClient.encodeSegment(called),
                  ServiceClient.encodeSegment(link),
                  ServiceClient.encodeSegment(incident)),
          "text/markdown",
          document);
    } catch (IOException | InvalidPathException e) {
      throw new CliException(
          CliException.USAGE, "can't be read (" + e.getClass().getSimpleName() + ")");
    }
  }
}
