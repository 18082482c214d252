package dev.lockstep.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = "Starts the service on the systems and the database its settings name.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Settings come from environment variables, config/application.yaml or files for secrets;",
      "docs/operations.md lists them. Ends with 2 and a line per problem when one is wrong."
    })
final class RunCommand implements Callable<Integer> {
  private final ServiceRunner service;

  @Option(
      names = "--warm-up",
      hidden = true,
      description = "Stop when ready: the launcher records the loaded classes so.")
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
