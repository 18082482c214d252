package dev.lockstep.cli;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the commands know of where they were called.
 *
 * @param environment variables
 * @param workingDirectory the caller's, which is not the process's: the launcher changes into the
 *     project
 * @param terminal whether standard output is a terminal
 * @param columns how many letters fit into its width; 0 when that is not known
 * @param user who the operating system says has called
 */
public record CliEnvironment(
    Map<String, String> environment,
    Path workingDirectory,
    boolean terminal,
    int columns,
    String user) {

  public CliEnvironment {
    environment = Map.copyOf(environment);
  }

  /** As the launcher left them in system properties. */
  public static CliEnvironment ofCurrentProcess() {
    Map<String, String> environment = System.getenv();
    return new CliEnvironment(
        environment,
        Path.of(System.getProperty("lockstep.cwd", "")).toAbsolutePath(),
        Boolean.getBoolean("lockstep.terminal"),
        columns(environment.getOrDefault("COLUMNS", ""), Integer.getInteger("lockstep.columns", 0)),
        System.getProperty("user.name", ""));
  }

  /**
   * What the user wants goes before what the terminal has: {@code COLUMNS} in "Environment
   * Variables" of POSIX.
   */
  static int columns(String wanted, int measured) {
    return wanted.matches("[1-9]\\d{0,3}") ? Integer.parseInt(wanted) : measured;
  }

  String variable(String name, String otherwise) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  /** See no-color.org: any non-empty value switches colours off. */
  public boolean colours() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }
}
