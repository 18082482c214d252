package dev.lockstep.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of all commands that call a running service. */
final class ConnectionOptions {
  private final CliEnvironment environment;

  @Option(
      names = "--json",
      negatable = true,
      scope = ScopeType.INHERIT,
      description = "Print JSON or tables; default: JSON if the output is not a terminal.")
  private @Nullable Boolean json;

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "URL of the service; default: localhost, port LOCKSTEP_PORT or 8080.")
  private @Nullable String url;

  @Option(
      names = "--token",
      scope = ScopeType.INHERIT,
      paramLabel = "TOKEN",
      description =
          "API token; default: LOCKSTEP_API_TOKEN, or the file api-token in"
              + " LOCKSTEP_DATA_DIR.")
  private @Nullable String token;

  ConnectionOptions(CliEnvironment environment) {
    this.environment = environment;
  }

  boolean json() {
    return Optional.ofNullable(json).orElse(!environment.terminal());
  }

  boolean colours() {
    return environment.colours();
  }

  int columns() {
    return environment.columns();
  }

  ServiceClient client() {
    String address =
        Optional.ofNullable(url)
            .orElseGet(() -> "http://localhost:" + environment.variable("LOCKSTEP_PORT", "8080"));
    return token == null
        ? new ServiceClient(address, configuredToken(), user())
        : new ServiceClient(address, token, "");
  }

  /** Java reports {@code ?} for a user without a name. */
  private String user() {
    String user = environment.user().strip();
    return user.equals("?") ? "" : user;
  }

  private String configuredToken() {
    String given = environment.variable("LOCKSTEP_API_TOKEN", "");
    if (!given.isEmpty()) {
      return given;
    }
    Path file = Path.of(environment.variable("LOCKSTEP_DATA_DIR", "data")).resolve("api-token");
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      throw new CliException(
          CliException.FAILED,
          "cannot read " + file.toAbsolutePath() + "; run as its owner or use --token");
    }
  }
}
