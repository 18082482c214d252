package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
    description = "The postmortems that were taken in, and the files of the folder that were not.",
    footer = {
      "",
      "Exit codes: 0 all is well, 1 a file was refused, something could not be read or an incident"
          + " is not known, 2 wrong use, 3 no service answered."
    },
    mixinStandardHelpOptions = true)
final class PostmortemListCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many, the newest first; default ${DEFAULT-VALUE}, at most 1000.")
  private int limit;

  PostmortemListCommand(CliEnvironment surroundings) {
    this.target = new ConnectionOptions(surroundings);
  }

  @Override
  public Integer call() {
    JsonNode overview = target.client().get("/api/postmortems?limit=" + limit);
    Output page = new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
    if (target.json()) {
      page.json(overview);
    } else {
      new PostmortemListView(page, target.columns()).show(overview);
    }
    boolean fine = overview.path("refused").isEmpty();
    for (JsonNode postmortem : overview.path("postmortems")) {
      fine &= postmortem.path("unread").isEmpty() && postmortem.path("problem").asText().isEmpty();
    }
    return fine ? 0 : CliException.FAILED;
  }
}
