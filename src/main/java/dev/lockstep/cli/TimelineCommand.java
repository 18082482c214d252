package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.TimelineView;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "timeline",
    description =
        "Shows what happened to an incident in all systems, oldest first: notes, changes, stages,"
            + " duplicates, action items and decisions.",
    footer = {"", "Exit codes: 0 found, 1 not found, 2 invalid usage, 3 service not reachable."},
    mixinStandardHelpOptions = true)
final class TimelineCommand implements Runnable {
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "An incident in any system (INC0010001, 12 or '#12'), or what leads to one.")
  private String id = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "markdown (the skeleton of a postmortem), csv or json. Default: a table on a terminal,"
              + " else json.")
  private String format = "";

  @Option(names = "--public", description = "Without internal notes and values.")
  private boolean isPublic;

  @Option(
      names = "--all",
      description = "In the table, also what Lockstep did to keep the records in sync.")
  private boolean all;

  TimelineCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec);
    String path = "/api/incidents/" + path(id) + "/timeline?public=" + isPublic;
    if (!format.isEmpty() && !format.equals("json")) {
      String document =
          target.client().text(path + "&format=" + ServiceClient.encodeSegment(format));
      own.commandLine().getOut().print(document);
      own.commandLine().getOut().flush();
      return;
    }
    JsonNode timeline = target.client().get(path);
    Output output = new Output(own.commandLine().getOut(), target.colours());
    if (!format.isEmpty() || target.json()) {
      output.json(timeline);
    } else {
      new TimelineView(output, target.columns(), all).show(timeline);
    }
  }

  /** Keeps the slashes of a record reference: they separate path segments. */
  static String path(String id) {
    return Arrays.stream(id.strip().split("/"))
        .map(ServiceClient::encodeSegment)
        .collect(Collectors.joining("/"));
  }
}
