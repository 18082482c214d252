package dev.lockstep.testkit;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real PostgreSQL, started once for all tests, with a database of its own for each caller. */
public final class TestDatabase {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final EmbeddedPostgres SERVER = start();

  private TestDatabase() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new database with the tables of Lockstep in it. */
  public static HikariDataSource migrated() {
    String name = "test_" + COUNT.incrementAndGet();
    JdbcClient.create(SERVER.getPostgresDatabase()).sql("create database " + name).update();
    var pool = new HikariDataSource();
    pool.setJdbcUrl(SERVER.getJdbcUrl("postgres", name));
    pool.setMaximumPoolSize(12);
    Flyway.configure().dataSource(pool).locations("classpath:db/migration").load().migrate();
    return pool;
  }
}
