package dev.lockstep.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every command that asks a running service. */
final class ConnectionOptions {
  private final CliEnvironment surroundings;

  @Option(
      names = "--json",
      negatable = true,
      scope = ScopeType.INHERIT,
      description = "JSON, or tables; without it JSON when the output is not a terminal.")
  private @Nullable Boolean json;

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "The running service; default: this machine, port LOCKSTEP_PORT or 8080.")
  private @Nullable String url;

  @Option(
      names = "--token",
      scope = ScopeType.INHERIT,
      paramLabel = "TOKEN",
      description =
          "Its API token; default LOCKSTEP_API_TOKEN, else the file api-token in"
              + " LOCKSTEP_DATA_DIR.")
  private @Nullable String token;

  ConnectionOptions(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  boolean json() {
    return Optional.ofNullable(json).orElse(!surroundings.terminal());
  }

  boolean colours() {
    return surroundings.colours();
  }

  int columns() {
    return surroundings.columns();
  }

  /** Who decides, for the audit; Java says {@code ?} when the system has no name for the user. */
  String user() {
    String user = surroundings.user().strip();
    return user.isEmpty() || user.equals("?") ? "cli" : user;
  }

  ServiceClient client() {
    String address =
        Optional.ofNullable(url)
            .orElseGet(() -> "http://localhost:" + surroundings.variable("LOCKSTEP_PORT", "8080"));
    return new ServiceClient(address, Optional.ofNullable(token).orElseGet(this::configuredToken));
  }

  private String configuredToken() {
    String given = surroundings.variable("LOCKSTEP_API_TOKEN", "");
    if (!given.isEmpty()) {
      return given;
    }
    Path file = Path.of(surroundings.variable("LOCKSTEP_DATA_DIR", "data")).resolve("api-token");
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      throw new CliException(
          CliException.FAILED,
          "can't read " + file.toAbsolutePath() + "; run as its owner or use --token");
    }
  }
}
