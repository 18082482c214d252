package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two processes on one database: nothing is left out, and no subject is in two pairs of hands. */
class TwoProcessesTest {
  private static final int RECORDS = 300;
  private static final int EVENTS = 3000;

  private final Map<RecordRef, Long> done = new ConcurrentHashMap<>();
  private final Set<Subject> inHand = ConcurrentHashMap.newKeySet();
  private CountDownLatch slow = new CountDownLatch(0);
  private final AtomicInteger overlaps = new AtomicInteger();
  private final Set<String> workers = ConcurrentHashMap.newKeySet();

  @Test
  void everyRecordsLastVersionIsWorkedOnByOneAtATime() {
    try (HikariDataSource database = TestDatabase.migrated();
        var one = process(database, "one");
        var two = process(database, "two")) {
      var inboxes = List.of(one.bean(Inbox.class), two.bean(Inbox.class));
      for (int i = 0; i < EVENTS; i++) {
        var ref = new RecordRef("itsm", "incident", "i" + i % RECORDS);
        inboxes.get(i % 2).receive(event(ref, i));
      }
      JdbcClient jdbc = JdbcClient.create(database);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> count(jdbc, "inbox_entry") == 0);
      assertThat(count(jdbc, "scheduled_tasks")).isZero();
    }
    assertThat(overlaps).hasValue(0);
    assertThat(workers).containsExactlyInAnyOrder("one", "two");
    assertThat(done).hasSize(RECORDS);
    done.forEach(
        (ref, version) ->
            assertThat(version)
                .as(ref.toString())
                .isEqualTo(EVENTS - RECORDS + Long.parseLong(ref.id().substring(1))));
  }

  /** As the scheduler does by itself on a slow machine, when heartbeats come too late. */
  @Test
  void workThatIsTakenForDeadIsNotDoneTwiceAtOnce() {
    var ref = new RecordRef("itsm", "incident", "slow");
    slow = new CountDownLatch(1);
    try (HikariDataSource database = TestDatabase.migrated();
        var one = process(database, "one")) {
      JdbcClient jdbc = JdbcClient.create(database);
      one.bean(Inbox.class).receive(event(ref, 1));
      Awaitility.await().until(() -> inHand.size() == 1);
      var statement =
          "update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null,"
              + " execution_time = now(), version = version + 1";
      assertThat(jdbc.sql(statement).update()).isEqualTo(1);
      // It has been given out again when it is picked once more, and it was looked at when it
      // waits.
      Awaitility.await()
          .until(
              () ->
                  jdbc.sql("select version > 3 from scheduled_tasks")
                      .query(Boolean.class)
                      .single());
      assertThat(overlaps).hasValue(0);

      slow.countDown();
      Awaitility.await().until(() -> count(jdbc, "inbox_entry") == 0);
      assertThat(overlaps).hasValue(0);
      assertThat(done).containsEntry(ref, 1L);
    }
  }

  private static long count(JdbcClient jdbc, String table) {
    return jdbc.sql("select count(*) from " + table).query(Long.class).single();
  }

  private static InboundEvent event(RecordRef ref, long version) {
    var state =
        new NativeRecord(
            ref,
            ref.id(),
            "",
            Version.count(version),
            Instant.EPOCH,
            "",
            new ObjectMapper().createObjectNode().put("version", version));
    return new InboundEvent("test", "", ref, state, List.of(), false, Clock.systemUTC().instant());
  }

  private void work(String worker, InboxEntry entry) {
    if (!inHand.add(entry.subject())) {
      overlaps.incrementAndGet();
    }
    try {
      workers.add(worker);
      slow.await(20, TimeUnit.SECONDS);
      if (!entry.subject().toString().endsWith("slow")
          && ThreadLocalRandom.current().nextInt(20) == 0) {
        throw new SystemUnavailableException("now and then");
      }
      entry
          .hints()
          .forEach((ref, hint) -> done.merge(ref, hint.state().version().from(), Math::max));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inHand.remove(entry.subject());
    }
  }

  private InboxRig process(HikariDataSource database, String name) {
    return new InboxRig(database, entry -> work(name, entry));
  }
}
