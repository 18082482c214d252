package dev.lockstep.ops;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL run as our child, for those who bring none. What was committed survives {@code
 * kill -9} of either process and power loss (fsync is on). When PostgreSQL dies it is started again
 * at the same address. It listens on 127.0.0.1 only and takes nobody without the password kept
 * beside it.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final int ANY_PORT = 0;

  /** Sessions of a dead server go within seconds; until they have, a new one can't start. */
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
   * Starts PostgreSQL on the data kept in {@code directory/postgres}, creating it at the first
   * start, on a free port. The directory must be held by the caller for as long as this is open.
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
    // Not the library's process: that one is pg_ctl, which ends once the server is up.
    var unused = cluster.onExit().thenRunAsync(this::restart);
  }

  private synchronized void restart() {
    if (closed) {
      return;
    }
    log.warn("The embedded PostgreSQL ended by itself; starting it again");
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

  /** Stops PostgreSQL; open connections are cut, what they committed stays. */
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
