package dev.lockstep.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    description = {
      "Has the service carry out a plan saved with `plan --save FILE`.",
      "A record that was changed after the plan was made is not written to; it is listed."
    },
    footer = {
      "",
      "Exit codes: 0 carried out or started, 1 something was refused or failed, 2 invalid usage, 3"
          + " service not reachable."
    },
    mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
  private final CliEnvironment environment;
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The saved plan.")
  private @Nullable Path file;

  @Option(
      names = "--no-wait",
      description = "Return at once; `backfill show` shows how far it got.")
  private boolean returnsAtOnce;

  ApplyCommand(CliEnvironment environment) {
    this.environment = environment;
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    Path plan = environment.workingDirectory().resolve(Objects.requireNonNull(file));
    byte[] document;
    try {
      document = Files.readAllBytes(plan);
    } catch (IOException e) {
      throw new CliException(
          CliException.USAGE,
          "can't read " + plan + "; save a plan with `./lockstep plan --save FILE`");
    }
    return new BackfillProgress(target, Objects.requireNonNull(spec).commandLine())
        .report(
            target.client().post(BackfillCommand.PATH + "/plan", "application/json", document),
            !returnsAtOnce);
  }
}
