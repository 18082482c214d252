package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.ChangePlanner.OlderNotes;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "backfill",
    description = {
      "Starts syncing what is open already: records that changed since a time and are in scope.",
      "It goes on in the service, below the live traffic, also after a restart."
    },
    footer = {
      "",
      "`plan` with the same options shows what it would write.",
      "Exit codes: 0 done or started, 1 refused or failed, 2 invalid usage, 3 service not"
          + " reachable."
    },
    mixinStandardHelpOptions = true)
final class BackfillCommand implements Callable<Integer> {
  static final String PATH = "/api/backfill";

  @Mixin private final ConnectionOptions target;
  @Mixin private final StartOptions start = new StartOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Records that changed since then: a date (2026-11-01), a time in UTC"
              + " (2026-11-01T08:00:00Z) or a period (30d, 12h).")
  private @Nullable String since;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only records of this kind, such as incident.")
  private String kind = "";

  @Option(
      names = "--no-wait",
      description = "Return at once; `backfill show` shows how far it got.")
  private boolean returnsAtOnce;

  BackfillCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    CommandLine command = commandLine();
    if (since == null) {
      throw new ParameterException(command, "--since: say since when, for example --since 30d");
    }
    String from =
        Clock.systemUTC()
            .instant()
            .minus(PastTime.parse(command, "--since", since))
            .truncatedTo(ChronoUnit.SECONDS)
            .toString();
    OlderNotes notes = start.notes();
    JsonNode run =
        target
            .client()
            .post(
                "%s?since=%s&kind=%s&notes=%s&adoptBy=%s&by=%s"
                    .formatted(
                        PATH,
                        ServiceClient.encodeSegment(from),
                        ServiceClient.encodeSegment(kind.strip()),
                        notes,
                        ServiceClient.encodeSegment(start.adoptBy()),
                        ServiceClient.encodeSegment(target.user())));
    return new BackfillProgress(target, command).report(run, !returnsAtOnce);
  }

  @Command(
      name = "show",
      description = "Shows the latest run, of `apply` too.",
      mixinStandardHelpOptions = true)
  int show() {
    return new BackfillProgress(target, commandLine()).report(target.client().get(PATH), false);
  }

  @Command(
      name = "stop",
      description = "Stops the run; what it has passed on is processed.",
      mixinStandardHelpOptions = true)
  int stop() {
    return new BackfillProgress(target, commandLine())
        .report(
            target.client().delete(PATH + "?by=" + ServiceClient.encodeSegment(target.user())),
            false);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
