package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.DuplicateView;
import dev.lockstep.cli.view.Output;
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
    description = "Duplicate tickets: proposed ones, and those linked to a primary.",
    synopsisSubcommandLabel = "list|show|accept|reject|split",
    mixinStandardHelpOptions = true)
final class DuplicatesCommand implements Runnable {
  private static final String PATH = "/api/duplicates";
  private static final String ID = "The number, or the duplicate's key such as INC0010007.";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  DuplicatesCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw usageError("duplicates: missing subcommand; use list, show, accept, reject or split");
  }

  @Command(
      name = "list",
      description = "Lists proposed and active duplicates, last changed first.",
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
      @Option(names = "--all", description = "Also list past duplicates.") boolean all,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    if (all && states != null) {
      throw usageError("duplicates list: --all and --state are mutually exclusive");
    }
    List<String> asked = all ? List.of("ALL") : states == null ? List.of() : states;
    String query = "?limit=" + limit;
    if (!asked.isEmpty()) {
      query += "&state=" + ServiceClient.encodeSegment(String.join(",", asked));
    }
    JsonNode answer = target.client().get(PATH + query);
    if (target.json()) {
      output().json(answer);
    } else {
      new DuplicateView(output())
          .list(answer.path("duplicates"), !asked.isEmpty(), limit, target.columns());
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows both tickets, the reasons for the score, and the history.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID", description = ID) String id) {
    JsonNode answer = target.client().get(PATH + "/" + ServiceClient.encodeSegment(id));
    if (target.json()) {
      output().json(answer);
    } else {
      new DuplicateView(output()).show(answer);
    }
    return 0;
  }

  @Command(
      name = "accept",
      description = "Confirms the duplicate: it is linked to its primary and resolved with it.",
      mixinStandardHelpOptions = true)
  int accept(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = "--primary",
              paramLabel = "KEY",
              description = "Which of the two becomes the primary; default: the proposed one.")
          @Nullable String primary) {
    return decide(
        id, "accept", primary == null ? "" : "?primary=" + ServiceClient.encodeSegment(primary));
  }

  @Command(
      name = "reject",
      description = "Rejects the duplicate: these two are never proposed again.",
      mixinStandardHelpOptions = true)
  int reject(@Parameters(paramLabel = "ID", description = ID) String id) {
    return decide(id, "reject", "");
  }

  @Command(
      name = "split",
      description = "Unlinks the duplicate from its primary; these two are never proposed again.",
      mixinStandardHelpOptions = true)
  int split(@Parameters(paramLabel = "ID", description = ID) String id) {
    return decide(id, "split", "");
  }

  private int decide(String id, String verb, String query) {
    JsonNode answer =
        target
            .client()
            .post("%s/%s/%s%s".formatted(PATH, ServiceClient.encodeSegment(id), verb, query));
    if (target.json()) {
      output().json(answer);
    } else {
      new DuplicateView(output()).showDecision(answer);
    }
    return 0;
  }

  private ParameterException usageError(String line) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), line);
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
