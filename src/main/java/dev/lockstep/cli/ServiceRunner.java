package dev.lockstep.cli;

/** Runs the service, for the {@code run} command. */
@FunctionalInterface
public interface ServiceRunner {

  /**
   * Starts the service and returns when it is stopped.
   *
   * @param warmUp stop as soon as the service is ready
   * @throws dev.lockstep.ops.StartupException when it cannot start
   */
  void runUntilStopped(boolean warmUp) throws InterruptedException;
}
