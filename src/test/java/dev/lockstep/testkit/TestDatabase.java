package dev.lockstep.testkit;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real PostgreSQL, started once for all tests, with a database of its own for each caller. */
public final class TestDatabase {
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final EmbeddedPostgres SERVER = start();

  private TestDatabase() {}

  /** A new database with the tables of Lockstep in it: a copy of one that was migrated once. */
  public static HikariDataSource migrated() {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(SERVER.getJdbcUrl("postgres", copy()));
    pool.setMaximumPoolSize(12);
    return pool;
  }

  /** The settings with which a service uses a new database with the tables of Lockstep in it. */
  public static Map<String, String> settings() {
    return settings(copy());
  }

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("full_page_writes", "off")
              // It would visit each of hundreds of databases once a minute.
              .setServerConfig("autovacuum", "off")
              .start();
      create(server, TEMPLATE, "template1");
      Flyway.configure()
          .dataSource(server.getJdbcUrl("postgres", TEMPLATE), "postgres", "postgres")
          .locations("classpath:db/migration")
          .load()
          .migrate();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String copy() {
    return copy(TEMPLATE);
  }

  private static String copy(String template) {
    String name = "test_" + COUNT.incrementAndGet();
    create(SERVER, name, template);
    return name;
  }

  /**
   * A copy of a database that nobody uses now, as a dump that is restored at once, which takes
   * {@link PostgresTools}.
   *
   * @param database its name
   * @return the name of the copy
   */
  public static String backUp(String database) {
    disconnect(database);
    try {
      return copy(database);
    } finally {
      execute("alter database " + database + " allow_connections true");
    }
  }

  /** Replaces a database that nobody uses now by the copy. */
  public static void restore(String database, String copy) {
    disconnect(database);
    execute("drop database " + database);
    create(SERVER, database, copy);
  }

  static int port() {
    return SERVER.getPort();
  }

  /** The major version of the server. */
  static int major() {
    return JdbcClient.create(SERVER.getPostgresDatabase())
            .sql("select current_setting('server_version_num')::int")
            .query(Integer.class)
            .single()
        / 10_000;
  }

  /** The settings with which a service uses that database. */
  public static Map<String, String> settings(String database) {
    return Map.of(
        "DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + SERVER.getPort() + "/" + database,
        "DATABASE_USERNAME", "postgres",
        "DATABASE_PASSWORD", "postgres");
  }

  /** Ends what a pool keeps open. */
  private static void disconnect(String database) {
    execute("alter database " + database + " allow_connections false");
    JdbcClient.create(SERVER.getPostgresDatabase())
        .sql("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ?")
        .param(database)
        .query(Boolean.class)
        .list();
  }

  private static void execute(String statement) {
    JdbcClient.create(SERVER.getPostgresDatabase()).sql(statement).update();
  }

  private static void create(EmbeddedPostgres server, String name, String template) {
    JdbcClient.create(server.getPostgresDatabase())
        .sql("create database " + name + " template " + template)
        .update();
  }
}
