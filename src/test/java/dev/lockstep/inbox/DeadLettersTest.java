package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.DeadLetters.DeadLetter;
import dev.lockstep.inbox.DeadLetters.Decision;
import dev.lockstep.inbox.DeadLetters.Filter;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of blocked work, and what they decide about it. */
class DeadLettersTest {
  private static final long MIB = 1024 * 1024;
  private static HikariDataSource database;
  private static InboxRig rig;
  private static final AtomicInteger PASSES = new AtomicInteger();

  private static DeadLetters letters;

  @BeforeAll
  static void start() {
    database = TestDatabase.migrated();
    rig =
        new InboxRig(
            database,
            entry -> {
              PASSES.incrementAndGet();
              throw new RequestRejectedException(400, "PUT " + entry.subject(), "no", "Look.");
            });
    letters = rig.bean(DeadLetters.class);
  }

  @AfterAll
  static void stop() {
    rig.close();
    database.close();
  }

  @BeforeEach
  void empty() {
    rig.jdbc.sql("truncate inbox_entry, audit, record, pair").update();
    PASSES.set(0);
  }

  private static void putAside(String system, String id) {
    rig.bean(Inbox.class)
        .addDeadLetter(new UnparseableWebhook(system, id, "{}", "makes no sense", Instant.EPOCH));
  }

  /** The two names have one CRC32. */
  @Test
  void twoDeadLettersNeverShareAnId() {
    putAside("toy", "plumless");
    putAside("toy", "buckeroo");

    List<DeadLetter> all = letters.list();

    assertThat(all).extracting(DeadLetter::id).doesNotHaveDuplicates().hasSize(2);
    assertThat(letters.discard(all.get(1).id(), "ann")).isTrue();
    assertThat(letters.list()).containsExactly(all.get(0));
    assertThat(letters.find(all.get(1).id())).isEmpty();
    assertThat(letters.find("buckeroo")).isEmpty();
    assertThat(letters.find(all.get(0).id())).contains(all.get(0));
  }

  @Test
  void isListedInPages() {
    for (int i = 0; i < 7; i++) {
      putAside("toy", "d" + i);
    }
    List<DeadLetter> first = letters.list(Filter.ANY, "", 3);
    List<DeadLetter> second = letters.list(Filter.ANY, first.get(2).id(), 3);
    assertThat(letters.discard(second.get(2).id(), "ann")).isTrue();
    List<DeadLetter> third = letters.list(Filter.ANY, second.get(2).id(), 3);

    assertThat(List.of(first, second, third).stream().flatMap(List::stream))
        .extracting(DeadLetter::subject)
        .containsExactly(
            "delivery:toy/d0",
            "delivery:toy/d1",
            "delivery:toy/d2",
            "delivery:toy/d3",
            "delivery:toy/d4",
            "delivery:toy/d5",
            "delivery:toy/d6");
    assertThat(letters.count(Filter.ANY)).isEqualTo(6);
  }

  @Test
  void isFilteredBySystemAndKindOfAnyOfItsRecords() {
    UUID correlation = UUID.randomUUID();
    for (String record : List.of("itsm/change/1", "tracker/issue/2")) {
      rig.jdbc
          .sql("insert into record (ref, correlation, state, revision) values (?, ?, '{}', 1)")
          .params(record, correlation)
          .update();
    }
    for (String subject : List.of("record:itsm/incident/1", "correlation:" + correlation)) {
      insert(subject, "{}");
    }
    putAside("tracker", "d1");

    assertThat(subjects("itsm", ""))
        .containsExactly("record:itsm/incident/1", "correlation:" + correlation);
    assertThat(subjects("tracker", ""))
        .containsExactly("correlation:" + correlation, "delivery:tracker/d1");
    assertThat(subjects("", "incident")).containsExactly("record:itsm/incident/1");
    assertThat(subjects("itsm", "change")).containsExactly("correlation:" + correlation);
    // Both must hold of one record, and a delivery has no kind.
    assertThat(subjects("itsm", "issue")).isEmpty();
    assertThat(subjects("", "d1")).isEmpty();
    assertThat(letters.count(new Filter("itsm", ""))).isEqualTo(2);
  }

  private static List<String> subjects(String system, String kind) {
    return letters.list(new Filter(system, kind), "", 100).stream()
        .map(DeadLetter::subject)
        .toList();
  }

  private static void insert(String subject, String payload) {
    rig.jdbc
        .sql(
            """
            insert into inbox_entry (subject, generation, state, attempts, outcome_unknown, hints, payload,
              problem, received_at, changed_at)
            values (?, 0, 'DEAD_LETTER', 1, true, '{}', ?::jsonb, '{"text": "refused"}', now(), now())
            """)
        .params(subject, payload)
        .update();
  }

  @Test
  void keepsWhoDecidedWhat() {
    putAside("toy", "d1");
    rig.receive("webhook", InboxRig.record("r1"), 1);
    List<DeadLetter> both = rig.awaitDeadLetters(2);

    letters.discard(both.get(0).id(), "ann");
    letters.retry(both.get(1).id(), "bob");
    rig.awaitDeadLetters(1);

    assertThat(letters.decisions(10))
        .extracting(
            Decision::id, Decision::subject, Decision::what, Decision::decidedBy, Decision::problem)
        .containsExactly(
            tuple(
                both.get(1).id(),
                "record:itsm/incident/r1",
                "retried",
                "bob",
                both.get(1).problem()),
            tuple(both.get(0).id(), "delivery:toy/d1", "discarded", "ann", both.get(0).problem()));
    assertThat(letters.decisions(1)).hasSize(1);
    assertThat(letters.retry("17171717", "bob")).isFalse();
    assertThat(letters.decisions(10)).hasSize(2);
  }

  /** Each once, though all of them fail again while it goes on. */
  @Test
  void retriesAllThatMatchOnce() {
    for (int i = 0; i < 450; i++) {
      insert("record:itsm/incident/r" + i, null);
    }
    insert("record:tracker/issue/1", null);

    assertThat(letters.retryAll(new Filter("itsm", ""), "ann")).isEqualTo(450);

    Awaitility.await().until(() -> PASSES.get() >= 450);
    rig.awaitDeadLetters(451);
    assertThat(PASSES).hasValue(450);
    assertThat(letters.decisions(1000))
        .hasSize(450)
        .allMatch(decision -> decision.decidedBy().equals("ann"));
  }

  /** The launcher gives 192 MB to everything. */
  @Test
  void neverLoadsWhatWasReceived() {
    rig.jdbc
        .sql(
            """
            insert into inbox_entry (subject, generation, state, attempts, outcome_unknown, hints, payload,
              problem, received_at, changed_at)
            select 'delivery:toy/big' || n, 0, 'DEAD_LETTER', 1, true,
              jsonb_build_object('itsm/incident/' || n, repeat('h', 1048576)),
              jsonb_build_object('body', repeat('b', 1048576)), '{"text": "refused"}', now(), now()
            from generate_series(1, 60) n
            """)
        .update();
    var gauges = rig.bean(MeterRegistry.class);
    String id = letters.list(Filter.ANY, "", 1).get(0).id();

    assertThat(
            allocated(
                () -> {
                  assertThat(letters.list()).hasSize(60);
                  assertThat(letters.find(id)).isPresent();
                  assertThat(letters.discard(id, "ann")).isTrue();
                  assertThat(gauges.get("lockstep.dead.letters").gauge().value()).isEqualTo(59);
                }))
        .isLessThan(10 * MIB);
  }

  /** Five gauges are read by one scrape. */
  @Test
  void isCountedOnceForAllGaugesOfAScrape() {
    var clock = new SettableClock();
    var metrics = new SimpleMeterRegistry();
    var counts = new AtomicInteger();
    var store =
        new InboxStore(rig.jdbc, new ObjectMapper(), clock) {
          @Override
          Map<State, Long> countByState() {
            counts.incrementAndGet();
            return super.countByState();
          }
        };
    putAside("toy", "d1");
    var gauges = new InboxGauges(store, rig.bean(DeadLetterStore.class), clock);
    gauges.bindTo(metrics);

    metrics.getMeters().forEach(meter -> meter.measure().forEach(Measurement::getValue));

    assertThat(counts).hasValue(1);
    clock.advance(Duration.ofSeconds(2));
    assertThat(metrics.get("lockstep.dead.letters").gauge().value()).isEqualTo(1);
    assertThat(counts).hasValue(2);
    assertThat(gauges).isNotNull(); // Its meters hold it weakly.
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
