package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.PostmortemListView;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = "Lists imported postmortems, and files of the folder that were rejected.",
    footer = {
      "",
      "Exit codes: 0 no problems, 1 a file was rejected, a line could not be parsed or an incident"
          + " is unknown, 2 invalid usage, 3 service not reachable."
    },
    mixinStandardHelpOptions = true)
final class PostmortemListCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most N, newest first; default ${DEFAULT-VALUE}, maximum 1000.")
  private int limit;

  PostmortemListCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    JsonNode overview = target.client().get("/api/postmortems?limit=" + limit);
    Output output =
        new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
    if (target.json()) {
      output.json(overview);
    } else {
      new PostmortemListView(output, target.columns()).show(overview);
    }
    boolean fine = overview.path("refused").isEmpty();
    for (JsonNode postmortem : overview.path("postmortems")) {
      fine &= postmortem.path("unread").isEmpty() && postmortem.path("problem").asText().isEmpty();
    }
    return fine ? 0 : CliException.FAILED;
  }
}
