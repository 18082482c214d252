package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** Checks the configuration against the real systems, for the {@code check} command. */
@FunctionalInterface
public interface ConfigurationCheck {

  /** The running service, where the options of the command say it is. */
  @FunctionalInterface
  interface RunningService {
    /**
     * The answer to {@code GET /api/systems}.
     *
     * @throws UnavailableException if it gives none; the message says why in one line
     */
    JsonNode systems();
  }

  /** The service does not run, or does not answer this. */
  final class UnavailableException extends RuntimeException {
    UnavailableException(String why) {
      super(why);
    }
  }

  /**
   * Reads from the systems, and lets those that can send the running service a test webhook; writes
   * no record to any of them.
   *
   * @param webhookWithin how long a test webhook may take
   * @return an array of results: {@code system}, {@code title}, {@code check}, {@code status}
   *     (PASS, WARNING or FAIL), {@code found} and {@code advice}
   * @throws dev.lockstep.ops.StartupException when settings or files are wrong
   */
  JsonNode run(RunningService service, Duration webhookWithin);
}
