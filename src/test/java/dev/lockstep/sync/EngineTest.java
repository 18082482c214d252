package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordMergedException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.PairQueries;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

/** The engine on a real database: every change over once, whatever dies or answers badly. */
class EngineTest {
  private static final FakeSystems systems = new FakeSystems();
  private static final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("priority", Owner.RIGHT),
              new TableField("assignee", Owner.LEFT).ignoringEmpty(),
              new TableField("level", Owner.LEFT).line("L1", "R1").line("L2", "R2"),
              new TableField("status", Owner.RIGHT)
                  .line("1", "triggered")
                  .line("2", "acknowledged")
                  .line("3", "acknowledged")
                  .line("6", "resolved")
                  .line("closed", "resolved")
                  .needing("6", "code", "done"),
              new TableField("code", Owner.LEFT).onlyToRight(),
              new TableField("service", Owner.LEFT).routing()),
          Set.of("nobody", "R2"));
  private static Engine engine;

  @BeforeAll
  static void start() {
    engine = new Engine(mapping, systems);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void forget() {
    engine.forget();
    systems.forget();
    systems.onChange((ref, state) -> engine.receive(ref, state));
  }

  private RecordRef ticket() {
    return systems.person(
        "itsm", Map.of("scope", "yes", "title", "Records down", "priority", "1", "status", "1"));
  }

  private RecordRef counterpart() {
    assertThat(systems.all("platform")).hasSize(1);
    return systems.all("platform").get(0);
  }

  @Test
  void linksARecordInScopeBothWays() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    assertThat(systems.values(incident)).containsEntry("title", "Records down");
    assertThat(systems.correlationOf(ticket)).isEqualTo(incident.toString());
    // Behind the ticket stands what nobody could know before the incident was there.
    assertThat(systems.correlationOf(incident)).matches(ticket + "/[0-9a-f]{32}");
    assertThat(systems.noteTexts(ticket)).singleElement().asString().contains("Kept in sync");
    assertThat(systems.noteTexts(incident)).singleElement().asString().contains("Kept in sync");
  }

  @Test
  void anEditDuringACreationInDoubtIsNotUndoneByWhatWasCreated() {
    AtomicInteger creates = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("create platform") && creates.incrementAndGet() == 1) {
            systems.person(systems.all("itsm").get(0), Map.of("priority", "3"));
            throw new SystemUnavailableException("no answer");
          }
        });
    RecordRef ticket = ticket();
    engine.settle();
    assertThat(creates).hasValue(1);
    assertThat(systems.values(counterpart())).containsEntry("priority", "3");
    assertThat(systems.values(ticket)).containsEntry("priority", "3");
  }

  @Test
  void whatAWriteTurnsIntoSomethingTheOwnerHasNoWordForIsSetRight() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    AtomicInteger updates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update platform") && updates.incrementAndGet() == 1) {
            systems.person(incident, Map.of("title", "nobody"));
          }
        });
    systems.person(ticket, Map.of("status", "2"));
    engine.settle();
    assertThat(systems.values(incident))
        .containsEntry("title", "Records down")
        .containsEntry("status", "acknowledged");
    assertThat(systems.values(ticket)).containsEntry("title", "Records down");
    assertThat(systems.noteTexts(incident).toString()).contains("\"nobody\" was replaced");
  }

  @Test
  void whatAPersonSetsWhileAnotherFieldIsWrittenIsAnEditAndNotSetBack() {
    RecordRef ticket = ticket();
    systems.person(ticket, Map.of("level", "L1"));
    engine.settle();
    RecordRef incident = counterpart();
    AtomicInteger updates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update platform") && updates.incrementAndGet() == 1) {
            systems.person(incident, Map.of("level", "R2"));
          }
        });
    systems.person(ticket, Map.of("title", "Records are down"));
    engine.settle();
    assertThat(systems.values(incident))
        .containsEntry("title", "Records are down")
        .containsEntry("level", "R2");
    assertThat(systems.values(ticket)).containsEntry("level", "L2");
  }

  @Test
  void leavesARecordOutOfScopeAlone() {
    systems.person("itsm", Map.of("scope", "no", "title", "Printer"));
    engine.settle();
    assertThat(systems.all("platform")).isEmpty();
    assertThat(systems.calls("fetch itsm")).isZero();
  }

  @Test
  void carriesChangesBothWaysWithOneWriteEachAndNoReads() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    int reads = systems.calls("fetch itsm") + systems.calls("fetch platform");
    systems.person(ticket, Map.of("title", "All records down"));
    engine.settle();
    systems.person(incident, Map.of("status", "acknowledged"));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "All records down");
    assertThat(systems.values(ticket)).containsEntry("status", "2");
    assertThat(systems.calls("update itsm")).isEqualTo(1);
    assertThat(systems.calls("update platform")).isEqualTo(1);
    assertThat(systems.calls("fetch itsm") + systems.calls("fetch platform")).isEqualTo(reads);
  }

  @Test
  void keepsInTheAuditWhoMadeAChange() {
    systems.actor("ann");
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.actor("ben");
    systems.person(ticket, Map.of("priority", "2"));
    engine.settle();
    systems.actor(null);
    systems.person(incident, Map.of("status", "acknowledged"));
    engine.settle();
    assertThat(engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow().history())
        .filteredOn(event -> event.what().equals("updated"))
        .extracting(event -> event.details().getOrDefault("changed:by", "not told"))
        .containsExactly("ben", "not told");
  }

  @Test
  void fillsWhatTheOtherSideDemands() {
    RecordRef ticket = ticket();
    engine.settle();
    systems.person(counterpart(), Map.of("status", "resolved"));
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("status", "6").containsEntry("code", "done");
  }

  @Test
  void keepsTheLosersValueInAuditAndNote() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("priority", "2"));
    systems.person(incident, Map.of("priority", "4"));
    systems.onChange((ref, state) -> engine.receive(ref, state));
    receivedTogether(ticket, incident);
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("priority", "4");
    assertThat(systems.noteTexts(ticket).toString()).contains("\"2\" was replaced");
    var detail = engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow();
    assertThat(detail.history())
        .anyMatch(e -> e.what().equals("conflict") && "2".equals(e.details().get("lost")));
  }

  @Test
  void anEditOverwrittenDuringThePassIsReportedThoughItsEchoIsReceivedToo() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    AtomicInteger updates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update platform") && updates.incrementAndGet() == 1) {
            systems.person(incident, Map.of("title", "Edited there"));
          }
        });
    systems.person(ticket, Map.of("title", "Edited here"));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Edited here");
    assertThat(systems.noteTexts(incident).toString()).contains("\"Edited there\" was replaced");
    assertThat(engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow().history())
        .filteredOn(event -> event.what().equals("conflict"))
        .singleElement()
        .satisfies(event -> assertThat(event.details()).containsEntry("lost", "Edited there"));
  }

  /** Also where the versions of a system leave open which of two states is the later. */
  @ParameterizedTest
  @ValueSource(longs = {0, 100})
  void neitherAnEchoDuringThePassNorOneAfterItCausesAnother(long apart) {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.apart(apart);
    systems.person(ticket, Map.of("title", "Edited first"));
    engine.settle();
    engine.statements.forget();
    systems.person(ticket, Map.of("title", "Edited here"));
    engine.settle();
    engine.receive(incident, systems.peek(incident));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Edited here");
    assertThat(passes()).isEqualTo(1);
  }

  @Test
  void whatIsScheduledDuringThePassIsProcessedThoughOnlyAnEchoIsReceived() {
    RecordRef ticket = ticket();
    engine.settle();
    engine.statements.forget();
    AtomicInteger updates = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("update platform") && updates.incrementAndGet() == 1) {
            engine.bean(WorkScheduler.class).schedule(ticket, Map.of(), Instant.now());
          }
        });
    systems.person(ticket, Map.of("title", "Edited here"));
    engine.settle();
    assertThat(passes()).isEqualTo(2);
  }

  private long passes() {
    return engine.statements.executed().stream()
        .filter(sql -> sql.contains("set state = 'PROCESSING'"))
        .count();
  }

  /** One transaction: no pass can begin between the two. */
  private void receivedTogether(RecordRef ticket, RecordRef incident) {
    var inbox = engine.bean(Inbox.class);
    engine
        .bean(TransactionTemplate.class)
        .executeWithoutResult(
            status -> {
              inbox.receive(engine.event("webhook", ticket, systems.peek(ticket)));
              inbox.receive(engine.event("webhook", incident, systems.peek(incident)));
            });
  }

  @Test
  void notesMoveOnceAndNeverComeBack() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.personNotes(ticket, "Restarted the cluster", Visibility.INTERNAL);
    systems.personNotes(ticket, "Dear caller", Visibility.PUBLIC);
    systems.personNotes(incident, "Failing over", Visibility.INTERNAL);
    engine.settle();
    engine.receive(ticket, systems.peek(ticket));
    engine.receive(incident, systems.peek(incident));
    engine.settle();
    assertThat(systems.noteTexts(incident).stream().filter(t -> t.contains("Restarted")))
        .hasSize(1);
    assertThat(systems.noteTexts(ticket).stream().filter(t -> t.contains("Failing over")))
        .hasSize(1);
    assertThat(systems.noteTexts(incident).toString()).doesNotContain("Dear caller");
    assertThat(systems.noteTexts(ticket)).hasSize(4);
    assertThat(systems.noteTexts(incident)).hasSize(3);
  }

  @Test
  void createsOnceWhenTheAnswerToTheCreateNeverCame() {
    AtomicInteger times = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("create platform") && times.getAndIncrement() == 0) {
            throw new SystemUnavailableException("timed out after it was done");
          }
        });
    RecordRef ticket = ticket();
    engine.settle();
    assertThat(systems.all("platform")).hasSize(1);
    assertThat(systems.calls("create platform")).isEqualTo(1);
    assertThat(systems.correlationOf(ticket)).isEqualTo(counterpart().toString());
  }

  @Test
  void createsOnceOnASystemThatWouldTakeTwoWhenTheWorkerDiesAfterTheCall() {
    AtomicInteger times = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("create itsm") && times.getAndIncrement() == 0) {
            throw new AssertionError("the worker dies here");
          }
        });
    systems.person(
        "platform",
        Map.of("scope", "yes", "title", "Alert", "status", "triggered", "priority", "1"));
    engine.settle();
    assertThat(systems.all("itsm")).hasSize(1);
  }

  @Test
  void sendsANoteOnceWhenTheWorkerDiesAfterSendingIt() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    AtomicInteger times = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("note itsm") && times.getAndIncrement() == 0) {
            throw new AssertionError("the worker dies here");
          }
        });
    systems.personNotes(incident, "Failing over", Visibility.INTERNAL);
    engine.settle();
    assertThat(times.get()).isPositive();
    assertThat(systems.noteTexts(ticket).stream().filter(t -> t.contains("Failing over")))
        .hasSize(1);
  }

  @Test
  void waitsAsLongAsTheSystemAsks() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    AtomicInteger times = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update platform") && times.getAndIncrement() < 2) {
            throw new RetryLaterException(Duration.ofMillis(50), "too many requests");
          }
        });
    systems.person(ticket, Map.of("title", "Changed"));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Changed");
  }

  @Test
  void aRefusedWriteWaitsForAPersonAndIsRetriedOnRequest() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.failBefore(
        call -> {
          if (call.equals("update platform")) {
            throw new RequestRejectedException(
                400, "PUT incident", "no such priority", "Map the priority.");
          }
        });
    systems.person(ticket, Map.of("title", "Changed"));
    engine.settle();
    var letters = engine.bean(DeadLetters.class);
    assertThat(letters.list())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.request()).isEqualTo("PUT incident");
              assertThat(letter.answer()).isEqualTo("no such priority");
              assertThat(letter.advice()).isEqualTo("Map the priority.");
            });
    systems.failBefore(call -> {});
    assertThat(letters.retry(letters.list().get(0).id(), "ann")).isTrue();
    engine.settle();
    assertThat(letters.list()).isEmpty();
    assertThat(systems.values(incident)).containsEntry("title", "Changed");
  }

  /** Most records of a system are nobody's business here; each must cost as little as can be. */
  @Test
  void aRecordOutOfScopeCostsNoCallAndNoSecondAttempt() {
    int reads = systems.calls("fetch itsm");
    outOfScope("itsm");
    engine.settle();
    assertThat(systems.calls("fetch itsm")).isEqualTo(reads);
    assertThat(engine.bean(PairQueries.class).list(10)).isEmpty();
  }

  /** A process is suspended after it searched; its replacement searches and creates meanwhile. */
  @Test
  void aSuspendedProcessCreatesNoSecondRecordBesideItsReplacements() {
    AtomicInteger creates = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("create itsm") && creates.incrementAndGet() == 1) {
            throw new SystemUnavailableException("no answer");
          }
        });
    EntryHandler replacement = engine.bean(EntryHandler.class);
    systems.failAfter(
        call -> {
          if (call.equals("find itsm")) {
            systems.failAfter(none -> {});
            var correlation = engine.bean(RecordStore.class).find(incident()).orElseThrow();
            replacement.process(
                new InboxEntry(
                    new Subject.OfCorrelation(correlation.correlation()),
                    true,
                    Map.of(),
                    Clock.systemUTC().instant()));
          }
        });
    systems.person(
        "platform", Map.of("scope", "yes", "title", "Down", "priority", "1", "status", "1"));
    engine.settle();
    assertThat(creates).hasValue(2);
    assertThat(systems.all("itsm")).hasSize(1);
    linkedWith(incident(), systems.all("itsm").get(0));
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
  }

  private static RecordRef incident() {
    return systems.all("platform").get(0);
  }

  /** The pass over its counterpart may start the pair at the same time. */
  @Test
  void aRecordThatIsPairedMeanwhileIsNoFault() {
    systems.onChange((ref, state) -> {});
    RecordRef ref =
        systems.person(
            "itsm", Map.of("scope", "yes", "title", "Down", "priority", "1", "status", "1"));
    EntryHandler handler = engine.bean(EntryHandler.class);
    var entry =
        new InboxEntry(new Subject.OfRecord(ref), true, Map.of(), Clock.systemUTC().instant());
    systems.failBefore(
        call -> {
          systems.failBefore(none -> {});
          handler.process(entry);
        });
    assertThatThrownBy(() -> handler.process(entry)).isInstanceOf(RetryLaterException.class);
    systems.onChange((other, state) -> engine.receive(other, state));
    engine.settle();
    assertThat(systems.all("platform")).hasSize(1);
  }

  private static RecordRef outOfScope(String system) {
    return systems.person(system, Map.of("scope", "no", "title", "Payroll", "status", "1"));
  }

  private void linkedWith(RecordRef ref, RecordRef far) {
    var pair = engine.bean(PairQueries.class).find(ref.toString()).orElseThrow().summary();
    assertThat(List.of(pair.left().ref(), pair.right().ref())).contains(ref, far);
  }

  @ParameterizedTest
  @ValueSource(strings = {"itsm", "platform"})
  void aMentionThatAnybodyCanWriteAdoptsNothing(String victims) {
    String attackers = victims.equals("itsm") ? "platform" : "itsm";
    RecordRef victim = outOfScope(victims);
    engine.settle();
    var before = systems.values(victim);
    systems.onChange((ref, state) -> {});
    RecordRef attacker =
        systems.person(
            attackers, Map.of("scope", "yes", "title", "Look", "priority", "1", "status", "1"));
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.names(attacker, victim.toString());
    engine.settle();

    assertThat(systems.values(victim)).isEqualTo(before);
    assertThat(systems.noteTexts(victim)).isEmpty();
    assertThat(engine.bean(PairQueries.class).find(victim.toString())).isEmpty();
    // It is a record as any other: in scope, it gets a counterpart of its own.
    assertThat(systems.all(victims)).hasSize(2);
    RecordRef own = systems.all(victims).stream().filter(r -> !r.equals(victim)).findFirst().get();
    linkedWith(attacker, own);
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    assertThat(
            engine
                .bean(MeterRegistry.class)
                .counter("lockstep.adoptions.refused", "system", attackers)
                .count())
        .isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"itsm/incident/", "itsm/incident/../x", "itsm/incident/i1/a/b", "//", "x"})
  void aMentionOfNothingKeepsNoRecordFromItsCounterpart(String mention) {
    systems.onChange((ref, state) -> {});
    RecordRef incident =
        systems.person(
            "platform", Map.of("scope", "yes", "title", "Look", "priority", "1", "status", "1"));
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.names(incident, mention);
    engine.settle();
    assertThat(systems.all("itsm")).hasSize(1);
    linkedWith(incident, systems.all("itsm").get(0));
  }

  @Test
  void recordsThatNameEachOtherAreAdoptedIfOneIsInScope() {
    systems.onChange((ref, state) -> {});
    RecordRef ticket = ticket();
    RecordRef incident =
        systems.person("platform", Map.of("scope", "no", "title", "Records down", "status", "1"));
    RecordRef other = outOfScope("itsm");
    RecordRef alike = outOfScope("platform");
    systems.names(incident, ticket.toString());
    systems.names(other, alike.toString());
    systems.names(alike, other.toString());
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.names(ticket, incident.toString());
    systems.names(other, alike.toString());
    engine.settle();
    linkedWith(ticket, incident);
    assertThat(engine.bean(PairQueries.class).find(other.toString())).isEmpty();
    assertThat(systems.calls("create platform") + systems.calls("create itsm")).isZero();
  }

  @Test
  void aRecordThatWasPreparedForATicketIsNotTakenForItsCounterpart() {
    RecordRef ticket = outOfScope("itsm");
    RecordRef prepared = outOfScope("platform");
    systems.names(prepared, ticket.toString());
    engine.settle();
    AtomicInteger creates = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("create platform") && creates.incrementAndGet() == 1) {
            throw new SystemUnavailableException("no answer");
          }
        });
    systems.person(ticket, Map.of("scope", "yes"));
    engine.settle();
    assertThat(systems.all("platform")).hasSize(2);
    assertThat(systems.noteTexts(prepared)).isEmpty();
    assertThat(engine.bean(PairQueries.class).find(prepared.toString())).isEmpty();
    assertThat(creates).hasValue(1);
  }

  @Test
  void aCopyOfALinkedRecordIsOneDeadLetterUntilItNamesNoneAnyMore() {
    RecordRef ticket = ticket();
    engine.settle();
    String copied = systems.correlationOf(counterpart());
    RecordRef copy = outOfScope("platform");
    for (int i = 0; i < 3; i++) {
      systems.names(copy, copied);
      engine.settle();
      assertThat(engine.bean(DeadLetters.class).list())
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.answer()).contains("already kept in sync with another record");
                assertThat(letter.advice()).contains("clear its correlation id");
              });
    }
    systems.names(copy, "");
    engine.settle();
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    assertThat(engine.bean(PairQueries.class).find(ticket.toString())).isPresent();
  }

  /** An issue that is in sync as an incident, say, and is named as a follow-up by a postmortem. */
  @ParameterizedTest
  @ValueSource(strings = {"incident", "issue"})
  void namingARecordThatIsInAPairAlreadyIsOneDeadLetter(String kind) {
    systems.ownCorrelation("itsm");
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    engine
        .jdbc
        .sql("update pair set right_ref = ? where left_ref = ?")
        .params("platform/" + kind + "/" + incident.id(), ticket.toString())
        .update();
    int fetches = systems.calls("fetch platform");
    RecordRef item = outOfScope("itsm");
    for (int i = 0; i < 3; i++) {
      systems.names(item, incident.toString());
      engine.settle();
    }
    assertThat(engine.bean(DeadLetters.class).list())
        .singleElement()
        .satisfies(
            letter ->
                assertThat(letter.answer())
                    .contains("names " + incident, "already kept in sync with another record"));
    assertThat(engine.bean(PairQueries.class).find(item.toString())).isEmpty();
    assertThat(systems.calls("fetch platform") - fetches).isLessThanOrEqualTo(6);
  }

  /**
   * While the ticket's pair is being linked, the records the system reports have been looked at.
   */
  private static void linkSlowly(Runnable meanwhile, int reported) {
    AtomicInteger creates = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("create platform") && creates.incrementAndGet() == 1) {
            meanwhile.run();
            Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(
                    () ->
                        engine
                                .jdbc
                                .sql(
                                    "select count(*) from inbox_entry where subject like"
                                        + " '%platform/%' and state in ('FAILED', 'DEAD_LETTER')")
                                .query(Integer.class)
                                .single()
                            == reported);
          }
        });
  }

  @Test
  void aRecordWithoutTokenReportedWhileItsPairIsBeingLinkedIsNoDeadLetter() {
    systems.ownCorrelation("platform");
    linkSlowly(() -> {}, 1);
    RecordRef ticket = ticket();
    engine.settle();
    linkedWith(ticket, counterpart());
    assertThat(systems.correlationOf(counterpart())).isEqualTo(ticket.toString());
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
  }

  /** Both were reported at once: each fetches the record it names while the other one does. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoRecordsThatNameEachOtherAndAreAdoptedAtOnceAreNoDeadLetter(boolean owned) {
    if (owned) {
      systems.ownCorrelation("itsm");
    }
    systems.onChange((ref, state) -> {});
    RecordRef ticket = ticket();
    RecordRef incident = outOfScope("platform");
    systems.names(incident, ticket.toString());
    AtomicInteger fetches = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("fetch platform") && fetches.incrementAndGet() == 1) {
            engine.receive(incident, null);
            Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(() -> engine.bean(PairQueries.class).find(incident.toString()).isPresent());
          }
        });
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.names(ticket, incident.toString());
    engine.settle();
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    linkedWith(ticket, incident);
    assertThat(systems.calls("create platform") + systems.calls("create itsm")).isZero();
  }

  @Test
  void aSecondRecordNamingARecordThatIsBeingLinkedIsOneDeadLetterOnceItIsLinked() {
    systems.ownCorrelation("platform");
    linkSlowly(
        () -> systems.names(outOfScope("platform"), systems.all("itsm").get(0).toString()), 2);
    RecordRef ticket = ticket();
    engine.settle();
    assertThat(systems.all("platform")).hasSize(2);
    assertThat(
            engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow().summary().state())
        .hasToString("LINKED");
    assertThat(engine.bean(DeadLetters.class).list())
        .singleElement()
        .satisfies(letter -> assertThat(letter.answer()).contains("names " + ticket));
  }

  @Test
  void whatLockstepAloneWritesIsAdoptedWithoutBeingNamedBack() {
    systems.ownCorrelation("itsm");
    systems.onChange((ref, state) -> {});
    RecordRef item = outOfScope("itsm");
    RecordRef issue = outOfScope("platform");
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.names(item, issue.toString());
    engine.settle();
    linkedWith(item, issue);
  }

  @Test
  void adoptionCanBeSwitchedOff() {
    FakeSystems others = new FakeSystems();
    try (Engine off = new Engine(mapping, others, Map.of("lockstep.adoption", "false"))) {
      RecordRef ticket = others.person("itsm", Map.of("scope", "yes", "title", "a", "status", "1"));
      RecordRef incident = others.person("platform", Map.of("scope", "no", "title", "a"));
      others.names(incident, ticket.toString());
      others.onChange((ref, state) -> off.receive(ref, state));
      others.names(ticket, incident.toString());
      off.settle();
      assertThat(off.bean(PairQueries.class).find(incident.toString())).isEmpty();
      assertThat(off.bean(PairQueries.class).find(ticket.toString())).isPresent();
    }
  }

  private static void refuseCreation(String... fields) {
    AtomicInteger refusals = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("create platform") && refusals.get() < fields.length) {
            String field = fields[refusals.getAndIncrement()];
            throw new RequestRejectedException(
                400,
                "POST incident",
                field + " is not on the screen",
                "Look.",
                field.isEmpty() ? Set.of() : Set.of(field));
          }
        });
  }

  @Test
  void whatIsRefusedAtCreationIsLeftOutAndTheRecordIsCreatedWithoutIt() {
    refuseCreation("priority", "status");
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    assertThat(systems.values(incident))
        .containsEntry("title", "Records down")
        .doesNotContainKeys("priority", "status");
    assertThat(systems.calls("create platform")).isEqualTo(3);
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();

    systems.person(ticket, Map.of("title", "Still synced"));
    engine.settle();
    assertThat(systems.values(incident))
        .containsEntry("title", "Still synced")
        .doesNotContainKeys("priority", "status");

    systems.person(ticket, Map.of("priority", "2"));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("priority", "2");
  }

  @Test
  void aRefusedServiceIsOneDeadLetterAndNeverReplacedByTheDefaultOfAnotherTeam() {
    refuseCreation("priority", "service", "");
    systems.person(
        "itsm",
        Map.of("scope", "yes", "title", "Records down", "priority", "1", "service", "Pharmacy"));
    engine.settle();
    assertThat(systems.all("platform")).isEmpty();
    assertThat(systems.calls("create platform")).isEqualTo(2);
    assertThat(engine.bean(DeadLetters.class).list())
        .singleElement()
        .satisfies(
            letter ->
                assertThat(letter.advice())
                    .contains("Look.", "service", "default", "priority is not on the screen"));
  }

  @Test
  void whatIsRefusedAtCreationAndCannotBeLeftOutIsOneDeadLetter() {
    refuseCreation("priority", "unheard-of", "", "");
    ticket();
    engine.settle();
    assertThat(systems.all("platform")).isEmpty();
    assertThat(engine.bean(DeadLetters.class).list())
        .singleElement()
        .satisfies(
            letter ->
                assertThat(letter.advice())
                    .contains("Look.", "without these fields", "priority is not on the screen"));
    assertThat(systems.calls("create platform")).isEqualTo(2);
  }

  @Test
  void aRecordThatAnswersAsAnotherIsNeverWrittenThrough() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    int updates = systems.calls("update platform");
    systems.failBefore(
        call -> {
          if (call.equals("fetch itsm")) {
            throw new RecordMergedException(ticket, new RecordRef("itsm", "incident", "i99"));
          }
        });
    engine.receiveIfKnown(ticket);
    engine.settle();
    engine.receiveIfKnown(ticket);
    engine.settle();

    assertThat(systems.calls("update platform")).isEqualTo(updates);
    assertThat(engine.jdbc.sql("select state from pair").query(String.class).list())
        .containsExactly("BROKEN");
    assertThat(engine.jdbc.sql("select gaps ->> 'record' from pair").query(String.class).single())
        .contains("answered as i99: it was merged");
    assertThat(systems.values(incident)).containsEntry("title", "Records down");
  }

  /** A listing shows a change again with each poll inside the overlap; that is no new change. */
  @ParameterizedTest
  @ValueSource(longs = {0, 50})
  void aRefusedWriteIsNotRepeatedByListingsOfWhatIsKnown(long apart) {
    systems.apart(apart);
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.failBefore(
        call -> {
          if (call.equals("update platform")) {
            throw new RequestRejectedException(
                400, "PUT incident", "no such priority", "Map the priority.");
          }
        });
    systems.person(ticket, Map.of("title", "Changed"));
    engine.settle();
    int refused = systems.calls("update platform");
    var letters = engine.bean(DeadLetters.class);
    assertThat(letters.list()).hasSize(1);

    for (int poll = 0; poll < 5; poll++) {
      for (RecordRef ref : List.of(ticket, incident)) {
        engine.bean(Inbox.class).receive(engine.event("poll", ref, systems.peek(ref)));
        assertThat(letters.list()).hasSize(1);
      }
    }
    engine.settle();
    assertThat(systems.calls("update platform")).isEqualTo(refused);

    systems.person(ticket, Map.of("title", "Changed again"));
    engine.settle();
    assertThat(systems.calls("update platform")).isGreaterThan(refused);
    assertThat(letters.list()).hasSize(1);
  }

  @Test
  void oneSideFailingDoesNotKeepTheOtherWaiting() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    AtomicInteger times = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update itsm") && times.getAndIncrement() < 3) {
            throw new RetryLaterException(Duration.ofMillis(200), "too many requests");
          }
          if (call.equals("update platform")) {
            assertThat(times.get()).isLessThan(3);
          }
        });
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("title", "From the desk"));
    systems.person(incident, Map.of("priority", "3"));
    systems.onChange((ref, state) -> engine.receive(ref, state));
    receivedTogether(ticket, incident);
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "From the desk");
    assertThat(systems.values(ticket)).containsEntry("priority", "3");
  }

  @Test
  void whatCannotBeCarriedIsReportedAndTheRestStillSyncs() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.person(incident, Map.of("priority", "nobody", "status", "strange"));
    systems.person(incident, Map.of("title", "Still carried"));
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("title", "Still carried");
    var detail = engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow();
    assertThat(detail.summary().gaps()).isEqualTo(2);
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
  }

  @Test
  void aDeletedRecordBreaksThePairAndIsReported() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.delete(incident);
    systems.person(ticket, Map.of("title", "Changed"));
    engine.settle();
    var detail = engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow();
    assertThat(detail.summary().state()).isEqualTo("BROKEN");
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    assertThat(systems.all("platform")).isEmpty();
  }

  @Test
  void lateAndRepeatedNewsChangeNothing() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    NativeRecord old = systems.peek(ticket);
    systems.person(ticket, Map.of("title", "Newest"));
    engine.settle();
    engine.receive(ticket, old);
    engine.receive(ticket, systems.peek(ticket));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Newest");
    assertThat(systems.calls("update platform")).isEqualTo(1);
  }

  @Test
  void workIsTakenUpAgainAfterARestart() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.failBefore(
        call -> {
          throw new SystemUnavailableException("down");
        });
    systems.person(ticket, Map.of("title", "Changed"));
    engine.stop();
    systems.failBefore(call -> {});
    engine.start();
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Changed");
  }

  @Test
  void anEditOverwrittenBeforeItWasHeardOfIsKeptInAuditAndNote() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("priority", "2"));
    NativeRecord unheard = systems.peek(ticket);
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.person(incident, Map.of("priority", "4"));
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("priority", "4");
    assertThat(systems.noteTexts(ticket).toString()).doesNotContain("\"2\"");
    engine.receive(ticket, unheard);
    engine.settle();
    engine.receive(ticket, unheard);
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("priority", "4");
    assertThat(systems.noteTexts(ticket).stream().filter(t -> t.contains("\"2\" was replaced")))
        .hasSize(1);
    var detail = engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow();
    assertThat(detail.history().stream().filter(e -> "2".equals(e.details().get("lost"))))
        .hasSize(1);
  }

  @Test
  void anEditOfTheNewRecordHeardWhileItIsLinkedIsNotLost() {
    systems.failAfter(
        call -> {
          if (call.equals("create platform")) {
            systems.failAfter(other -> {});
            systems.person(counterpart(), Map.of("status", "acknowledged"));
          }
        });
    RecordRef ticket = ticket();
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("status", "2");
    assertThat(systems.calls("fetch platform")).isZero();
  }

  @Test
  void whatAClosedRecordRefusesWaitsUntilItIsReopened() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.person(ticket, Map.of("status", "closed"));
    engine.settle();
    int written = systems.calls("update itsm") + systems.calls("note itsm");
    systems.person(incident, Map.of("title", "Afterthought"));
    systems.personNotes(incident, "See the postmortem", Visibility.INTERNAL);
    engine.settle();
    assertThat(systems.calls("update itsm") + systems.calls("note itsm")).isEqualTo(written);
    var detail = engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow();
    assertThat(detail.fields())
        .anyMatch(f -> f.name().equals("title") && f.gap() != null && f.gap().contains("waits"));
    systems.person(ticket, Map.of("status", "2"));
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("title", "Afterthought");
    assertThat(systems.noteTexts(ticket).toString()).contains("See the postmortem");
  }

  @Test
  void beingToldToWaitIsNoAttempt() {
    ticket();
    engine.settle();
    AtomicInteger times = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("update itsm")) {
            int time = times.incrementAndGet();
            if (time <= 8) {
              throw new RetryLaterException(Duration.ofMillis(5), "too many requests");
            }
            if (time == 9) {
              throw new IllegalStateException("a fault of our own, once");
            }
          }
        });
    systems.person(counterpart(), Map.of("priority", "5"));
    engine.settle();
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    assertThat(times.get()).isEqualTo(10);
  }

  @Test
  void newsBringsWorkForwardThatWaitsForASystemWithoutAnswer() {
    RecordRef ticket = ticket();
    engine.settle();
    systems.failBefore(
        call -> {
          if (call.equals("update platform")) {
            throw new SystemUnavailableException("down");
          }
        });
    systems.person(ticket, Map.of("title", "One"));
    Awaitility.await()
        .until(
            () ->
                engine
                        .jdbc
                        .sql("select count(*) from inbox_entry where state = 'FAILED'")
                        .query(Long.class)
                        .single()
                    > 0);
    engine
        .jdbc
        .sql("update scheduled_tasks set execution_time = now() + interval '1 hour'")
        .update();
    systems.failBefore(call -> {});
    systems.person(ticket, Map.of("title", "Two"));
    engine.settle();
    assertThat(systems.values(counterpart())).containsEntry("title", "Two");
  }

  @Test
  void aWebhookThatLeavesOutAMappedFieldIsNotTakenForTheWholeRecord() {
    RecordRef ticket = ticket();
    engine.settle();
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("title", "Hidden", "priority", "2"));
    NativeRecord whole = systems.peek(ticket);
    ObjectNode part = ((ObjectNode) whole.json()).deepCopy().without("title");
    systems.onChange((ref, state) -> engine.receive(ref, state));
    engine.receive(
        ticket,
        new NativeRecord(
            ticket,
            whole.key(),
            "",
            whole.version(),
            whole.updatedAt(),
            whole.correlationId(),
            part));
    engine.settle();
    assertThat(systems.values(counterpart())).containsEntry("title", "Hidden");
  }

  @Test
  void aTicketResolvedBeforeItsCounterpartWasCreatedPagesNobody() {
    systems.failBefore(
        call -> {
          if (call.equals("fetch itsm")) {
            throw new RetryLaterException(Duration.ofMillis(100), "too many requests");
          }
        });
    RecordRef ticket = ticket();
    systems.person(ticket, Map.of("scope", "no"));
    systems.failBefore(call -> {});
    engine.settle();
    assertThat(systems.all("platform")).isEmpty();
    assertThat(engine.jdbc.sql("select count(*) from note").query(Long.class).single()).isZero();
  }

  @Test
  void aTicketClosedBeforeItCouldBeLinkedIsNoDeadLetterAndIsLinkedWhenReopened() {
    systems.failBefore(
        call -> {
          if (call.equals("create platform")) {
            systems.failBefore(other -> {});
            systems.person(systems.all("itsm").get(0), Map.of("status", "closed"));
          }
        });
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    assertThat(systems.values(incident)).containsEntry("status", "resolved");
    assertThat(systems.correlationOf(ticket)).isEmpty();
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    systems.person(ticket, Map.of("status", "2"));
    engine.settle();
    assertThat(systems.correlationOf(ticket)).isEqualTo(incident.toString());
    assertThat(systems.values(incident)).containsEntry("status", "acknowledged");
  }

  @Test
  void lateNewsThatTellsWhatBothHadAgreedOnIsNoLostEdit() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("scope", "still yes"));
    NativeRecord unheard = systems.peek(ticket);
    systems.person(ticket, Map.of("priority", "3"));
    NativeRecord heard = systems.peek(ticket);
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.person(incident, Map.of("priority", "4"));
    engine.settle();
    engine.receive(ticket, heard);
    engine.settle();
    engine.receive(ticket, unheard);
    engine.settle();
    assertThat(systems.noteTexts(ticket).toString()).contains("\"3\" was replaced");
    assertThat(systems.noteTexts(ticket).toString()).doesNotContain("\"1\" was replaced");
  }

  private PairQueries.Field field(RecordRef ref, String name) {
    return engine.bean(PairQueries.class).find(ref.toString()).orElseThrow().fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aValueDroppedAtCreationIsSentOnceMoreAndStaysAGapUntilTheSidesAgree() {
    systems.drop("platform", "assignee");
    RecordRef ticket =
        systems.person(
            "itsm", Map.of("scope", "yes", "title", "Down", "assignee", "cy@example.com"));
    engine.settle();
    RecordRef incident = counterpart();
    assertThat(systems.calls("update platform")).isEqualTo(1);
    assertThat(field(ticket, "assignee").gap())
        .isEqualTo("platform kept '' instead of 'cy@example.com'");
    assertThat(field(ticket, "assignee").baseRight()).isNull();
    systems.person(ticket, Map.of("title", "Still down"));
    engine.settle();
    assertThat(systems.calls("update platform")).isEqualTo(2);
    assertThat(systems.values(incident)).containsEntry("title", "Still down");
    assertThat(field(ticket, "assignee").gap()).contains("platform kept ''");
    systems.dropAndHideNothing();
    systems.person(incident, Map.of("assignee", "cy@example.com"));
    engine.settle();
    assertThat(field(ticket, "assignee").gap()).isNull();
    assertThat(field(ticket, "assignee").baseRight()).isEqualTo("cy@example.com");
    assertThat(systems.calls("update platform")).isEqualTo(2);
  }

  @Test
  void aValueDroppedByAnUpdateIsSentOnceMoreAndTheNextOneIsSentAgain() {
    RecordRef ticket = ticket();
    systems.person(ticket, Map.of("assignee", "ana@example.com"));
    engine.settle();
    RecordRef incident = counterpart();
    systems.drop("platform", "assignee");
    int writes = systems.calls("update platform");
    systems.person(ticket, Map.of("assignee", "ben@example.com"));
    engine.settle();
    assertThat(systems.calls("update platform")).isEqualTo(writes + 2);
    assertThat(systems.values(ticket)).containsEntry("assignee", "ben@example.com");
    assertThat(field(ticket, "assignee").gap())
        .isEqualTo("platform kept 'ana@example.com' instead of 'ben@example.com'");
    assertThat(field(ticket, "assignee").baseLeft()).isEqualTo("ana@example.com");
    systems.person(ticket, Map.of("assignee", "cy@example.com"));
    engine.settle();
    assertThat(systems.calls("update platform")).isEqualTo(writes + 4);
    assertThat(field(ticket, "assignee").gap()).contains("instead of 'cy@example.com'");
    systems.person(incident, Map.of("assignee", "dan@example.com"));
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("assignee", "dan@example.com");
    assertThat(field(ticket, "assignee").gap()).isNull();
  }

  @Test
  void aValueKeptByTheSecondWriteIsNoGap() {
    RecordRef ticket = ticket();
    engine.settle();
    systems.drop("platform", "title");
    systems.failAfter(
        call -> {
          if (call.equals("update platform")) {
            systems.dropAndHideNothing();
          }
        });
    systems.person(ticket, Map.of("title", "Kept at last"));
    engine.settle();
    assertThat(systems.values(counterpart())).containsEntry("title", "Kept at last");
    assertThat(field(ticket, "title").gap()).isNull();
    assertThat(systems.calls("update platform")).isEqualTo(2);
  }

  @Test
  void aWrittenValueThatIsNotShownIsAskedForOnceAndIsAGap() {
    systems.hide("platform", "assignee");
    RecordRef ticket =
        systems.person(
            "itsm", Map.of("scope", "yes", "title", "Down", "assignee", "cy@example.com"));
    engine.settle();
    assertThat(systems.calls("fetch platform")).isEqualTo(1);
    assertThat(systems.calls("update platform")).isZero();
    assertThat(field(ticket, "assignee").gap())
        .isEqualTo("platform does not show whether it kept 'cy@example.com'");
    systems.person(ticket, Map.of("assignee", "ben@example.com"));
    engine.settle();
    assertThat(systems.values(counterpart())).containsEntry("assignee", "ben@example.com");
    assertThat(systems.calls("update platform")).isEqualTo(1);
    assertThat(field(ticket, "assignee").gap()).contains("does not show whether it kept 'ben@");
    systems.dropAndHideNothing();
    systems.person(counterpart(), Map.of("title", "Anything"));
    engine.settle();
    assertThat(field(ticket, "assignee").gap()).isNull();
    assertThat(systems.calls("update platform")).isEqualTo(1);
  }

  @Test
  void whatItsOwnSideDecidesOnIsNotOverwrittenUnseen() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.hide("platform", "priority");
    systems.person(incident, Map.of("priority", "5"));
    systems.person(ticket, Map.of("priority", "2"));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("priority", "5");
    assertThat(field(ticket, "priority").gap()).contains("not overwritten");
    systems.dropAndHideNothing();
    systems.person(incident, Map.of("title", "Anything"));
    engine.settle();
    assertThat(systems.values(ticket)).containsEntry("priority", "5");
  }

  @Test
  void whatTheNewRecordDoesNotHaveIsCarriedAfterItsCreation() {
    RecordRef ticket = ticket();
    systems.failAfter(
        call -> {
          if (call.equals("create platform")) {
            systems.dropAndHideNothing();
          }
        });
    systems.drop("platform", "assignee");
    systems.person(ticket, Map.of("assignee", "ana@example.com"));
    engine.settle();
    assertThat(systems.values(counterpart())).containsEntry("assignee", "ana@example.com");
    assertThat(field(ticket, "assignee").gap()).isNull();
  }

  @Test
  void changesOfASystemRestoredFromABackupAreReceived() {
    RecordRef ticket = ticket();
    engine.settle();
    for (int i = 0; i < 3; i++) {
      systems.person(ticket, Map.of("title", "Edit " + i));
      engine.settle();
    }
    systems.restore(ticket, 1);
    systems.person(ticket, Map.of("title", "After the restore"));
    engine.settle();
    assertThat(systems.values(counterpart())).containsEntry("title", "After the restore");
  }

  @Test
  void whatASilentSystemMayHaveChangedIsReadBeforeItIsOverwritten() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    engine.silence("platform", "incident");
    systems.onChange(
        (ref, state) -> {
          if (ref.system().equals("itsm")) {
            engine.receive(ref, state);
          }
        });
    systems.person(incident, Map.of("priority", "5", "title", "Edited unseen"));
    systems.person(ticket, Map.of("priority", "2", "title", "From the desk"));
    engine.settle();
    assertThat(systems.values(incident))
        .containsEntry("priority", "5")
        .containsEntry("title", "From the desk");
    assertThat(systems.values(ticket)).containsEntry("priority", "5");
    assertThat(systems.noteTexts(incident).toString()).contains("\"Edited unseen\" was replaced");
  }

  @Test
  void aRecordOfASilentKindIsReadThoughItsSystemNotifiesOfOthers() {
    RecordRef ticket = ticket();
    engine.settle();
    int reads = systems.calls("fetch platform");
    engine.silence("platform", "change-request");
    systems.person(ticket, Map.of("title", "One"));
    engine.settle();
    assertThat(systems.calls("fetch platform")).isEqualTo(reads);
    engine.silence("platform", "incident");
    systems.person(ticket, Map.of("title", "Two"));
    engine.settle();
    assertThat(systems.calls("fetch platform")).isEqualTo(reads + 1);
  }

  @Test
  void lateNewsOfWhatSeveralWritesReplacedInventsNoConflict() {
    RecordRef ticket = ticket();
    engine.settle();
    RecordRef incident = counterpart();
    systems.apart(100);
    systems.onChange((ref, state) -> {});
    systems.person(incident, Map.of("status", "acknowledged"));
    NativeRecord late = systems.peek(incident);
    systems.onChange((ref, state) -> engine.receive(ref, state));
    systems.person(ticket, Map.of("title", "First"));
    engine.settle();
    systems.person(ticket, Map.of("title", "Second"));
    engine.settle();
    engine.receive(incident, late);
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Second");
    assertThat(systems.values(ticket)).containsEntry("status", "2");
    assertThat(systems.noteTexts(incident).toString()).doesNotContain("was replaced");
    assertThat(engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow().history())
        .noneMatch(event -> event.what().equals("conflict"));
  }

  @Test
  void aRecordOutOfScopeForAnUnlistedValueOnlyIsCounted() {
    systems.person("platform", Map.of("scope", "SEV-1", "title", "High urgency"));
    engine.settle();
    assertThat(systems.all("itsm")).isEmpty();
    assertThat(
            engine
                .bean(MeterRegistry.class)
                .get("lockstep.scope.undecided")
                .tags("system", "platform", "field", "scope", "value", "SEV-1")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void aRecordWhoseWebhookLeavesOutWhatDecidesIsAskedFor() {
    systems.onChange((ref, state) -> {});
    RecordRef ticket = systems.person("itsm", Map.of("scope", "yes", "title", "Down"));
    systems.hide("itsm", "scope");
    NativeRecord part = systems.peek(ticket);
    systems.dropAndHideNothing();
    systems.onChange((ref, state) -> engine.receive(ref, state));
    engine.receive(ticket, part);
    engine.settle();
    assertThat(systems.all("platform")).hasSize(1);
  }
}
