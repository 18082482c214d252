package dev.lockstep.cli;

/** Ends a command with one line on standard error: what, where, how to mend. */
final class CliException extends RuntimeException {
  /** Not found, or the service could not do it. */
  static final int FAILED = 1;

  /** Wrong options or settings. */
  static final int USAGE = 2;

  /** No service answered. */
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
