package dev.lockstep.cli;

import java.nio.file.Path;
import java.util.Map;

/**
 * The environment a command runs in.
 *
 * @param environment variables
 * @param workingDirectory the caller's; not the process's, since the launcher changes to the
 *     project folder
 * @param terminal whether standard output is a terminal
 * @param columns the terminal's width in characters; 0: unknown
 * @param user the operating system user
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

  /** Read from the system properties set by the launcher. */
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
   * {@code COLUMNS} takes precedence over the terminal's actual width ("Environment Variables" of
   * POSIX).
   */
  static int columns(String wanted, int measured) {
    return wanted.matches("[1-9]\\d{0,3}") ? Integer.parseInt(wanted) : measured;
  }

  String variable(String name, String otherwise) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  /** Any non-empty {@code NO_COLOR} disables colours, see no-color.org. */
  public boolean colours() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }
}
