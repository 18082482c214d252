package dev.lockstep.cli;

/** The service itself, as {@code run} starts it. */
@FunctionalInterface
public interface ServiceRunner {

  /**
   * Starts, and returns when it was stopped.
   *
   * @param warmUp stop as soon as it is ready
   * @throws dev.lockstep.ops.StartupException when it can't start
   */
  void runUntilStopped(boolean warmUp) throws InterruptedException;
}
