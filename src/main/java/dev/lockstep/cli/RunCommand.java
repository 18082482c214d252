package dev.lockstep.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = "Starts the service.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Settings come from environment variables, config/application.yaml or files for secrets;",
      "docs/operations.md lists them. Exits with 2 and one line per problem if one is invalid."
    })
final class RunCommand implements Callable<Integer> {
  private final ServiceRunner service;

  @Option(
      names = "--warm-up",
      hidden = true,
      description = "Stop when ready; used by the launcher to record the loaded classes.")
  private boolean warmUp;

  RunCommand(ServiceRunner service) {
    this.service = service;
  }

  @Override
  public Integer call() throws InterruptedException {
    service.runUntilStopped(warmUp);
    return 0;
  }
}
