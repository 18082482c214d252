package dev.lockstep.ops.database;

import dev.lockstep.ops.DataDirectory;
import dev.lockstep.ops.StartupException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory of the embedded PostgreSQL; starts servers on it.
 *
 * @param data PostgreSQL's data directory
 * @param serverLog output of the server
 */
record PostgresCluster(Path data, Path serverLog, String password) {
  static final String USER = "postgres";

  private static final Logger log = LoggerFactory.getLogger(PostgresCluster.class);

  /** Marker file of a completely initialised cluster, to detect an interrupted first start. */
  private static final String COMPLETE = "lockstep-complete";

  private static final String ONLY_WITH_PASSWORD =
      """
      # Written by Lockstep: every local user needs the password.
      host all all 127.0.0.1/32 scram-sha-256
      """;

  static PostgresCluster at(DataDirectory directory) {
    return new PostgresCluster(
        directory.path().resolve("postgres"),
        directory.path().resolve("postgres.log"),
        directory.secret("postgres-password"));
  }

  /** The address and password of a running server. */
  record Running(String url, String password) {
    @Override
    public String toString() {
      return url;
    }
  }

  /** The server that another Lockstep runs on the data in this directory; empty if none does. */
  static Optional<Running> running(Path directory) {
    Path data = directory.resolve("postgres");
    try {
      Optional<Integer> port = new PostgresProcess(data).port();
      if (port.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new Running(
              "jdbc:postgresql://127.0.0.1:" + port.get() + "/postgres",
              Files.readString(directory.resolve("postgres-password")).strip()));
    } catch (IOException e) {
      throw new StartupException(
          "LOCKSTEP_DATA_DIR: can't read the embedded database's files in "
              + directory
              + " ("
              + e
              + ")",
          e);
    }
  }

  /**
   * Starts a server; creates the cluster if there is none.
   *
   * @param port 0 for any free port
   * @throws StartupException when it does not start
   */
  EmbeddedPostgres launch(int port) {
    try {
      new PostgresProcess(data).stop();
      moveAsideIfIncomplete();
      EmbeddedPostgres postgres = server(port);
      try {
        requirePassword(postgres);
      } catch (IOException | SQLException e) {
        postgres.close();
        throw e;
      }
      return postgres;
    } catch (IOException | SQLException | IllegalStateException e) {
      throw new StartupException(
          "The embedded PostgreSQL did not start ("
              + e.getMessage()
              + "); see "
              + serverLog
              + ", or set DATABASE_URL to a PostgreSQL of your own",
          e);
    }
  }

  /** Completes when the running server ends, for any reason. */
  CompletableFuture<?> onExit() {
    try {
      return new PostgresProcess(data)
          .running()
          .map(ProcessHandle::onExit)
          .orElseGet(() -> CompletableFuture.completedFuture(null));
    } catch (IOException e) {
      throw new StartupException("Can't read " + data.resolve("postmaster.pid"), e);
    }
  }

  private EmbeddedPostgres server(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            // The library's hook would stop the database during an orderly shutdown.
            .setRegisterShutdownHook(false)
            .setOverrideWorkingDirectory(binaries(data).toFile())
            .setPGStartupWait(Duration.ofSeconds(60))
            .setPort(port)
            .setConnectConfig("password", password)
            .setOutputRedirector(Redirect.appendTo(serverLog.toFile()))
            .setErrorRedirector(Redirect.appendTo(serverLog.toFile()));
    settings().forEach(builder::setServerConfig);
    return builder.start();
  }

  /**
   * Directory of the server's binaries, unpacked once per user. Not the shared temporary directory,
   * the library's default, where any local user could place programs.
   */
  private static Path binaries(Path data) throws IOException {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "lockstep", "postgres");
    try {
      return ownerOnlyDirectory(cache);
    } catch (IOException noHome) {
      log.debug("{} is not owned by this user alone", cache, noHome);
      return ownerOnlyDirectory(data.resolveSibling("postgres-binaries"));
    }
  }

  /**
   * A directory that only its owner can write.
   *
   * @throws IOException when it belongs to another user
   */
  static Path ownerOnlyDirectory(Path folder) throws IOException {
    Files.createDirectories(folder);
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwx------"));
    }
    return folder;
  }

  private static Map<String, String> settings() {
    return Map.ofEntries(
        // The library is made for tests and passes -F (no fsync); a later -c overrides it.
        Map.entry("fsync", "on"),
        Map.entry("synchronous_commit", "on"),
        Map.entry("full_page_writes", "on"),
        Map.entry("listen_addresses", "127.0.0.1"),
        Map.entry("unix_socket_directories", ""),
        Map.entry("max_connections", "40"),
        // Small on purpose: enough for tens of thousands of pairs on a shared machine.
        Map.entry("shared_buffers", "24MB"),
        Map.entry("maintenance_work_mem", "16MB"),
        Map.entry("max_parallel_workers_per_gather", "0"),
        Map.entry("autovacuum_max_workers", "1"),
        Map.entry("autovacuum_naptime", "20s"));
  }

  /** A start killed during initdb leaves an unusable data directory. */
  private void moveAsideIfIncomplete() throws IOException {
    if (!Files.isDirectory(data) || Files.exists(data.resolve(COMPLETE))) {
      return;
    }
    for (int n = 1; ; n++) {
      Path aside = data.resolveSibling("postgres.incomplete-" + n);
      if (!Files.exists(aside)) {
        Files.move(data, aside);
        log.warn("{} was not completely initialised; moved to {}", data, aside.getFileName());
        return;
      }
    }
  }

  private void requirePassword(EmbeddedPostgres postgres) throws IOException, SQLException {
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

  /** Without the password. */
  @Override
  public String toString() {
    return "PostgreSQL in " + data;
  }
}
