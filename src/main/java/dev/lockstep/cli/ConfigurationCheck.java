package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Checks the configuration against the real systems, for the {@code check} command. */
@FunctionalInterface
public interface ConfigurationCheck {

  /**
   * Reads from the systems; writes nothing to any of them.
   *
   * @return an array of results: {@code system}, {@code title}, {@code check}, {@code status}
   *     (PASS, WARNING or FAIL), {@code found} and {@code advice}
   * @throws dev.lockstep.ops.StartupException when settings or files are wrong
   */
  JsonNode run();
}
