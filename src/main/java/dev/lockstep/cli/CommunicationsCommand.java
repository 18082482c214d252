package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.CommunicationView;
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
    name = "communications",
    description = "Updates of incidents for their stakeholders: what is due, drafts, sending.",
    synopsisSubcommandLabel = "list|show|preview|send|snooze",
    mixinStandardHelpOptions = true)
final class CommunicationsCommand implements Runnable {
  private static final String PATH = "/api/communications";
  private static final String ID = "The key of one of its records, such as INC0010001.";
  private static final String AUDIENCE = "As in the settings, for example executives.";

  private final CliEnvironment environment;
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  CommunicationsCommand(CliEnvironment environment) {
    this.environment = environment;
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "communications: missing subcommand; use list, show, preview, send or snooze");
  }

  @Command(
      name = "list",
      description =
          "Lists the updates that are due, and what vendors have to report, first due first.",
      mixinStandardHelpOptions = true)
  int list() {
    JsonNode answer = target.client().get(PATH);
    if (target.json()) {
      output().json(answer);
    } else {
      CommunicationView view = new CommunicationView(output());
      view.list(answer.path("updates"), target.columns());
      view.vendors(answer.path("vendors"), target.columns());
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows what is due for an incident, and the updates that were sent.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "INCIDENT", description = ID) String incident) {
    JsonNode answer = target.client().get(path(incident));
    if (target.json()) {
      output().json(answer);
    } else {
      new CommunicationView(output()).show(answer);
    }
    return 0;
  }

  @Command(
      name = "preview",
      description = {
        "Prints the draft of an update. Redirect it into a file, edit it, and send that file."
      },
      mixinStandardHelpOptions = true)
  int preview(
      @Parameters(paramLabel = "INCIDENT", description = ID) String incident,
      @Option(names = "--audience", paramLabel = "NAME", required = true, description = AUDIENCE)
          String audience,
      @Option(
              names = "--next",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "What happens next, for the draft.")
          String next) {
    JsonNode draft =
        target
            .client()
            .get(
                "%s/draft?audience=%s&next=%s"
                    .formatted(
                        path(incident),
                        ServiceClient.encodeSegment(audience),
                        ServiceClient.encodeSegment(next)));
    if (target.json()) {
      output().json(draft);
    } else {
      // What is not part of the text must not end up in a file.
      CommunicationView.head(draft).forEach(this::remark);
      output().line(Output.text(draft, "text"));
    }
    return 0;
  }

  @Command(
      name = "send",
      description = "Sends an update to everywhere its audience is informed, due or not.",
      mixinStandardHelpOptions = true)
  int send(
      @Parameters(paramLabel = "INCIDENT", description = ID) String incident,
      @Option(names = "--audience", paramLabel = "NAME", required = true, description = AUDIENCE)
          String audience,
      @Option(
              names = "--file",
              paramLabel = "FILE",
              required = true,
              description = "The text, in UTF-8; - for standard input.")
          String file,
      @Option(
              names = "--subject",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "The subject of e-mails; default: as drafted.")
          String subject,
      @Option(
              names = "--key",
              paramLabel = "KEY",
              defaultValue = "",
              description = "Identifies the update: repeated with the same key, it is sent once.")
          String key) {
    Map<String, String> body = new HashMap<>();
    body.put("audience", audience);
    body.put("subject", subject);
    body.put("text", TextFile.read(environment, file));
    String sentAs = key.isEmpty() ? UUID.randomUUID().toString() : key;
    body.put("key", sentAs);
    JsonNode answer = send(path(incident) + "/updates", body, sentAs);
    if (target.json()) {
      output().json(answer);
    } else {
      new CommunicationView(output()).sent(answer);
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
            "%s. If it may have been sent, repeat it with --key %s: it is sent once"
                .formatted(e.getMessage(), key));
      }
      throw e;
    }
  }

  @Command(
      name = "snooze",
      description = "Postpones the update that is due; the reason is in the audit.",
      mixinStandardHelpOptions = true)
  int snooze(
      @Parameters(paramLabel = "INCIDENT", description = ID) String incident,
      @Option(names = "--audience", paramLabel = "NAME", required = true, description = AUDIENCE)
          String audience,
      @Option(
              names = "--for",
              paramLabel = "DURATION",
              required = true,
              description = "Counted from now, from 1m to 24h.")
          String duration,
      @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
          String reason) {
    JsonNode due =
        target
            .client()
            .post(
                path(incident) + "/snooze",
                Map.of("audience", audience, "for", duration, "reason", reason));
    if (target.json()) {
      output().json(due);
    } else {
      output()
          .line(
              "The update of %s for %s is due at %s UTC."
                  .formatted(
                      Output.text(due.path("incident"), "key"),
                      Output.text(due, "audienceTitle"),
                      Output.time(due, "dueAt")));
    }
    return 0;
  }

  private static String path(String incident) {
    return PATH + "/" + ServiceClient.encodeSegment(incident);
  }

  private void remark(String line) {
    Objects.requireNonNull(spec).commandLine().getErr().println(line);
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
