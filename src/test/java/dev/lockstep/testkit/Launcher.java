package dev.lockstep.testkit;

import java.util.List;
import java.util.Optional;

/**
 * The launcher, where it starts the very classes under test: in a build, which packaged them. It
 * starts the service in half the time that its class path takes, since its classes are archived.
 */
public final class Launcher {
  private Launcher() {}

  /** The command, without what it is to do; empty outside of a build. */
  public static Optional<List<String>> command() {
    return Optional.ofNullable(System.getProperty("test.launcher")).map(List::of);
  }
}
