package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.CheckView;
import dev.lockstep.cli.view.Output;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description = "Checks settings, credentials, rights and webhooks in the real systems.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Needs neither a running service nor a database, and writes nothing to any system.",
      "Exits with 0 if nothing fails, 1 if something does, 2 if a setting is invalid."
    })
final class CheckCommand implements Callable<Integer> {
  private final ConfigurationCheck check;
  private final CliEnvironment environment;

  @Option(
      names = "--json",
      negatable = true,
      description = "Print JSON or a table; default: JSON if the output is not a terminal.")
  private @Nullable Boolean json;

  @Spec private @Nullable CommandSpec spec;

  CheckCommand(ConfigurationCheck check, CliEnvironment environment) {
    this.check = check;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    // The systems' answers are arbitrary text.
    JsonNode findings = Output.plain(check.run());
    Output output =
        new Output(Objects.requireNonNull(spec).commandLine().getOut(), environment.colours());
    if (Optional.ofNullable(json).orElse(!environment.terminal())) {
      output.json(findings);
    } else {
      new CheckView(output, environment.columns()).print(findings);
    }
    return CheckView.count(findings, "FAIL") > 0 ? CliException.FAILED : 0;
  }
}
