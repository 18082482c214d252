package dev.lockstep.testkit;

import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The programs of a PostgreSQL that is installed on this machine, and a server that they can dump:
 * {@code pg_dump} refuses one with a higher major version than its own.
 */
public final class PostgresTools implements AutoCloseable {
  public static final String MISSING =
      "Backup and restore are not tested: they need pg_dump and pg_restore of PostgreSQL %d or newer"
              .formatted(TestDatabase.major())
          + ", or of any version whose server is installed, too. On Debian: apt-get install"
          + " postgresql";

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  private final Path programs;
  private final int port;
  private final Optional<Path> data;

  /**
   * @param data of a server of its own
   */
  private PostgresTools(Path programs, int port, Optional<Path> data) {
    this.programs = programs;
    this.port = port;
    this.data = data;
  }

  /**
   * Finds the newest ones, and starts a server of their version if they are too old for the one of
   * the other tests.
   *
   * @param folder for that server's files
   * @return empty if there are none that fit
   */
  public static Optional<PostgresTools> find(Path folder) throws IOException {
    Optional<Path> programs = newest();
    if (programs.isEmpty()) {
      return Optional.empty();
    }
    if (major(programs.get()) >= TestDatabase.major()) {
      return Optional.of(new PostgresTools(programs.get(), TestDatabase.port(), Optional.empty()));
    }
    return Files.isExecutable(programs.get().resolve("initdb"))
            && Files.isExecutable(programs.get().resolve("postgres"))
        ? Optional.of(start(programs.get(), folder))
        : Optional.empty();
  }

  private static Optional<Path> newest() throws IOException {
    List<Path> folders = new ArrayList<>();
    Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(Path::of)
        .forEach(folders::add);
    if (Files.isDirectory(DEBIAN)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN)) {
        versions.forEach(version -> folders.add(version.resolve("bin")));
      }
    }
    // Those with a server first: Debian has programs without one in /usr/bin.
    return folders.stream()
        .filter(folder -> Files.isExecutable(folder.resolve("pg_dump")))
        .filter(folder -> Files.isExecutable(folder.resolve("pg_restore")))
        .max(
            Comparator.comparing(PostgresTools::major)
                .thenComparing(folder -> Files.isExecutable(folder.resolve("postgres"))));
  }

  private static int major(Path programs) {
    String version = run(Map.of(), List.of(programs.resolve("pg_dump").toString(), "--version"));
    Matcher number = VERSION.matcher(version);
    return number.find() ? Integer.parseInt(number.group(1)) : 0;
  }

  private static PostgresTools start(Path programs, Path folder) throws IOException {
    Path data = folder.resolve("data");
    run(
        Map.of(),
        unprivileged(
            programs.resolve("initdb").toString(),
            "--pgdata=" + data,
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync"));
    int port = freePort();
    new ProcessBuilder(
            unprivileged(
                programs.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                String.valueOf(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off"))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("server.log").toFile())
        .start();
    PostgresTools started = new PostgresTools(programs, port, Optional.of(data));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(DataAccessException.class)
        .until(() -> started.execute("select 1") == 0);
    return started;
  }

  /** PostgreSQL refuses to run as root; in a user namespace it does not see that it does. */
  private static List<String> unprivileged(String... command) {
    List<String> all = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      all.addAll(List.of("unshare", "-U"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** A new database with the tables of Lockstep in it. */
  public HikariDataSource migrated(String name) {
    execute("create database " + name);
    HikariDataSource pool = pool(name);
    Flyway.configure().dataSource(pool).locations("classpath:db/migration").load().migrate();
    return pool;
  }

  public HikariDataSource pool(String name) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url(name));
    pool.setUsername("postgres");
    pool.setPassword("postgres");
    pool.setMaximumPoolSize(12);
    return pool;
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private int execute(String statement) {
    try (HikariDataSource pool = pool("postgres")) {
      pool.setInitializationFailTimeout(-1);
      pool.setConnectionTimeout(2000);
      JdbcClient client = JdbcClient.create(pool);
      return statement.startsWith("select")
          ? client.sql(statement).query().listOfRows().size() - 1
          : client.sql(statement).update();
    }
  }

  /**
   * Runs a line for a shell as an operator does.
   *
   * @param database the value of {@code $PG_URL} points to it
   * @param folder where it runs
   */
  public void shell(String line, String database, Path folder) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PATH", programs + File.pathSeparator + System.getenv("PATH"));
    settings.put("PG_URL", "postgresql://postgres:postgres@127.0.0.1:" + port + "/" + database);
    settings.put("PGHOST", "127.0.0.1");
    settings.put("PGPORT", String.valueOf(port));
    settings.put("PGUSER", "postgres");
    settings.put("PGPASSWORD", "postgres");
    run(settings, List.of("sh", "-c", "cd '" + folder + "' && " + line));
  }

  private static String run(Map<String, String> settings, List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(settings);
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Who is still connected is disconnected. */
  @Override
  public void close() {
    data.ifPresent(
        folder ->
            run(
                Map.of(),
                unprivileged(
                    programs.resolve("pg_ctl").toString(),
                    "--pgdata=" + folder,
                    "--mode=immediate",
                    "stop")));
  }
}
