package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "duplicates",
    description = "Tickets that are about the same: what waits for a decision, what was joined.",
    synopsisSubcommandLabel = "list|show|accept|reject|split",
    mixinStandardHelpOptions = true)
final class DuplicatesCommand implements Runnable {
  private static final String PATH = "/api/duplicates";
  private static final String ID = "Its number, or the duplicate's key such as INC0010007.";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  DuplicatesCommand(CliEnvironment surroundings) {
    this.target = new ConnectionOptions(surroundings);
  }

  @Override
  public void run() {
    throw usageError("duplicates: say list, show, accept, reject or split");
  }

  @Command(
      name = "list",
      description = "Those that are proposed or in force, last changed first.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--state",
              paramLabel = "STATE",
              split = ",",
              description =
                  "Only these: PROPOSED, LINKING, LINKED, UNLINKING, UNLINKED, SPLIT, REJECTED,"
                      + " WITHDRAWN.")
          @Nullable List<String> states,
      @Option(names = "--all", description = "Those that are over as well.") boolean all,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    if (all && states != null) {
      throw usageError("duplicates list: --all and --state exclude each other");
    }
    List<String> asked = all ? List.of("ALL") : states == null ? List.of() : states;
    String query = "?limit=" + limit;
    if (!asked.isEmpty()) {
      query += "&state=" + ServiceClient.encodeSegment(String.join(",", asked));
    }
    JsonNode answer = target.client().get(PATH + query);
    if (target.json()) {
      page().json(answer);
    } else {
      new DuplicateView(page()).list(answer.path("duplicates"), !asked.isEmpty(), limit, target);
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Both tickets, why they are thought to be the same, and what happened when.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID", description = ID) String id) {
    JsonNode answer = target.client().get(PATH + "/" + ServiceClient.encodeSegment(id));
    if (target.json()) {
      page().json(answer);
    } else {
      new DuplicateView(page()).show(answer);
    }
    return 0;
  }

  @Command(
      name = "accept",
      description = "They are the same: the duplicate follows its primary from now on.",
      mixinStandardHelpOptions = true)
  int accept(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = "--primary",
              paramLabel = "KEY",
              description = "Which of the two stays at the front; default: the one proposed.")
          @Nullable String primary) {
    return decide(
        id, "accept", primary == null ? "" : "&primary=" + ServiceClient.encodeSegment(primary));
  }

  @Command(
      name = "reject",
      description = "They are not the same: these two are never proposed again.",
      mixinStandardHelpOptions = true)
  int reject(@Parameters(paramLabel = "ID", description = ID) String id) {
    return decide(id, "reject", "");
  }

  @Command(
      name = "split",
      description = "Takes a joined duplicate out again; these two are never proposed again.",
      mixinStandardHelpOptions = true)
  int split(@Parameters(paramLabel = "ID", description = ID) String id) {
    return decide(id, "split", "");
  }

  private int decide(String id, String verb, String more) {
    JsonNode answer =
        target
            .client()
            .post(
                "%s/%s/%s?by=%s%s"
                    .formatted(
                        PATH,
                        ServiceClient.encodeSegment(id),
                        verb,
                        ServiceClient.encodeSegment(target.user()),
                        more));
    if (target.json()) {
      page().json(answer);
    } else {
      new DuplicateView(page()).showDecision(answer);
    }
    return 0;
  }

  private ParameterException usageError(String line) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), line);
  }

  private Output page() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
