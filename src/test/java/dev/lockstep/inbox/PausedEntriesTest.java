package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.PausedException;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two processes on one database: a pause of one holds in both, and either ends it. */
class PausedEntriesTest {
  private static final PauseScope ITSM = PauseScope.system("itsm");

  private final HikariDataSource database = TestDatabase.migrated();
  private final Set<Subject> processed = ConcurrentHashMap.newKeySet();
  private final InboxRig one = process();
  private final InboxRig two = process();

  private InboxRig process() {
    AtomicReference<InboxRig> self = new AtomicReference<>();
    InboxRig rig =
        new InboxRig(
            database,
            entry -> {
              self.get().bean(Pauses.class).requireOpen("itsm");
              processed.add(entry.subject());
            });
    self.set(rig);
    return rig;
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
    database.close();
  }

  private static boolean isOpen(InboxRig rig) {
    try {
      rig.bean(Pauses.class).requireOpen("itsm");
      return true;
    } catch (PausedException e) {
      return false;
    }
  }

  private long waiting() {
    return one.count("inbox_entry where waits_for <> '{}'");
  }

  private static double gauge(InboxRig rig, String name) {
    return rig.bean(MeterRegistry.class).get(name).gauge().value();
  }

  private static double gauge(InboxRig rig, String name, String scope) {
    return rig.bean(MeterRegistry.class).get(name).tag("scope", scope).gauge().value();
  }

  @Test
  void aPauseHoldsInBothProcessesAndEitherEndsIt() {
    assertThat(isOpen(two)).isTrue();
    one.bean(Pauses.class).pause(ITSM, "import", "kim", null);
    assertThat(isOpen(one)).isFalse();
    one.await(() -> !isOpen(two));

    for (int i = 0; i < 20; i++) {
      RecordRef record = InboxRig.record("r" + i);
      (i % 2 == 0 ? one : two).receive("webhook", record, 1);
    }
    one.await(() -> waiting() == 20);
    assertThat(processed).isEmpty();
    assertThat(one.bean(DeadLetters.class).list()).isEmpty();

    assertThat(two.bean(Pauses.class).resume(ITSM, "lee")).hasValue(20);
    one.await(() -> processed.size() == 20 && one.idle());
    assertThat(waiting()).isZero();
  }

  @Test
  void whatWaitsIsNotLateAndIsCountedApart() {
    one.bean(Pauses.class).pause(ITSM, "", "kim", null);
    one.receive("webhook", InboxRig.record("r"), 1);
    one.await(() -> waiting() == 1);
    one.jdbc.sql("update inbox_entry set received_at = now() - interval '1 hour'").update();

    assertThat(gauge(one, "lockstep.inbox.oldest.seconds")).isZero();
    assertThat(gauge(one, "lockstep.paused", "system:itsm")).isEqualTo(1);
    assertThat(gauge(one, "lockstep.paused", "all")).isZero();
    assertThat(gauge(one, "lockstep.paused.entries", "system:itsm")).isEqualTo(1);

    one.bean(Pauses.class).resume(ITSM, "kim");
    one.await(one::idle);
    assertThat(gauge(one, "lockstep.paused", "system:itsm")).isZero();
    assertThat(one.bean(MeterRegistry.class).get("lockstep.lag").timer().max(TimeUnit.SECONDS))
        .isLessThan(60);
  }

  @Test
  void theStateOfThePauseIsKnownToAProcessThatStartsLater() {
    one.bean(Pauses.class).pause(ITSM, "", "kim", null);
    try (InboxRig late = process()) {
      assertThatThrownBy(() -> late.bean(Pauses.class).requireOpen("itsm"))
          .isInstanceOf(PausedException.class)
          .hasMessage("system itsm is paused by kim");
    }
  }

  /** A window of the whole year, which is taken out of the configuration. */
  @Test
  void whatWaitedForAFreezeWindowIsReleasedWhenTheWindowIsGone() {
    Map<String, Object> window =
        Map.of(
            "lockstep.freeze-windows[0].cron", "0 0 0 1 1 *",
            "lockstep.freeze-windows[0].duration", "366d",
            "lockstep.freeze-windows[0].scope", "itsm");
    one.close();
    two.close();
    AtomicReference<InboxRig> self = new AtomicReference<>();
    try (InboxRig frozen =
        new InboxRig(
            database,
            entry -> self.get().bean(Pauses.class).requireOpen("itsm"),
            window,
            List.of())) {
      self.set(frozen);
      frozen.receive("webhook", InboxRig.record("r"), 1);
      frozen.await(() -> frozen.count("inbox_entry where waits_for = '{system:itsm}'") == 1);
      frozen.bean(Pauses.class).release();
      assertThat(frozen.count("inbox_entry where waits_for = '{system:itsm}'")).isEqualTo(1);
      assertThat(frozen.bean(Pauses.class).resume(ITSM, "kim")).isEmpty();
      assertThat(frozen.count("audit where subject = 'pause:system:itsm'")).isEqualTo(1);
      frozen.bean(Pauses.class).release();
      assertThat(frozen.count("audit where subject = 'pause:system:itsm'")).isEqualTo(1);
    }
    try (InboxRig thawed = process()) {
      thawed.bean(Pauses.class).release();
      thawed.await(() -> processed.size() == 1 && thawed.idle());
    }
  }
}
