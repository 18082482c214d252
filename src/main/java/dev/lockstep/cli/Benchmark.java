package dev.lockstep.cli;

import java.io.PrintWriter;
import java.util.List;

/** Measures speed and size; the root package says how. */
@FunctionalInterface
public interface Benchmark {

  /**
   * Measures and prints.
   *
   * @param arguments as given on the command line after {@code bench}
   * @return the exit code
   */
  int measure(List<String> arguments, PrintWriter out);
}
