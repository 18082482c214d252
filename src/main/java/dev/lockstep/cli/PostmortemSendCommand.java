package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.cli.view.ImportResultView;
import dev.lockstep.cli.view.Output;
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
      "Imports postmortems and shows the state of each action item. Sending an edited file again"
          + " updates its action items."
    },
    footer = {
      "",
      "Exit codes: 0 all imported, 1 one was rejected, 2 invalid usage or unreadable file,"
          + " 3 service not reachable.",
      "With --json, each file is one object on one line."
    },
    mixinStandardHelpOptions = true)
final class PostmortemSendCommand implements Callable<Integer> {
  private final CliEnvironment environment;
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Markdown, or JSON with the extension .json.")
  private List<String> files = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Identifies the postmortem when it is sent again; default: the file name.")
  private @Nullable String name;

  @Option(names = "--link", paramLabel = "URL", description = "URL of the document.")
  private String link = "";

  @Option(
      names = "--incident",
      paramLabel = "ID",
      description = "The incident, if the file does not name it.")
  private String incident = "";

  PostmortemSendCommand(CliEnvironment environment) {
    this.environment = environment;
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    CommandSpec own = Objects.requireNonNull(spec);
    if (files.size() > 1 && (name != null || !link.isEmpty() || !incident.isEmpty())) {
      throw new ParameterException(
          own.commandLine(),
          "--name, --link and --incident apply to one file; send the files one by one");
    }
    ServiceClient client = target.client();
    Output output = new Output(own.commandLine().getOut(), target.colours());
    int worst = 0;
    for (String file : files) {
      try {
        JsonNode receipt = send(client, file);
        if (target.json()) {
          output.line(((ObjectNode) receipt).put("file", file).toString());
        } else {
          new ImportResultView(output, target.columns()).show(file, receipt);
        }
      } catch (CliException e) {
        worst = Math.max(worst, failed(file, e));
      }
    }
    return worst;
  }

  /** A failed file does not prevent sending the others, unless the service is not reachable. */
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
      byte[] document = MarkdownFile.read(environment, file);
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
          CliException.USAGE, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }
}
