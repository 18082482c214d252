package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.ManagerView;
import dev.lockstep.cli.view.Output;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "incident-manager",
    description = "Who leads incidents: the list, assignments, handovers.",
    synopsisSubcommandLabel = "list|show|preview|assign|hand-over|release",
    mixinStandardHelpOptions = true)
final class IncidentManagerCommand implements Runnable {
  private static final String PATH = "/api/incident-managers";
  private static final String ID = "The key of one of its records, such as INC0010001.";
  private static final String TO = "Who leads it from then on, usually an e-mail address.";
  private static final String FROM = "Who leads it now; if somebody else does, nothing is changed.";
  private static final String REASON = "Why, for the audit.";
  private static final String KEY =
      "Identifies the change: repeated with the same key, it is made once.";

  private final CliEnvironment environment;
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  IncidentManagerCommand(CliEnvironment environment) {
    this.environment = environment;
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "incident-manager: missing subcommand; use list, show, preview, assign, hand-over or"
            + " release");
  }

  @Command(
      name = "list",
      description = "Lists the incidents that need a manager, in the order of precedence.",
      mixinStandardHelpOptions = true)
  int list() {
    JsonNode answer = target.client().get(PATH);
    if (target.json()) {
      output().json(answer);
    } else {
      new ManagerView(output()).list(answer.path("incidents"), target.columns());
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows who leads an incident, and what was changed.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "INCIDENT", description = ID) String incident) {
    JsonNode answer = target.client().get(path(incident));
    if (target.json()) {
      output().json(answer);
    } else {
      new ManagerView(output()).show(answer);
    }
    return 0;
  }

  @Command(
      name = "preview",
      description = {
        "Prints the open points of an incident. Redirect them into a file, edit it, and hand over"
            + " with that file."
      },
      mixinStandardHelpOptions = true)
  int preview(@Parameters(paramLabel = "INCIDENT", description = ID) String incident) {
    JsonNode draft = target.client().get(path(incident) + "/handover");
    if (target.json()) {
      output().json(draft);
    } else {
      output().line(Output.text(draft, "openPoints"));
    }
    return 0;
  }

  @Command(
      name = "assign",
      description = "Assigns somebody to an incident that nobody leads.",
      mixinStandardHelpOptions = true)
  int assign(
      @Parameters(paramLabel = "INCIDENT", description = ID) String incident,
      @Option(names = "--to", paramLabel = "PERSON", required = true, description = TO) String to,
      @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = REASON)
          String reason,
      @Option(names = "--key", paramLabel = "KEY", defaultValue = "", description = KEY)
          String key) {
    Map<String, String> body = new HashMap<>(Map.of("to", to, "reason", reason));
    return change(incident, "assign", body, key);
  }

  @Command(
      name = "hand-over",
      description = "Hands an incident over to somebody else, with a summary of what is open.",
      mixinStandardHelpOptions = true)
  int handOver(
      @Parameters(paramLabel = "INCIDENT", description = ID) String incident,
      @Option(names = "--to", paramLabel = "PERSON", required = true, description = TO) String to,
      @Option(names = "--from", paramLabel = "PERSON", description = FROM) @Nullable String from,
      @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = REASON)
          String reason,
      @Option(
              names = "--file",
              paramLabel = "FILE",
              defaultValue = "",
              description =
                  "The open points, in UTF-8; - for standard input. Default: as preview prints"
                      + " them.")
          String file,
      @Option(names = "--key", paramLabel = "KEY", defaultValue = "", description = KEY)
          String key) {
    Map<String, String> body = new HashMap<>(Map.of("to", to, "reason", reason));
    if (from != null) {
      body.put("from", from);
    }
    if (!file.isEmpty()) {
      body.put("openPoints", TextFile.read(environment, file));
    }
    return change(incident, "handover", body, key);
  }

  @Command(
      name = "release",
      description = "Takes the assigned manager off an incident; nobody leads it then.",
      mixinStandardHelpOptions = true)
  int release(
      @Parameters(paramLabel = "INCIDENT", description = ID) String incident,
      @Option(names = "--reason", paramLabel = "TEXT", required = true, description = REASON)
          String reason,
      @Option(names = "--key", paramLabel = "KEY", defaultValue = "", description = KEY)
          String key) {
    return change(incident, "release", new HashMap<>(Map.of("reason", reason)), key);
  }

  private int change(String incident, String what, Map<String, String> body, String key) {
    String sentAs = key.isEmpty() ? UUID.randomUUID().toString() : key;
    body.put("key", sentAs);
    JsonNode answer = send(path(incident) + "/" + what, body, sentAs);
    if (target.json()) {
      output().json(answer);
    } else {
      new ManagerView(output()).changed(answer);
    }
    return 0;
  }

  private JsonNode send(String path, Map<String, String> body, String key) {
    try {
      return target.client().post(path, body);
    } catch (CliException e) {
      if (e.exitCode() == CliException.UNREACHABLE) {
        throw new CliException(
            CliException.UNREACHABLE,
            "%s. If it may have been done, repeat it with --key %s: it is done once"
                .formatted(e.getMessage(), key));
      }
      throw e;
    }
  }

  private static String path(String incident) {
    return PATH + "/" + ServiceClient.encodeSegment(incident);
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
