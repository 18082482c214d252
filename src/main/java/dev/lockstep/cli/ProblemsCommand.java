package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.ProblemView;
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
    name = "problems",
    description = "Problems that recurring incidents have in common: proposed and accepted ones.",
    synopsisSubcommandLabel = "list|show|accept|reject",
    mixinStandardHelpOptions = true)
final class ProblemsCommand implements Runnable {
  private static final String PATH = "/api/problems";
  private static final String ID = "The number, as listed.";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  ProblemsCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "problems: missing subcommand; use list, show, accept or reject");
  }

  @Command(
      name = "list",
      description = "Lists proposals and problems, last changed first.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(
              names = "--state",
              paramLabel = "STATE",
              split = ",",
              description = "Only these: PROPOSED, ACCEPTED, REJECTED.")
          @Nullable List<String> states,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    String query = "?limit=" + limit;
    if (states != null) {
      query += "&state=" + ServiceClient.encodeSegment(String.join(",", states));
    }
    JsonNode answer = target.client().get(PATH + query);
    if (target.json()) {
      output().json(answer);
    } else {
      new ProblemView(output()).list(answer.path("problems"), target.columns());
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows its incidents, open action items and history.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID", description = ID) String id) {
    JsonNode answer = target.client().get(PATH + "/" + ServiceClient.encodeSegment(id));
    if (target.json()) {
      output().json(answer);
    } else {
      new ProblemView(output()).show(answer);
    }
    return 0;
  }

  @Command(
      name = "accept",
      description = "Has a problem record created, and its incidents linked to it.",
      mixinStandardHelpOptions = true)
  int accept(@Parameters(paramLabel = "ID", description = ID) String id) {
    return decide(id, "accept");
  }

  @Command(
      name = "reject",
      description = "Rejects the proposal: these incidents are not proposed again.",
      mixinStandardHelpOptions = true)
  int reject(@Parameters(paramLabel = "ID", description = ID) String id) {
    return decide(id, "reject");
  }

  private int decide(String id, String verb) {
    JsonNode answer =
        target.client().post("%s/%s/%s".formatted(PATH, ServiceClient.encodeSegment(id), verb));
    if (target.json()) {
      output().json(answer);
    } else {
      output().line("Problem %s: %s".formatted(id, Output.text(answer, "text")));
    }
    return 0;
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
