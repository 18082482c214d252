package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.CheckView;
import dev.lockstep.cli.view.Output;
import java.time.Duration;
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
    name = "check",
    description = "Checks settings, credentials, rights and webhooks in the real systems.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Needs neither a running service nor a database, and writes no record to any system. If the"
          + " service runs, systems that can are asked to send it a test webhook.",
      "Exits with 0 if nothing fails, 1 if something does, 2 if a setting is invalid."
    })
final class CheckCommand implements Callable<Integer> {
  private final ConfigurationCheck check;

  @Mixin private final ConnectionOptions target;

  @Option(
      names = "--webhook-within",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "How long a test webhook may take to arrive; default: ${DEFAULT-VALUE}.")
  private String webhookWithin = "";

  @Spec private @Nullable CommandSpec spec;

  CheckCommand(ConfigurationCheck check, CliEnvironment environment) {
    this.check = check;
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    Duration within =
        PastTime.period(webhookWithin)
            .orElseThrow(
                () ->
                    new ParameterException(
                        command,
                        "--webhook-within: '%s' is not a duration; write for example 30s or 2m"
                            .formatted(webhookWithin)));
    // The systems' answers are arbitrary text.
    JsonNode findings = Output.plain(check.run(service(), within));
    Output output = new Output(command.getOut(), target.colours());
    if (target.json()) {
      output.json(findings);
    } else {
      new CheckView(output, target.columns()).print(findings);
    }
    return CheckView.count(findings, "FAIL") > 0 ? CliException.FAILED : 0;
  }

  private ConfigurationCheck.RunningService service() {
    ServiceClient client = target.client();
    return () -> {
      try {
        return client.get("/api/systems");
      } catch (CliException e) {
        if (e.exitCode() == CliException.USAGE) {
          throw e;
        }
        throw new ConfigurationCheck.UnavailableException(String.valueOf(e.getMessage()));
      }
    };
  }
}
