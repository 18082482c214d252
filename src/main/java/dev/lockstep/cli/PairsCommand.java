package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
    description = "The records kept in step.",
    synopsisSubcommandLabel = "list|show",
    mixinStandardHelpOptions = true)
final class PairsCommand implements Runnable {
  private static final String PATH = "/api/pairs";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  PairsCommand(CliEnvironment surroundings) {
    this.target = new ConnectionOptions(surroundings);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "pairs: say list or show");
  }

  @Command(name = "list", description = "Last changed first.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    JsonNode answer = target.client().get(PATH + "?limit=" + limit);
    Output page = page();
    if (target.json()) {
      page.json(answer);
      return 0;
    }
    JsonNode pairs = answer.path("pairs");
    if (pairs.isEmpty()) {
      page.line("No pairs yet.");
      printFailingSystems(page);
      return 0;
    }
    Table table = page.table("ID", "LEFT", "RIGHT", "STATE", "GAPS", "CHANGED (UTC)");
    for (JsonNode pair : pairs) {
      table.add(
          Output.text(pair, "id"),
          Output.text(pair.path("left"), "key"),
          Output.text(pair.path("right"), "key"),
          Output.text(pair, "state"),
          pair.path("gaps").asInt() == 0 ? "" : Output.text(pair, "gaps"),
          Output.time(pair, "changedAt"));
    }
    // The keys are enough to name a pair to `pairs show`.
    if (target.columns() > 0 && table.width() > target.columns()) {
      table.drop("ID");
    }
    table.fit(target.columns(), "LEFT", "RIGHT");
    page.print(table);
    return 0;
  }

  /** There may be no pairs because no system can be read. */
  private void printFailingSystems(Output page) {
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
              problem -> page.line(Output.text(system, "title") + " can't be read: " + problem));
    }
  }

  @Command(
      name = "show",
      description =
          "Both sides beside what they last agreed on, the notes, and what happened when.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "ID", description = "A pair's id, or either record's key.")
          String id) {
    JsonNode answer = target.client().get(PATH + "/" + ServiceClient.encodeSegment(id));
    if (target.json()) {
      page().json(answer);
    } else {
      new PairView(page(), target.columns()).print(answer);
    }
    return 0;
  }

  private Output page() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
