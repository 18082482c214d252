package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.PairView;
import dev.lockstep.cli.view.Table;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "pairs",
    description = "The synced records.",
    synopsisSubcommandLabel = "list|show",
    mixinStandardHelpOptions = true)
final class PairsCommand implements Runnable {
  private static final String PATH = "/api/pairs";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  PairsCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "pairs: missing subcommand; use list or show");
  }

  @Command(
      name = "list",
      description = "Lists pairs, last changed first.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    JsonNode answer = target.client().get(PATH + "?limit=" + limit);
    Output output = output();
    if (target.json()) {
      output.json(answer);
      return 0;
    }
    JsonNode pairs = answer.path("pairs");
    if (pairs.isEmpty()) {
      output.line("No pairs yet.");
      printFailingSystems(output);
      return 0;
    }
    Table table = output.table("ID", "LEFT", "RIGHT", "STATE", "GAPS", "CHANGED (UTC)");
    for (JsonNode pair : pairs) {
      table.add(
          Output.text(pair, "id"),
          Output.text(pair.path("left"), "key"),
          Output.text(pair.path("right"), "key"),
          Output.text(pair, "state"),
          pair.path("gaps").asInt() == 0 ? "" : Output.text(pair, "gaps"),
          Output.time(pair, "changedAt"));
    }
    // `pairs show` also accepts the keys.
    if (target.columns() > 0 && table.width() > target.columns()) {
      table.drop("ID");
    }
    table.fit(target.columns(), "LEFT", "RIGHT");
    output.print(table);
    return 0;
  }

  /** Explains why there may be no pairs: systems that cannot be read. */
  private void printFailingSystems(Output output) {
    JsonNode systems;
    try {
      systems = target.client().get("/health/ready").at("/components/systems/details");
    } catch (CliException notReady) {
      return;
    }
    for (JsonNode system : systems) {
      Set<String> problems = new LinkedHashSet<>();
      problems.add(system.path("problem").asText(""));
      system.path("feeds").forEach(feed -> problems.add(feed.path("problem").asText("")));
      problems.stream()
          .filter(problem -> !problem.isEmpty())
          .forEach(
              problem -> output.line(Output.text(system, "title") + " cannot be read: " + problem));
    }
  }

  @Command(
      name = "show",
      description = "Shows both sides, the base, the notes and the history.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "ID", description = "A pair's id, or either record's key.")
          String id) {
    JsonNode answer = target.client().get(PATH + "/" + ServiceClient.encodeSegment(id));
    if (target.json()) {
      output().json(answer);
    } else {
      new PairView(output(), target.columns()).print(answer);
    }
    return 0;
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
