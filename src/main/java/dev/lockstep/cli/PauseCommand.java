package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.PauseView;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "pause",
    description = {
      "Pauses a system, a mapping or everything. Changes are received and wait; no call is made to"
          + " a paused system. `resume` ends it."
    },
    mixinStandardHelpOptions = true)
final class PauseCommand implements Callable<Integer> {
  static final String PATH = "/api/pauses";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SYSTEM|MAPPING",
      description = "What to pause; default: everything.")
  private String scope = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; shown in lists and in the audit.")
  private String reason = "";

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "When it ends by itself, for example 30m, 8h or 2d; default: never.")
  private String duration = "";

  @Option(names = "--list", description = "Only list what is paused.")
  private boolean lists;

  PauseCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    if (lists) {
      return list();
    }
    JsonNode started =
        target
            .client()
            .post(
                "%s?scope=%s&reason=%s&for=%s"
                    .formatted(
                        PATH,
                        ServiceClient.encodeSegment(scope),
                        ServiceClient.encodeSegment(reason),
                        ServiceClient.encodeSegment(duration)));
    Output output = output();
    if (target.json()) {
      output.json(started);
    } else {
      output.line(PauseView.describe(started) + ".");
    }
    return 0;
  }

  private int list() {
    if (!scope.isEmpty() || !reason.isEmpty() || !duration.isEmpty()) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), "--list takes nothing else");
    }
    JsonNode answer = target.client().get(PATH);
    Output output = output();
    if (target.json()) {
      output.json(answer);
    } else {
      PauseView.print(answer.path("pauses"), output, target.columns());
    }
    return 0;
  }

  private Output output() {
    return new Output(
        Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
