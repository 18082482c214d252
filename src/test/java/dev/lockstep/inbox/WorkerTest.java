package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters.DeadLetter;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** What follows when work fails: how often it is repeated, and when it waits for an operator. */
class WorkerTest {
  private static HikariDataSource database;
  private static InboxRig rig;

  /** What the next passes do. */
  private static volatile EntryHandler pass;

  /** Nobody reads it here. */
  private static final ExecutionComplete NOTHING = null;

  private final AtomicInteger passes = new AtomicInteger();

  @BeforeAll
  static void start() {
    database = TestDatabase.migrated();
    rig = new InboxRig(database, entry -> pass.process(entry));
  }

  @AfterAll
  static void stop() {
    rig.close();
    database.close();
  }

  @BeforeEach
  void succeed() {
    pass = entry -> passes.incrementAndGet();
  }

  @AfterEach
  void empty() {
    pass = entry -> {};
    rig.jdbc.sql("delete from inbox_entry").update();
    rig.await(rig::idle);
  }

  private void failWith(Supplier<? extends Throwable> failure) {
    pass =
        entry -> {
          passes.incrementAndGet();
          throw WorkerTest.<RuntimeException>unchecked(failure.get());
        };
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable failure) throws T {
    throw (T) failure;
  }

  static Stream<Throwable> faults() {
    return Stream.of(
        new DataIntegrityViolationException("duplicate key value violates unique constraint"),
        new IncorrectResultSizeDataAccessException(1, 2),
        new BadSqlGrammarException("find", "selct", new java.sql.SQLException("syntax", "42601")),
        // Spring takes the whole class 54 for a lack of resources; but the value will not shrink.
        new org.springframework.dao.DataAccessResourceFailureException(
            "index row size 3000 exceeds btree maximum", state("54000")),
        new IllegalStateException("a programming error"),
        new StackOverflowError(),
        new NoClassDefFoundError("dev/lockstep/Missing"),
        new AssertionError("not even a RuntimeException"));
  }

  private static PSQLException state(String code) {
    return new PSQLException("refused", PSQLState.UNKNOWN_STATE) {
      @Override
      public String getSQLState() {
        return code;
      }
    };
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultIsADeadLetterAfterFiveAttempts(Throwable fault) {
    failWith(() -> fault);
    rig.receive("webhook", InboxRig.record("faulty"), 1);

    List<DeadLetter> letters = rig.awaitDeadLetters(1);

    assertThat(passes).hasValue(5);
    DeadLetter letter = letters.get(0);
    assertThat(letter.attempts()).isEqualTo(5);
    assertThat(letter.problem()).contains(fault.getClass().getSimpleName());
    assertThat(letter.advice()).isNotBlank();
  }

  static Stream<Throwable> transients() {
    return Stream.of(
        new SystemUnavailableException("no answer"),
        new CannotGetJdbcConnectionException("the pool is empty"),
        new CannotCreateTransactionException("no connection"),
        new CannotAcquireLockException("deadlock detected"),
        new OptimisticLockingFailureException("saved by someone else"),
        new QueryTimeoutException("canceled"),
        new org.springframework.dao.DataAccessResourceFailureException(
            "terminating connection due to administrator command", state("57P01")),
        // The scheduler wraps what its own statements throw.
        new IllegalStateException(state("08006")),
        new IllegalStateException(new java.sql.SQLTransientConnectionException("pool is empty")),
        // A standby that is not promoted yet.
        new org.springframework.jdbc.UncategorizedSQLException("save", "update", state("25006")));
  }

  @ParameterizedTest
  @MethodSource("transients")
  void whatPassesByItselfIsRepeatedUntilItSucceeds(Throwable failure) {
    pass =
        entry -> {
          if (passes.incrementAndGet() <= 7) {
            throw WorkerTest.<RuntimeException>unchecked(failure);
          }
        };
    rig.receive("webhook", InboxRig.record("patient"), 1);

    rig.await(() -> rig.count("inbox_entry") == 0);

    assertThat(passes).hasValue(8);
  }

  @Test
  void aRefusalIsADeadLetterAtOnceAndSaysWhatToDo() {
    failWith(
        () ->
            new RequestRejectedException(
                400, "PUT incident i1", "no such field", "Correct the mapping."));
    rig.receive("webhook", InboxRig.record("i1"), 1);

    DeadLetter letter = rig.awaitDeadLetters(1).get(0);

    assertThat(passes).hasValue(1);
    assertThat(letter.request()).isEqualTo("PUT incident i1");
    assertThat(letter.answer()).isEqualTo("no such field");
    assertThat(letter.advice()).isEqualTo("Correct the mapping.");
  }

  @Test
  void beingToldToWaitIsNoAttempt() {
    pass =
        entry -> {
          if (passes.incrementAndGet() <= 7) {
            throw new RetryLaterException(Duration.ofMillis(10), "busy");
          }
          throw new IllegalStateException("then a fault");
        };
    rig.receive("webhook", InboxRig.record("slow"), 1);

    assertThat(rig.awaitDeadLetters(1).get(0).attempts()).isEqualTo(5);
    assertThat(passes).hasValue(12);
  }

  /** Nothing was done, so nothing is unknown; after no answer it is. */
  @Test
  void onlyAnAttemptThatMayHaveWrittenLeavesItsOutcomeUnknown() {
    List<Boolean> unknown = new CopyOnWriteArrayList<>();
    pass =
        entry -> {
          unknown.add(entry.outcomeUnknown());
          switch (passes.incrementAndGet()) {
            case 1 -> throw new RetryLaterException(Duration.ofMillis(10), "busy");
            case 2 -> throw new SystemUnavailableException("no answer");
            case 3 -> throw new RetryLaterException(Duration.ofMillis(10), "busy");
            default -> {}
          }
        };
    rig.receive("webhook", InboxRig.record("slow"), 1);

    rig.await(() -> rig.count("inbox_entry") == 0);

    assertThat(unknown).containsExactly(false, false, true, true);
  }

  @Test
  void theNextAttemptIsGivenWhatWasReceivedBeforeAndDuringTheFailedOne() {
    RecordRef one = InboxRig.record("i6");
    RecordRef other = InboxRig.record("i7");
    Subject subject = new Subject.OfRecord(one);
    List<Set<RecordRef>> given = new CopyOnWriteArrayList<>();
    pass =
        entry -> {
          given.add(entry.hints().keySet());
          if (passes.incrementAndGet() == 1) {
            rig.bean(WorkScheduler.class)
                .schedule(
                    subject,
                    Map.of(other, Hint.toFetch(false, false)),
                    Clock.systemUTC().instant());
            throw new SystemUnavailableException("no answer");
          }
        };
    rig.receive("webhook", one, 1);

    rig.await(() -> rig.count("inbox_entry") == 0);

    assertThat(given).startsWith(Set.of(one), Set.of(one, other));
  }

  /** Attempts that passed by themselves are not held against work that then meets a fault. */
  @Test
  void aFaultAfterALongOutageIsRetriedToo() {
    pass =
        entry -> {
          int number = passes.incrementAndGet();
          if (number <= 6) {
            throw new SystemUnavailableException("no answer");
          }
          if (number <= 8) {
            throw new DataIntegrityViolationException("somebody else was faster");
          }
        };
    rig.receive("webhook", InboxRig.record("unlucky"), 1);

    rig.await(() -> rig.count("inbox_entry") == 0);

    assertThat(passes).hasValue(9);
  }

  /** Hints that another version wrote are replaced by asking the systems. */
  @Test
  void unreadableHintsAreNoFailure() {
    RecordRef ref = InboxRig.record("garbled");
    List<InboxEntry> entries = new CopyOnWriteArrayList<>();
    pass =
        entry -> {
          entries.add(entry);
          if (entries.size() == 1) {
            throw new RetryLaterException(Duration.ofMillis(300), "busy");
          }
        };
    rig.receive("webhook", ref, 1);
    rig.await(() -> rig.count("inbox_entry where state = 'FAILED'") == 1);
    rig.jdbc.sql("update inbox_entry set hints = '{\"no ref\": 7}'").update();

    rig.await(() -> rig.count("inbox_entry") == 0);

    assertThat(entries.get(1).outcomeUnknown()).isTrue();
    assertThat(entries.get(1).hints()).isEmpty();
  }

  /** A row that can't be read must not occupy a worker for ever, nor the list of dead letters. */
  @Test
  void anUnreadableEntryIsADeadLetter() {
    rig.bean(Inbox.class)
        .addDeadLetter(new UnparseableWebhook("toy", "d1", "{}", "no sense", Instant.EPOCH));
    rig.jdbc.sql("update inbox_entry set payload = '7'").update();
    DeadLetters letters = rig.bean(DeadLetters.class);
    assertThat(letters.retry(letters.list().get(0).id(), "ann")).isTrue();

    DeadLetter letter = rig.awaitDeadLetters(1).get(0);

    assertThat(letter.problem()).contains("inbox_entry");
    assertThat(letter.advice()).isNotBlank();
    assertThat(letters.discard(letter.id(), "ann")).isTrue();
    assertThat(letters.list()).isEmpty();
  }

  /** Work that kills its process, for example for lack of memory, must not do so for ever. */
  @Test
  void workThatEndsOneProcessAfterTheOtherIsADeadLetter() {
    RecordRef ref = InboxRig.record("deadly");
    rig.jdbc
        .sql(
            """
            insert into inbox_entry
              (subject, generation, state, attempts, crashes, outcome_unknown, hints, received_at, changed_at)
            values (?, 0, 'PROCESSING', 4, ?, true, '{}', now(), now())
            """)
        .params("record:" + ref, 4)
        .update();
    rig.bean(WorkScheduler.class)
        .schedule(new Subject.OfRecord(ref), Map.of(), Clock.systemUTC().instant());

    DeadLetter letter = rig.awaitDeadLetters(1).get(0);

    assertThat(passes).hasValue(0);
    assertThat(letter.problem()).contains("The process ended 5 times in a row");
    pass = entry -> passes.incrementAndGet();
    assertThat(rig.bean(DeadLetters.class).retry(letter.id(), "ann")).isTrue();
    rig.await(() -> rig.count("inbox_entry") == 0);
    assertThat(passes).hasValue(1);
  }

  @Test
  void attemptsThatEndWithTheirProcessAreCounted() {
    var store = new InboxStore(rig.jdbc, new ObjectMapper(), Clock.systemUTC());
    var subject = new Subject.OfDelivery("toy/d1");
    store.lockOrInsert(subject, Instant.EPOCH);
    for (int death = 0; death < 3; death++) {
      store.markProcessing(subject);
      assertThat(store.lock(subject).orElseThrow().crashes()).isEqualTo(death);
    }
    store.markFailed(
        subject,
        InboxStore.State.FAILED,
        true,
        Map.of(),
        new FailureReport("it ended", "", "", ""));
    store.markProcessing(subject);
    assertThat(store.lock(subject).orElseThrow().crashes()).isZero();
  }

  @Test
  void aListingOfTheKnownVersionLeavesADeadLetterAlone() {
    RecordRef ref = InboxRig.record("i2");
    failWith(() -> new RequestRejectedException(400, "PUT incident i2", "no", "Look."));
    rig.receive("webhook", ref, 4);
    rig.awaitDeadLetters(1);

    for (int i = 0; i < 5; i++) {
      rig.receive(InboundEvent.POLL, ref, 4);
      rig.receive(InboundEvent.POLL, ref, 3);
      assertThat(rig.bean(DeadLetters.class).list()).hasSize(1);
    }
    rig.awaitDeadLetters(1);
    assertThat(passes).hasValue(1);

    rig.receive(InboundEvent.POLL, ref, 5);
    rig.await(() -> passes.get() == 2);
    rig.awaitDeadLetters(1);
  }

  /** Versions of whole seconds leave the order open: then the content decides. */
  @Test
  void aListingOfEqualContentWithinTheSameSecondLeavesADeadLetterAlone() {
    RecordRef ref = InboxRig.record("i3");
    Version second = Version.within(Instant.parse("2026-03-01T10:00:00Z"));
    failWith(() -> new RequestRejectedException(400, "PUT incident i3", "no", "Look."));
    rig.receive("webhook", ref, second, "the same");
    rig.awaitDeadLetters(1);

    rig.receive(InboundEvent.POLL, ref, second, "the same");
    rig.awaitDeadLetters(1);
    assertThat(passes).hasValue(1);

    rig.receive(InboundEvent.POLL, ref, second, "edited within that second");
    rig.await(() -> passes.get() == 2);
    rig.awaitDeadLetters(1);
  }

  @Test
  void aWakeThatSaysNothingNewLeavesADeadLetterAlone() {
    RecordRef ref = InboxRig.record("i4");
    failWith(() -> new RequestRejectedException(400, "PUT incident i4", "no", "Look."));
    rig.receive("webhook", ref, 1);
    rig.awaitDeadLetters(1);

    for (int i = 0; i < 5; i++) {
      rig.bean(WorkScheduler.class)
          .schedule(new Subject.OfRecord(ref), Map.of(), Clock.systemUTC().instant());
      assertThat(rig.bean(DeadLetters.class).list()).hasSize(1);
    }
    rig.awaitDeadLetters(1);
    assertThat(passes).hasValue(1);
  }

  @Test
  void aDecisionRevivesADeadLetter() {
    RecordRef ref = InboxRig.record("i7");
    failWith(() -> new RequestRejectedException(400, "PUT incident i7", "no", "Look."));
    rig.receive("webhook", ref, 1);
    rig.awaitDeadLetters(1);

    rig.bean(WorkScheduler.class).scheduleAfterDecision(ref, Clock.systemUTC().instant());

    rig.await(() -> passes.get() == 2);
    rig.awaitDeadLetters(1);
  }

  /** Nothing but an echo of the same state came while the refused pass ran. */
  @Test
  void whatIsKnownAlreadyWhileThePassRunsDoesNotRepeatIt() {
    RecordRef ref = InboxRig.record("i5");
    pass =
        entry -> {
          passes.incrementAndGet();
          rig.receive(InboundEvent.POLL, ref, 1);
          rig.bean(WorkScheduler.class)
              .schedule(new Subject.OfRecord(ref), Map.of(), Clock.systemUTC().instant());
          throw new RequestRejectedException(400, "PUT incident i5", "no", "Look.");
        };
    rig.receive("webhook", ref, 1);

    rig.awaitDeadLetters(1);

    assertThat(passes).hasValue(1);
  }

  @Test
  void anOperatorsRetryStartsCountingAgain() {
    failWith(() -> new IllegalStateException("still broken"));
    rig.receive("webhook", InboxRig.record("i6"), 1);
    DeadLetter letter = rig.awaitDeadLetters(1).get(0);
    assertThat(passes).hasValue(5);

    assertThat(rig.bean(DeadLetters.class).retry(letter.id(), "ann")).isTrue();

    rig.await(() -> passes.get() == 10);
    assertThat(rig.awaitDeadLetters(1).get(0).id()).isEqualTo(letter.id());
  }

  /** The scheduler has given the work out, and nothing else will while its row is there. */
  private static void givenOut(Subject subject) {
    rig.jdbc
        .sql(
            """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by,
              last_heartbeat, version)
            values ('process-entry', ?, now(), true, 'this test', now(), 1)
            """)
        .param(subject.toString())
        .update();
  }

  /** What the scheduler does to the row that was given out. */
  private static ExecutionOperations<Void> operations(Subject subject) {
    return new ExecutionOperations<>(null, null, null) {
      @Override
      public void stop() {
        rig.jdbc
            .sql("delete from scheduled_tasks where task_instance = ?")
            .param(subject.toString())
            .update();
      }

      @Override
      public void reschedule(ExecutionComplete completed, Instant next) {
        rig.jdbc
            .sql(
                "update scheduled_tasks set picked = false, picked_by = null, execution_time ="
                    + " now() where task_instance = ?")
            .param(subject.toString())
            .update();
      }
    };
  }

  private static CompletionHandler<Void> work(Subject subject) {
    return rig.bean(Worker.class).work(subject);
  }

  @Test
  void whatIsReceivedBeforeAPassWithoutWorkEndsIsProcessed() {
    RecordRef ref = InboxRig.record("late1");
    Subject subject = new Subject.OfRecord(ref);
    givenOut(subject);
    CompletionHandler<Void> end = work(subject);

    rig.receive("webhook", ref, 1);
    end.complete(NOTHING, operations(subject));

    rig.await(() -> rig.count("inbox_entry") == 0 && rig.idle());
    assertThat(passes).hasValue(1);
  }

  @Test
  void whatRevivesADeadLetterBeforeItsPassEndsIsProcessed() {
    RecordRef ref = InboxRig.record("late2");
    Subject subject = new Subject.OfRecord(ref);
    failWith(() -> new RequestRejectedException(400, "PUT incident late2", "no", "Look."));
    rig.receive("webhook", ref, 1);
    rig.awaitDeadLetters(1);
    succeed();
    givenOut(subject);
    CompletionHandler<Void> end = work(subject);

    rig.receive("webhook", ref, 2);
    end.complete(NOTHING, operations(subject));

    rig.await(() -> rig.count("inbox_entry") == 0 && rig.idle());
    assertThat(passes).hasValue(2);
  }

  /** It is stored, but not committed before the pass ends. */
  @Test
  void whatIsBeingReceivedWhileAPassWithoutWorkEndsIsProcessed() throws Exception {
    RecordRef ref = InboxRig.record("late3");
    Subject subject = new Subject.OfRecord(ref);
    givenOut(subject);
    CompletionHandler<Void> end = work(subject);

    CompletableFuture<Void> ended =
        rig.bean(TransactionTemplate.class)
            .execute(
                status -> {
                  rig.receive("webhook", ref, 1);
                  var completion =
                      CompletableFuture.runAsync(() -> end.complete(NOTHING, operations(subject)));
                  rig.await(() -> completion.isDone() || isSomebodyWaiting());
                  return completion;
                });
    ended.get(5, TimeUnit.SECONDS);

    rig.await(() -> rig.count("inbox_entry") == 0 && rig.idle());
    assertThat(passes).hasValue(1);
  }

  private static boolean isSomebodyWaiting() {
    return rig.count(
            "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
        > 0;
  }

  /** The record is stored, and so is its echo's version, before the pass ends. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2"})
  void anEchoReceivedDuringThePassIsDroppedUnlessANoteCameWithIt(int notes, int expected) {
    RecordRef ref = InboxRig.record("echo" + notes);
    rig.processed.put(ref, Version.count(1));
    pass =
        entry -> {
          if (passes.incrementAndGet() == 1) {
            rig.newNotes = notes;
            rig.receive("webhook", ref, 3);
            rig.newNotes = 0;
            rig.processed.put(ref, Version.count(3));
          }
        };
    rig.receive("webhook", ref, 2);

    rig.await(() -> rig.count("inbox_entry") == 0 && rig.idle());
    assertThat(passes).hasValue(expected);
  }

  @Test
  void aPassWithoutWorkLeavesNothingBehind() {
    Subject subject = new Subject.OfRecord(InboxRig.record("none"));
    givenOut(subject);

    work(subject).complete(NOTHING, operations(subject));

    assertThat(rig.idle()).isTrue();
    assertThat(rig.count("inbox_entry")).isZero();
  }
}
