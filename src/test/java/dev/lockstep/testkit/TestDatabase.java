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
    return Map.of(
        "DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + SERVER.getPort() + "/" + copy(),
        "DATABASE_USERNAME", "postgres",
        "DATABASE_PASSWORD", "postgres");
  }

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
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
    String name = "test_" + COUNT.incrementAndGet();
    create(SERVER, name, TEMPLATE);
    return name;
  }

  private static void create(EmbeddedPostgres server, String name, String template) {
    JdbcClient.create(server.getPostgresDatabase())
        .sql("create database " + name + " template " + template)
        .update();
  }
}
