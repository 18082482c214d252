package dev.lockstep.cli;

/** Ends a command with one line on standard error: problem, location and fix. */
final class CliException extends RuntimeException {
  /** Not found, rejected or failed. */
  static final int FAILED = 1;

  /** Invalid options or settings. */
  static final int USAGE = 2;

  /** The service is not reachable. */
  static final int UNREACHABLE = 3;

  private final int exitCode;

  CliException(int exitCode, String line) {
    super(line);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
