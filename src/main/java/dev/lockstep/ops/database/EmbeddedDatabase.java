package dev.lockstep.ops.database;

import dev.lockstep.ops.DataDirectory;
import dev.lockstep.ops.StartupException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server run as a child process when no {@code DATABASE_URL} is set. Committed data
 * survives {@code kill -9} of either process and power loss (fsync is on). When the server ends, it
 * is restarted at the same address. It listens on 127.0.0.1 only and requires the password stored
 * next to its data.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final int ANY_PORT = 0;

  /**
   * Retry delay: a new server can't start until the sessions of the old one have ended, which takes
   * seconds.
   */
  private static final Executor AFTER_ONE_SECOND =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final PostgresCluster cluster;
  private EmbeddedPostgres postgres;
  private boolean closed;

  private EmbeddedDatabase(PostgresCluster cluster, EmbeddedPostgres postgres) {
    this.cluster = cluster;
    this.postgres = postgres;
  }

  /**
   * Starts PostgreSQL on a free port with the data in {@code directory/postgres}, created at the
   * first start. The caller must hold the directory while the database is open.
   *
   * @throws StartupException when PostgreSQL does not start
   */
  public static EmbeddedDatabase start(DataDirectory directory) {
    PostgresCluster cluster = PostgresCluster.at(directory);
    EmbeddedDatabase database = new EmbeddedDatabase(cluster, cluster.launch(ANY_PORT));
    database.watch();
    return database;
  }

  private synchronized void watch() {
    // Not the library's process, which is pg_ctl and ends once the server is up.
    var unused = cluster.onExit().thenRunAsync(this::restart);
  }

  private synchronized void restart() {
    if (closed) {
      return;
    }
    log.warn("The embedded PostgreSQL ended unexpectedly; restarting it");
    int port = postgres.getPort();
    stop();
    try {
      postgres = cluster.launch(port);
      watch();
    } catch (RuntimeException e) {
      log.warn("{}", e.getMessage());
      AFTER_ONE_SECOND.execute(this::restart);
    }
  }

  public synchronized String url() {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  public String username() {
    return PostgresCluster.USER;
  }

  public String password() {
    return cluster.password();
  }

  /** Stops PostgreSQL and closes open connections; committed data remains. */
  @Override
  public synchronized void close() {
    closed = true;
    stop();
  }

  private void stop() {
    try {
      postgres.close();
    } catch (IOException e) {
      log.warn("The embedded PostgreSQL did not stop cleanly: {}", e.getMessage());
    }
  }
}
