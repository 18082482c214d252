package dev.lockstep.dryrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Plans follow one another, and one is carried out once, whatever the processes do. */
class SavedPlansTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final SavedPlan.Request ALL =
      new SavedPlan.Request(null, "", "", "", 10, new StartPolicy(OlderNotes.ALL, ""));

  private static final String WORKS =
      "echo '3 records to go, %d writes planned' >&2; exec sleep 600";
  private static final String MADE =
      """
      echo '{"createdAt": "2026-11-24T03:00:00Z", "mappings": {}, "compared": 1,
        "records": [{"system": "itsm", "operation": "UPDATE", "basis": {"itsm/incident/1": "7"}}]}'
      """;

  private final HikariDataSource database = TestDatabase.migrated();
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  private final SettableClock clock = new SettableClock();
  private final BlockingQueue<String> scripts = new LinkedBlockingQueue<>();
  private final List<Process> processes = new CopyOnWriteArrayList<>();
  private final SavedPlans plans =
      new SavedPlans(
          new SavedPlanStore(jdbc, json),
          options -> {
            Process process = new ProcessBuilder("sh", "-c", scripts.remove()).start();
            processes.add(process);
            return process;
          },
          json,
          new AuditStore(jdbc, json, clock),
          new TransactionTemplate(new DataSourceTransactionManager(database)),
          clock);

  @AfterEach
  void close() {
    plans.destroy();
    processes.forEach(Process::destroyForcibly);
    database.close();
  }

  private SavedPlan start(String script) {
    scripts.add(script);
    return plans.start(ALL, "ann").orElseThrow();
  }

  private SavedPlan show(SavedPlan plan) {
    return plans.find(plan.id()).orElseThrow();
  }

  @Test
  void aPlanThatIsStartedRightAfterAnotherWasStoppedGoesOnAndTheOtherEnds() {
    start(WORKS.formatted(1));
    await().atMost(SOON).until(() -> processes.size() == 1);
    assertThat(plans.stop("ann")).isTrue();

    SavedPlan second = start(WORKS.formatted(2));

    await().atMost(SOON).until(() -> show(second).writes() == 2);
    await().atMost(SOON).until(() -> !processes.get(0).isAlive());
    assertThat(show(second).state()).isEqualTo("RUNNING");
  }

  @Test
  void aServiceThatEndsTakesItsProcessWithIt() {
    start(WORKS.formatted(1));
    await().atMost(SOON).until(() -> processes.size() == 1);

    plans.destroy();

    await().atMost(SOON).until(() -> !processes.get(0).isAlive());
  }

  /** Two operators, or the same one twice. */
  @Test
  void isCarriedOutOnceByTwoWhoSawTheSamePage() {
    SavedPlan plan = start(MADE);
    await().atMost(SOON).until(() -> show(plan).isToApply());
    SavedPlan seen = show(plan);
    long first = backfill();

    assertThat(plans.apply(seen, "ann", document -> Optional.of(first))).contains(first);

    assertThat(plans.apply(seen, "bob", document -> Optional.of(backfill()))).isEmpty();
    assertThat(show(plan).backfill()).isEqualTo(first);
    assertThat(jdbc.sql("select count(*) from backfill").query(Long.class).single()).isEqualTo(1);
  }

  private long backfill() {
    return jdbc.sql(
            """
            insert into backfill (source, system, kind, query, notes, adopt_by, started_by, started_at, finished_at,
              feeds, next_at)
            values ('PLAN', '', '', '', 'ALL', '', 'ann', now(), now(), 0, now()) returning id
            """)
        .query(Long.class)
        .single();
  }
}
