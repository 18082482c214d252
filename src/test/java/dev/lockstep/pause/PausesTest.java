package dev.lockstep.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.testkit.NamesToPause;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A pause that starts or ends while another thread reads what is paused. */
class PausesTest {
  private static final PauseScope ITSM = PauseScope.system("itsm");

  private final HikariDataSource database = TestDatabase.migrated();
  private Runnable afterRead = () -> {};
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-30T12:00:00Z"));
  private Pauses pauses;

  @BeforeEach
  void open() {
    JdbcClient jdbc = JdbcClient.create(database);
    PauseStore store =
        new PauseStore(jdbc) {
          @Override
          List<Pause> all() {
            List<Pause> read = super.all();
            Runnable meanwhile = afterRead;
            afterRead = () -> {};
            meanwhile.run();
            return read;
          }
        };
    pauses =
        new Pauses(
            store,
            new FreezeWindows(new StandardEnvironment(), new NamesToPause(Set.of(), Set.of())),
            new NoWork(),
            new AuditStore(jdbc, new ObjectMapper(), Clock.systemUTC()),
            new TransactionTemplate(new JdbcTransactionManager(database)),
            clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static final class NoWork implements PausedWork {
    @Override
    public int release(Set<String> paused) {
      return 0;
    }

    @Override
    public Map<String, Long> count() {
      return Map.of();
    }
  }

  @Test
  void aPauseThatStartsDuringAReadHoldsAtOnce() {
    afterRead = () -> pauses.pause(ITSM, "", "kim", null);
    pauses.ofSystem("itsm");
    assertThat(pauses.ofSystem("itsm")).hasSize(1);
  }

  @Test
  void whatWasReadBeforeAPauseIsNoBasisForACallWhileTheDatabaseIsAway() {
    pauses.requireOpen("itsm");
    pauses.pause(ITSM, "", "kim", null);
    afterRead =
        () -> {
          throw new DataAccessResourceFailureException("away");
        };
    assertThatThrownBy(() -> pauses.requireOpen("itsm"))
        .isInstanceOf(DataAccessResourceFailureException.class);
  }

  /** Each attempt waits for a connection, and health asks once for each system and feed. */
  @Test
  void aDatabaseThatIsAwayIsNotAskedAgainAtOnce() {
    pauses.pause(ITSM, "", "kim", null);
    pauses.requireRunning();
    clock.advance(Pauses.KEPT);
    AtomicInteger asked = new AtomicInteger();
    afterRead =
        () -> {
          asked.incrementAndGet();
          throw new DataAccessResourceFailureException("away");
        };
    assertThat(pauses.ofSystem("itsm")).hasSize(1);
    afterRead = asked::incrementAndGet;
    assertThat(pauses.ofSystem("itsm")).hasSize(1);
    assertThat(asked).hasValue(1);
    clock.advance(Pauses.KEPT);
    assertThat(pauses.ofSystem("itsm")).hasSize(1);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aPauseThatEndsDuringAReadEndsAtOnce() {
    pauses.pause(ITSM, "", "kim", null);
    afterRead = () -> pauses.resume(ITSM, "kim");
    pauses.ofSystem("itsm");
    assertThat(pauses.ofSystem("itsm")).isEmpty();
  }
}
