package dev.lockstep.ops.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.ops.DataDirectory;
import dev.lockstep.ops.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedDatabaseTest {
  @TempDir Path dir;

  @Test
  void keepsWhatWasCommittedAcrossRestarts() throws Exception {
    try (DataDirectory data = DataDirectory.open(dir)) {
      try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
        run(database, "CREATE TABLE kept (value text)");
        run(database, "INSERT INTO kept VALUES ('here')");
        assertThat(ask(database, "SHOW fsync")).isEqualTo("on");
        assertThat(ask(database, "SHOW synchronous_commit")).isEqualTo("on");
      }
      try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
        assertThat(ask(database, "SELECT value FROM kept")).isEqualTo("here");
      }
    }
  }

  @Test
  void letsNobodyInWithoutThePassword() throws Exception {
    try (DataDirectory data = DataDirectory.open(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
      // The reload of pg_hba.conf is asynchronous.
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThatThrownBy(
                          () ->
                              DriverManager.getConnection(
                                      database.url(), database.username(), "guess")
                                  .close())
                      .hasMessageContaining("password authentication failed"));
      assertThat(ask(database, "SELECT 1")).isEqualTo("1");
    }
  }

  /** The process that started PostgreSQL is killed: PostgreSQL itself lives on, orphaned. */
  @Test
  void takesOverFromAKilledProcess() throws Exception {
    Process first = startInAProcessOfItsOwn();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.exists(dir.resolve("committed")) || !first.isAlive());
      assertThat(first.isAlive()).as("the first process wrote and stayed up").isTrue();
      assertThatThrownBy(() -> DataDirectory.open(dir).close())
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("another Lockstep is using");
    } finally {
      first.destroyForcibly().waitFor();
    }
    long orphan = postmaster();
    assertThat(ProcessHandle.of(orphan)).as("PostgreSQL outlived its parent").isPresent();

    try (DataDirectory data = DataDirectory.open(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
      assertThat(ask(database, "SELECT value FROM kept")).isEqualTo("before the kill");
      assertThat(postmaster()).isNotEqualTo(orphan);
      assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  /** Only the server is killed: Lockstep goes on, and its connections find it again. */
  @Test
  void startsPostgresAgainAtTheSameAddressWhenItDies() throws Exception {
    try (DataDirectory data = DataDirectory.open(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
      run(database, "CREATE TABLE kept (value text)");
      run(database, "INSERT INTO kept VALUES ('here')");
      String address = database.url();
      ProcessHandle.of(postmaster()).orElseThrow().destroyForcibly();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(ask(database, "SELECT value FROM kept")).isEqualTo("here"));
      assertThat(database.url()).isEqualTo(address);
    }
    assertThat(dir.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void letsNobodyElsePutProgramsWhereItUnpacksThem() throws Exception {
    Path shared = Files.createDirectory(dir.resolve("cache"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    PostgresCluster.ownerOnlyDirectory(shared);
    assertThat(Files.getPosixFilePermissions(shared))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void startsBesideAPidFileThatNamesNobody() throws Exception {
    try (DataDirectory data = DataDirectory.open(dir)) {
      EmbeddedDatabase.start(data).close();
      long ourselves = ProcessHandle.current().pid();
      Files.write(
          dir.resolve("postgres/postmaster.pid"),
          List.of(Long.toString(ourselves), dir.resolve("postgres").toString(), "0", "5432"));
      new PostgresProcess(dir.resolve("postgres")).stop();
      for (byte[] foreign :
          List.of(new byte[0], new byte[] {(byte) 0xff, 0}, "1\n/elsewhere\n".getBytes(UTF_8))) {
        Files.write(dir.resolve("postgres/postmaster.pid"), foreign);
        new PostgresProcess(dir.resolve("postgres")).stop();
        assertThat(dir.resolve("postgres/postmaster.pid")).doesNotExist();
      }
      Files.write(
          dir.resolve("postgres/postmaster.pid"),
          List.of("99999999", dir.resolve("postgres").toString(), "0", "5432"));
      try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
        assertThat(ask(database, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void startsAfreshWhenTheFirstStartWasCutShort() throws Exception {
    Files.createDirectories(dir.resolve("postgres"));
    Files.writeString(dir.resolve("postgres/postgresql.conf"), "half of it");
    try (DataDirectory data = DataDirectory.open(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
      assertThat(ask(database, "SELECT 1")).isEqualTo("1");
      assertThat(dir.resolve("postgres.incomplete-1/postgresql.conf")).hasContent("half of it");
    }
  }

  @Test
  void refusesASecondHolderOfTheFolder() {
    try (DataDirectory held = DataDirectory.open(dir)) {
      assertThatThrownBy(() -> DataDirectory.open(held.path()).close())
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("LOCKSTEP_DATA_DIR")
          .hasMessageNotContaining("\n");
    }
    DataDirectory.open(dir).close();
  }

  private Process startInAProcessOfItsOwn() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            KilledHolder.class.getName(),
            dir.toString())
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("holder.log").toFile())
        .start();
  }

  private long postmaster() throws IOException {
    return Long.parseLong(
        Files.readAllLines(dir.resolve("postgres/postmaster.pid")).get(0).strip());
  }

  private static void run(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static Connection connect(EmbeddedDatabase database) throws SQLException {
    return DriverManager.getConnection(database.url(), database.username(), database.password());
  }

  /** Run in a process of its own, to be killed. */
  static final class KilledHolder {
    private KilledHolder() {}

    public static void main(String[] args) throws Exception {
      Path dir = Path.of(args[0]);
      EmbeddedDatabase database = EmbeddedDatabase.start(DataDirectory.open(dir));
      run(database, "CREATE TABLE kept (value text)");
      run(database, "INSERT INTO kept VALUES ('before the kill')");
      Files.createFile(dir.resolve("committed"));
      Thread.currentThread().join();
    }
  }
}
