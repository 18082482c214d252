package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** A database that answers and takes nothing. */
class InboxHealthTest {
  private static HikariDataSource database;
  private static JdbcClient admin;

  private final SettableClock clock = new SettableClock();

  @BeforeAll
  static void start() {
    database = TestDatabase.migrated();
    admin = JdbcClient.create(database);
    admin
        .sql(
            """
            create sequence writes;
            create function refuse() returns trigger language plpgsql as $$ begin
              raise exception 'could not extend file "base/1/2": No space left on device'
                using errcode = '53100';
            end $$;
            create function count_writes() returns trigger language plpgsql as $$ begin
              perform nextval('writes'); return new;
            end $$;
            create trigger count_writes before insert on inbox_entry
              for each row execute function count_writes();
            create role no_writer;
            grant select on inbox_entry to no_writer;
            """)
        .update();
  }

  @AfterAll
  static void stop() {
    admin.sql("drop owned by no_writer; drop role no_writer").update();
    database.close();
  }

  @AfterEach
  void takeWritesAgain() {
    admin.sql("drop trigger if exists full_disk on inbox_entry").update();
  }

  private InboxHealth health(HikariDataSource pool) {
    return new InboxHealth(
        new InboxStore(JdbcClient.create(pool), new ObjectMapper(), clock),
        new TransactionTemplate(new JdbcTransactionManager(pool)),
        clock);
  }

  private static long writes() {
    return admin.sql("select nextval('writes')").query(Long.class).single();
  }

  private static void fillDisk() {
    admin
        .sql(
            "create trigger full_disk before insert on inbox_entry for each row execute function"
                + " refuse()")
        .update();
  }

  @Test
  void aFullDiskEndsReadinessUntilThereIsRoomAgain() {
    InboxHealth health = health(database);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    fillDisk();
    clock.advance(InboxHealth.CACHE_DURATION);

    Health down = health.health();

    assertThat(down.getStatus()).isEqualTo(Status.DOWN);
    assertThat(down.getDetails().get("problem")).asString().contains("No space left on device");
    assertThat(down.getDetails().get("advice")).asString().contains("503", "disk space");
    takeWritesAgain();
    clock.advance(InboxHealth.CACHE_DURATION);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"set default_transaction_read_only = on", "set role no_writer", "set jit = off"})
  void whatIsRefusedToLockstepIsSeenThoughQueriesAreAnswered(String connection) {
    try (var pool = new HikariDataSource()) {
      pool.setJdbcUrl(database.getJdbcUrl());
      pool.setConnectionInitSql(connection);
      pool.setMaximumPoolSize(1);

      Health health = health(pool).health();

      assertThat(JdbcClient.create(pool).sql("select 1").query(Integer.class).single())
          .isEqualTo(1);
      assertThat(health.getStatus())
          .isEqualTo(connection.contains("jit") ? Status.UP : Status.DOWN);
      assertThat(health.getDetails().containsKey("problem")).isEqualTo(!connection.contains("jit"));
    }
  }

  @Test
  void manyProbesWriteOnceAndLeaveNothingBehind() {
    InboxHealth health = health(database);
    long before = writes();

    for (int i = 0; i < 100; i++) {
      assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    assertThat(writes() - before).isEqualTo(2);
    assertThat(admin.sql("select count(*) from inbox_entry").query(Long.class).single()).isZero();
  }

  @Test
  void isPartOfReadinessAsShipped() throws IOException {
    assertThat(InboxHealth.class.getAnnotation(Component.class).value())
        .isEqualTo("inboxHealthIndicator");
    assertThat(Files.readString(Path.of("config/application.yaml")))
        .contains("include: readinessState, inbox,");
  }

  @Test
  void aClockThatIsSetBackDoesNotFreezeTheAnswer() {
    InboxHealth health = health(database);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    fillDisk();
    clock.advance(Duration.ofHours(-1));

    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
  }
}
