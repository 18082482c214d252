package dev.lockstep.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Reads a new password; never from the command line, which other users of the machine can see. */
final class PasswordInput {
  private PasswordInput() {}

  /**
   * Asks for a password twice, without showing it, or reads the first line of standard input.
   *
   * @throws CliException if there is no terminal, or the two differ
   */
  static String read(boolean isPiped) {
    if (isPiped) {
      return readLine();
    }
    Console console = System.console();
    if (console == null) {
      throw new CliException(
          CliException.USAGE,
          "there is no terminal to ask for the password; pipe it, with --password-stdin");
    }
    char[] first = ask(console, "Password: ");
    char[] second = ask(console, "Password again: ");
    if (!Arrays.equals(first, second)) {
      throw new CliException(CliException.USAGE, "the two passwords differ; nothing was changed");
    }
    return new String(first);
  }

  /** Null, and so nothing, at the end of the input. */
  private static char[] ask(Console console, String prompt) {
    return Objects.requireNonNullElseGet(console.readPassword(prompt), () -> new char[0]);
  }

  private static String readLine() {
    try {
      // Not closed: it is the process's own.
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      return Objects.requireNonNullElse(in.readLine(), "");
    } catch (IOException e) {
      throw new CliException(CliException.FAILED, "cannot read the password: " + e.getMessage());
    }
  }
}
