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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "resume",
    description = "Ends a pause; what waited is processed now, highest priority first.",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SYSTEM|MAPPING",
      description = "What to resume, as it was paused; default: the pause of everything.")
  private String scope = "";

  ResumeCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    JsonNode answer =
        target.client().delete(PauseCommand.PATH + "?scope=" + ServiceClient.encodeSegment(scope));
    Output output =
        new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
    if (target.json()) {
      output.json(answer);
    } else {
      output.line(PauseView.resumed(answer));
      answer.path("stillPaused").forEach(pause -> output.line(PauseView.describe(pause) + "."));
    }
    return 0;
  }
}
