package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** More work than threads is no fault: nothing is taken for dead, and routines go on. */
class InboxLoadTest {
  private static final int THREADS = 3;
  private final HikariDataSource database = TestDatabase.migrated();
  private final CountDownLatch hold = new CountDownLatch(1);
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger rounds = new AtomicInteger();
  private final Logger scheduler = (Logger) LoggerFactory.getLogger("com.github.kagkarlsson");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private InboxRig rig;

  @BeforeEach
  void start() {
    log.start();
    scheduler.addAppender(log);
    rig =
        new InboxRig(
            database,
            entry -> {
              held.incrementAndGet();
              await();
              done.incrementAndGet();
            },
            Map.of("lockstep.inbox.threads", THREADS),
            List.of(
                new RecurringWork.Job("round", Duration.ofMillis(20), rounds::incrementAndGet)));
  }

  @AfterEach
  void stop() {
    hold.countDown();
    rig.close();
    scheduler.detachAppender(log);
    database.close();
  }

  private void await() {
    try {
      hold.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aFloodIsWorkedOffWithoutAComplaint() {
    for (int i = 0; i < 200; i++) {
      rig.receive("webhook", InboxRig.record("r" + i), 1);
    }
    Awaitility.await().until(() -> held.get() == THREADS);
    int before = rounds.get();
    // What is picked and waits for a thread has no heartbeat.
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .until(() -> rig.count("scheduled_tasks where picked") == THREADS);
    Awaitility.await().until(() -> rounds.get() > before + 2);

    hold.countDown();

    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == 200 && rig.idle());
    scheduler.detachAppender(log);
    assertThat(log.list.stream().filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN)))
        .isEmpty();
  }

  /** Or the next test, or process, would share the work with one that is gone. */
  @Test
  void theSchedulersStopWithTheirContext() {
    hold.countDown();
    List<Scheduler> schedulers = rig.schedulers();
    assertThat(schedulers).hasSize(2);
    rig.close();
    assertThat(schedulers).allMatch(each -> each.getSchedulerState().isShuttingDown());
  }
}
