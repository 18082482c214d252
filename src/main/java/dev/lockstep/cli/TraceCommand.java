package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.TraceView;
import java.util.Objects;
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
        "Traces an incident to the deployed fixes: alert, duplicates, postmortem, action"
            + " items, changes and history.",
    footer = {"", "Exit codes: 0 found, 1 not found, 2 invalid usage, 3 service not reachable."},
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

  @Option(names = "--all", description = "All duplicates, and texts without truncation.")
  private boolean all;

  @Option(names = "--csv", description = "Print the history as CSV.")
  private boolean csv;

  TraceCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec);
    String path = PATH + TimelineCommand.path(id);
    if (csv) {
      own.commandLine().getOut().print(target.client().csv(path));
      own.commandLine().getOut().flush();
      return;
    }
    JsonNode trace = target.client().get(path);
    Output output = new Output(own.commandLine().getOut(), target.colours());
    if (target.json()) {
      output.json(trace);
    } else {
      new TraceView(output, target.columns(), all).show(trace);
    }
  }
}
