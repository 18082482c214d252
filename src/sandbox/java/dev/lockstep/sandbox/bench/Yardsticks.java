package dev.lockstep.sandbox.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * How fast this machine is, measured before the service is started, so that figures of different
 * machines can be compared.
 *
 * @param hashedMegabytes SHA-256 in Java, in MB a second on one core
 * @param syncs 8 kB blocks written and forced to disk one after the other, a second, in the file
 *     system of the service's data
 * @param commits rows inserted and committed one after the other, a second, by one session of a
 *     PostgreSQL in that file system, as durable as the service's
 */
record Yardsticks(double hashedMegabytes, double syncs, double commits) {
  private static final Duration WARM_UP = Duration.ofMillis(300);
  private static final Duration MEASURED = Duration.ofMillis(700);
  private static final int MEGABYTE = 1_000_000;
  private static final int BLOCK = 8192;

  /** A unit of the work that is measured. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, SQLException;
  }

  /**
   * Takes some five seconds, and removes what it wrote.
   *
   * @param folder of the measurement; its data will be in the same file system
   */
  static Yardsticks measure(Path folder) throws IOException {
    Path scratch = folder.resolve("yardsticks");
    Files.createDirectories(scratch);
    try {
      return new Yardsticks(hashing(), syncing(scratch.resolve("blocks")), committing(scratch));
    } catch (SQLException | NoSuchAlgorithmException e) {
      throw new IOException("the yardsticks could not be measured: " + e.getMessage(), e);
    } finally {
      MeasuredProcess.forget(scratch);
    }
  }

  private static double hashing() throws IOException, SQLException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] megabyte = new byte[MEGABYTE];
    return perSecond(() -> digest.update(megabyte));
  }

  private static double syncing(Path file) throws IOException, SQLException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      return perSecond(
          () -> {
            channel.write(block.rewind(), 0);
            channel.force(false);
          });
    }
  }

  private static double committing(Path scratch) throws IOException, SQLException {
    try (EmbeddedPostgres postgres = postgres(scratch);
        Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE yardstick (id serial PRIMARY KEY, note text NOT NULL)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO yardstick (note) VALUES ('a row')")) {
        return perSecond(insert::executeUpdate);
      }
    }
  }

  /** The library's defaults are for tests: it passes -F (no fsync), which a later -c overrides. */
  private static EmbeddedPostgres postgres(Path scratch) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(scratch.resolve("postgres"))
            .setOverrideWorkingDirectory(Bench.FOLDER.resolve("postgres").toFile())
            .setPGStartupWait(Duration.ofSeconds(60))
            .setOutputRedirector(Redirect.DISCARD)
            .setErrorRedirector(Redirect.DISCARD);
    Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "listen_addresses", "127.0.0.1",
            "shared_buffers", "24MB")
        .forEach(builder::setServerConfig);
    return builder.start();
  }

  private static double perSecond(Work work) throws IOException, SQLException {
    repeat(work, WARM_UP);
    return repeat(work, MEASURED);
  }

  /** At least once. */
  private static double repeat(Work work, Duration time) throws IOException, SQLException {
    long begun = System.nanoTime();
    long took;
    long done = 0;
    do {
      work.run();
      done++;
      took = System.nanoTime() - begun;
    } while (took < time.toNanos());
    return done * 1e9 / took;
  }

  void print(FigureReport report) {
    report.title("yardsticks of this machine");
    report.figure("SHA-256 on one core", hashedMegabytes, "MB/s");
    report.figure("fsyncs a second", syncs, "");
    report.figure("single-row commits a second", commits, "");
  }
}
