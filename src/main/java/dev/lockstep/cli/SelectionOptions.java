package dev.lockstep.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which records a command is about. */
final class SelectionOptions {
  /** With a query, the time of the last change does not matter. */
  private static final Duration EVER = Duration.ofDays(3650);

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Records that changed since then: a date (2026-11-01), a time in UTC"
              + " (2026-11-01T08:00:00Z) or a period (30d, 12h).")
  private @Nullable String since;

  @Option(
      names = "--query",
      paramLabel = "QUERY",
      description =
          "Records of --system that match, in its own language, for example an encoded query or"
              + " JQL.")
  private String query = "";

  @Option(
      names = "--system",
      paramLabel = "SYSTEM",
      description =
          "Only records of this system: the name of its folder in connectors/, or of an instance.")
  private String system = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only records of this kind, such as incident.")
  private String kind = "";

  /**
   * How far back; empty if the operator does not say which records.
   *
   * @throws ParameterException when an option is invalid
   */
  Optional<Duration> lookBack(CommandLine command) {
    if (!query().isEmpty() && system().isEmpty()) {
      throw new ParameterException(command, "--query: say whose query it is with --system");
    }
    if (since != null) {
      return Optional.of(PastTime.parse(command, "--since", since));
    }
    return query().isEmpty() ? Optional.empty() : Optional.of(EVER);
  }

  String query() {
    return query.strip();
  }

  String system() {
    return system.strip();
  }

  String kind() {
    return kind.strip();
  }
}
