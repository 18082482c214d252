package dev.lockstep.cli;

import picocli.CommandLine.Option;

/** The period of a report; the service checks it. */
final class PeriodOptions {
  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "A day (2026-11-01), a time in UTC (2026-11-01T08:00:00Z) or how long ago (30d)."
              + " Default: 30 days before the end.")
  private String since = "";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "The same; a day includes that day. Default: now.")
  private String until = "";

  /** The beginning of a query. */
  String query() {
    return "?since="
        + ServiceClient.encodeSegment(since)
        + "&until="
        + ServiceClient.encodeSegment(until);
  }
}
