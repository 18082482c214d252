package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
    name = "trace",
    description =
        "From an incident to what was deployed because of it: alert, duplicates, postmortem, action"
            + " items, changes, and who did what when.",
    footer = {
      "",
      "Exit codes: 0 found, 1 nothing is known by that ID, 2 wrong use, 3 no service answered."
    },
    mixinStandardHelpOptions = true)
final class TraceCommand implements Runnable {
  private static final String PATH = "/api/trace/";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description =
          "An incident in any system (INC0010001, 12 or '#12'), a duplicate, a change (CHG0030001),"
              + " an action item (AI-3), an issue (OPS-7), a postmortem's name, or a record such as"
              + " system/incident/id.")
  private String id = "";

  @Option(names = "--all", description = "Every duplicate, and texts whole however long they are.")
  private boolean all;

  @Option(names = "--csv", description = "What happened as comma-separated values.")
  private boolean csv;

  TraceCommand(CliEnvironment surroundings) {
    this.target = new ConnectionOptions(surroundings);
  }

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec);
    String path = PATH + path(id);
    if (csv) {
      own.commandLine().getOut().print(target.client().csv(path));
      own.commandLine().getOut().flush();
      return;
    }
    JsonNode trace = target.client().get(path);
    Output page = new Output(own.commandLine().getOut(), target.colours());
    if (target.json()) {
      page.json(trace);
    } else {
      new TraceView(page, target.columns(), all).show(trace);
    }
  }

  /** A record's name has slashes in it, and those are the path's own. */
  private static String path(String id) {
    return Arrays.stream(id.strip().split("/"))
        .map(ServiceClient::encodeSegment)
        .collect(Collectors.joining("/"));
  }
}
