package dev.lockstep.ops;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL run as our child, for those who bring none. What was committed survives {@code
 * kill -9} of either process and power loss (fsync is on). It listens on 127.0.0.1 only and takes
 * nobody without the password kept beside it.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String USER = "postgres";

  /** Ours: says the cluster is whole, so a first start that was cut short can be told apart. */
  private static final String COMPLETE = "lockstep-complete";

  private static final String ONLY_WITH_PASSWORD =
      """
      # Written by Lockstep: no local user gets in without the password.
      host all all 127.0.0.1/32 scram-sha-256
      """;

  private final EmbeddedPostgres postgres;
  private final String password;

  private EmbeddedDatabase(EmbeddedPostgres postgres, String password) {
    this.postgres = postgres;
    this.password = password;
  }

  /**
   * Starts PostgreSQL on the data kept in {@code directory/postgres}, creating it at the first
   * start, on a free port. The directory must be held by the caller for as long as this is open.
   *
   * @throws StartupProblem when PostgreSQL does not start
   */
  public static EmbeddedDatabase start(DataDirectory directory) {
    Path data = directory.path().resolve("postgres");
    Path serverLog = directory.path().resolve("postgres.log");
    String password = directory.secret("postgres-password");
    try {
      new LeftoverPostgres(data).stop();
      setAsideIfIncomplete(data);
      EmbeddedPostgres postgres = launch(data, serverLog, password);
      try {
        closeToStrangers(postgres, data, password);
      } catch (IOException | SQLException e) {
        postgres.close();
        throw e;
      }
      return new EmbeddedDatabase(postgres, password);
    } catch (IOException | SQLException | IllegalStateException e) {
      throw new StartupProblem(
          "The embedded PostgreSQL did not start ("
              + e.getMessage()
              + "); see "
              + serverLog
              + ", or set DATABASE_URL to a PostgreSQL of your own",
          e);
    }
  }

  private static EmbeddedPostgres launch(Path data, Path serverLog, String password)
      throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            // Its own hook would stop the database while we still shut down in order.
            .setRegisterShutdownHook(false)
            .setOverrideWorkingDirectory(binaries(data).toFile())
            .setPGStartupWait(Duration.ofSeconds(60))
            .setConnectConfig("password", password)
            .setOutputRedirector(Redirect.appendTo(serverLog.toFile()))
            .setErrorRedirector(Redirect.appendTo(serverLog.toFile()));
    settings().forEach(builder::setServerConfig);
    return builder.start();
  }

  /**
   * Unpacked once per user. Not in the shared temporary folder, the library's default, where any
   * local user could put programs for us to run.
   */
  private static Path binaries(Path data) {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "lockstep", "postgres");
    try {
      return Files.createDirectories(cache);
    } catch (IOException noHome) {
      return data.resolveSibling("postgres-binaries");
    }
  }

  private static Map<String, String> settings() {
    return Map.of(
        // The library passes -F (no fsync), being made for tests; a later -c wins over it.
        "fsync", "on",
        "synchronous_commit", "on",
        "full_page_writes", "on",
        "listen_addresses", "127.0.0.1",
        "unix_socket_directories", "",
        "max_connections", "40",
        "shared_buffers", "32MB",
        "autovacuum_naptime", "20s");
  }

  /** A start that was killed during initdb leaves a folder PostgreSQL can't use. */
  private static void setAsideIfIncomplete(Path data) throws IOException {
    if (!Files.isDirectory(data) || Files.exists(data.resolve(COMPLETE))) {
      return;
    }
    for (int n = 1; ; n++) {
      Path aside = data.resolveSibling("postgres.incomplete-" + n);
      if (!Files.exists(aside)) {
        Files.move(data, aside);
        log.warn("{} was never completed; kept as {}", data, aside.getFileName());
        return;
      }
    }
  }

  private static void closeToStrangers(EmbeddedPostgres postgres, Path data, String password)
      throws IOException, SQLException {
    if (Files.exists(data.resolve(COMPLETE))) {
      return;
    }
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + USER + " PASSWORD '" + password + "'");
      Path fresh = data.resolve("pg_hba.conf.new");
      Files.writeString(fresh, ONLY_WITH_PASSWORD);
      Files.move(fresh, data.resolve("pg_hba.conf"), StandardCopyOption.REPLACE_EXISTING);
      statement.execute("SELECT pg_reload_conf()");
    }
    Files.createFile(data.resolve(COMPLETE));
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  public String username() {
    return USER;
  }

  public String password() {
    return password;
  }

  /** Stops PostgreSQL; open connections are cut, what they committed stays. */
  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      log.warn("The embedded PostgreSQL did not stop cleanly: {}", e.getMessage());
    }
  }
}
