package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
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
  @Mixin private final SelectionOptions selection = new SelectionOptions();
  @Mixin private final StartOptions start = new StartOptions();
  @Spec private @Nullable CommandSpec spec;

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
    Duration lookBack =
        selection
            .lookBack(command)
            .orElseThrow(
                () ->
                    new ParameterException(
                        command, "--since, --query: say which records, for example --since 30d"));
    String since =
        Clock.systemUTC().instant().minus(lookBack).truncatedTo(ChronoUnit.SECONDS).toString();
    JsonNode run =
        target
            .client()
            .post(
                "%s?since=%s&system=%s&kind=%s&query=%s&notes=%s&adoptBy=%s"
                    .formatted(
                        PATH,
                        ServiceClient.encodeSegment(since),
                        ServiceClient.encodeSegment(selection.system()),
                        ServiceClient.encodeSegment(selection.kind()),
                        ServiceClient.encodeSegment(selection.query()),
                        start.notes(),
                        ServiceClient.encodeSegment(start.adoptBy())));
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
    return new BackfillProgress(target, commandLine()).report(target.client().delete(PATH), false);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
