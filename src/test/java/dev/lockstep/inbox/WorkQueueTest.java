package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Work that is due does not wait for the scheduler's next look, which is an hour away here. */
class WorkQueueTest {
  private static HikariDataSource database;
  private static InboxRig rig;

  /** What the next passes do. */
  private static volatile EntryHandler pass = entry -> {};

  private final AtomicInteger passes = new AtomicInteger();

  @BeforeAll
  static void start() {
    database = TestDatabase.migrated();
    rig =
        new InboxRig(
            database,
            entry -> pass.process(entry),
            Map.of("lockstep.inbox.poll-interval", "1h"),
            List.of());
  }

  @AfterAll
  static void stop() {
    rig.close();
    database.close();
  }

  @AfterEach
  void empty() {
    pass = entry -> {};
  }

  private void awaitPasses(int expected) {
    Awaitility.await().until(() -> rig.count("inbox_entry") == 0 && rig.idle());
    assertThat(passes).hasValue(expected);
  }

  @Test
  void whatIsReceivedIsProcessedAtOnce() {
    pass = entry -> passes.incrementAndGet();
    for (int n = 1; n <= 3; n++) {
      rig.receive("webhook", InboxRig.record("a"), n);
      awaitPasses(n);
    }
  }

  @Test
  void whatIsReceivedDuringAPassIsProcessedAtOnce() {
    RecordRef ref = InboxRig.record("b");
    pass =
        entry -> {
          if (passes.incrementAndGet() == 1) {
            rig.receive("webhook", ref, 2);
          }
        };
    rig.receive("webhook", ref, 1);
    awaitPasses(2);
  }

  @Test
  void aRetriedDeadLetterIsProcessedAtOnce() {
    pass =
        entry -> {
          if (passes.incrementAndGet() == 1) {
            throw new RequestRejectedException(400, "update", "no", "Mend it.");
          }
        };
    rig.receive("webhook", InboxRig.record("c"), 1);
    String id = rig.awaitDeadLetters(1).get(0).id();
    assertThat(rig.bean(DeadLetters.class).retry(id, "ann")).isTrue();
    awaitPasses(2);
  }
}
