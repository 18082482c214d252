package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.OptimisticLockingFailureException;

/** Regression tests for orders of events that lost, doubled or blocked something. */
class InterleavingsTest {
  private static final String DOWN = "Patient records are down for every ward since this morning";
  private static final String PRINTER = "Colour printer on floor nine eats its paper";
  private static final String MAIL = "Outlook asks for a password again and again";

  private static DuplicateEngine at;

  @BeforeAll
  static void start() {
    at = DuplicateEngine.automatic();
  }

  @AfterAll
  static void stop() {
    at.close();
  }

  @BeforeEach
  void reset() {
    at.reset();
    at.systems.onChange((ref, state) -> at.engine.receive(ref, state));
  }

  /** Delays that call until the flag is cleared. */
  private static AtomicBoolean busy(DuplicateEngine engine, String... calls) {
    return busy(engine, Duration.ofMillis(150), calls);
  }

  private static AtomicBoolean busy(DuplicateEngine engine, Duration delay, String... calls) {
    AtomicBoolean busy = new AtomicBoolean(true);
    engine.systems.failBefore(
        call -> {
          if (busy.get() && List.of(calls).contains(call)) {
            throw new RetryLaterException(delay, "429");
          }
        });
    return busy;
  }

  private static void awaitCall(DuplicateEngine engine, String call, int before) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> engine.systems.calls(call) > before);
  }

  private static Pair pairOf(DuplicateEngine engine, RecordRef ref) {
    return pairOf(engine, ref, "test");
  }

  private static Pair pairOf(DuplicateEngine engine, RecordRef ref, String mapping) {
    return engine.engine.bean(PairStore.class).find(ref, mapping).orElseThrow();
  }

  private static List<String> open(DuplicateEngine engine) {
    return engine.systems.all("platform").stream()
        .filter(ref -> !"resolved".equals(engine.systems.values(ref).get("status")))
        .map(RecordRef::id)
        .toList();
  }

  @Test
  void aMergeThatWaitedUntilThePrimaryWasResolvedLeavesNoIncidentBehind() {
    RecordRef first = at.major(DOWN);
    RecordRef second = at.major(PRINTER);
    at.settle();
    AtomicBoolean busy = busy(at, "consolidate platform");
    int before = at.systems.calls("consolidate platform");
    at.systems.person(second, Map.of("title", DOWN));
    awaitCall(at, "consolidate platform", before);
    at.systems.person(first, Map.of("status", "6", "code", "fixed"));
    Awaitility.await().until(() -> open(at).size() == 1);
    busy.set(false);
    at.settle();
    assertThat(at.systems.values(second)).containsEntry("status", "6");
    assertThat(open(at)).isEmpty();
  }

  /** As in a system that reopens the children of a reopened parent on its own. */
  @Test
  void childrenReopenedWithTheirParentStayLinkedInAnyOrderOfEvents() {
    for (List<Integer> order :
        List.of(
            List.of(0, 1, 2),
            List.of(0, 2, 1),
            List.of(1, 0, 2),
            List.of(1, 2, 0),
            List.of(2, 0, 1),
            List.of(2, 1, 0))) {
      reset();
      RecordRef parent = at.major(DOWN);
      at.settle();
      List<RecordRef> all = List.of(parent, at.call(DOWN), at.call(DOWN));
      at.settle();
      at.systems.person(parent, Map.of("status", "6", "code", "fixed"));
      at.settle();
      at.systems.onChange((ref, state) -> {});
      all.forEach(one -> at.systems.person(one, Map.of("status", "2")));
      for (int next : order) {
        at.engine.receive(all.get(next), at.systems.peek(all.get(next)));
        at.settle();
      }
      at.systems.onChange((ref, state) -> at.engine.receive(ref, state));
      for (RecordRef child : all.subList(1, 3)) {
        assertThat(at.systems.primaryOf(child)).as("%s", order).isEqualTo(parent.id());
        assertThat(at.systems.values(child)).as("%s", order).containsEntry("status", "2");
      }
      assertThat(at.list(State.LINKED)).as("%s", order).hasSize(2);
      at.systems.person(parent, Map.of("status", "6", "code", "fixed again"));
      at.settle();
      assertThat(at.systems.values(all.get(1))).as("%s", order).containsEntry("status", "6");
    }
  }

  @Test
  void splittingWhileTheMergeWaitsKeepsThePairInSync() {
    at.major(DOWN);
    RecordRef second = at.major(PRINTER);
    at.settle();
    RecordRef incident = pairOf(at, second).right();
    AtomicBoolean busy = busy(at, "consolidate platform");
    int before = at.systems.calls("consolidate platform");
    at.systems.person(second, Map.of("title", DOWN));
    awaitCall(at, "consolidate platform", before);
    at.duplicates().split(String.valueOf(at.list().get(0).id()), "ann");
    at.settle();
    busy.set(false);
    assertThat(at.systems.all("platform")).hasSize(2);
    assertThat(pairOf(at, second).right()).isEqualTo(incident);
    assertThat(pairOf(at, second).state()).isEqualTo(Pair.State.LINKED);
  }

  @Test
  void aMergedDuplicateThatIsRelinkedKeepsItsTicketOpen() {
    RecordRef eldest = at.major(MAIL);
    RecordRef primary = at.major(DOWN);
    RecordRef child = at.major(PRINTER);
    at.settle();
    RecordRef merged = Objects.requireNonNull(pairOf(at, child).right());
    at.systems.person(child, Map.of("title", DOWN));
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEqualTo(primary.id());
    at.systems.person(eldest, Map.of("title", DOWN));
    at.settle();
    assertThat(at.systems.primaryOf(primary)).isEqualTo(eldest.id());
    assertThat(at.systems.primaryOf(child)).isEqualTo(eldest.id());
    // As reported by a poll.
    at.engine.receive(merged, at.systems.peek(merged));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "1");
    assertThat(pairOf(at, child).state()).isEqualTo(Pair.State.ENDED);
  }

  @Test
  void aDuplicateFoundBeforeItsPairStartedIsLinkedThoughTheSystemIsBusy() {
    try (DuplicateEngine asks = DuplicateEngine.proposing()) {
      RecordRef call = asks.call(DOWN);
      asks.settle();
      AtomicBoolean noCreate =
          busy(asks, Duration.ofSeconds(1), "create platform", "consolidate itsm");
      RecordRef major = asks.major(DOWN);
      awaitCall(asks, "create platform", 0);
      // As while a reference of the new incident is being resolved.
      asks.engine.jdbc.sql("update pair set creating = false").update();
      Duplicates.Outcome outcome =
          asks.duplicates()
              .accept(
                  String.valueOf(asks.list(State.PROPOSED).get(0).id()), call.toString(), "ann");
      assertThat(outcome).isInstanceOf(Duplicates.Outcome.Decided.class);
      awaitCall(asks, "consolidate itsm", 0);
      noCreate.set(false);
      asks.settle();
      assertThat(asks.systems.primaryOf(major)).isEqualTo(call.id());
      assertThat(asks.list(State.LINKING)).isEmpty();
    }
  }

  @Test
  void aTicketCanBeLinkedToTheTicketLockstepCreated() {
    RecordRef alert = at.alert(DOWN);
    at.settle();
    RecordRef ticket = pairOf(at, alert).left();
    RecordRef child = at.call(PRINTER);
    at.settle();
    at.systems.personConsolidates(child, ticket);
    at.systems.person(child, Map.of("scope", "yes"));
    at.settle();
    assertThat(at.list(State.LINKED)).hasSize(1);
    assertThat(at.systems.all("platform")).hasSize(1);
  }

  @Test
  void aTicketCanBeLinkedToAPrimaryWhosePairIsOlderThanThisVersion() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    at.engine.jdbc.sql("delete from ticket").update();
    RecordRef child = at.call(PRINTER);
    at.settle();
    at.systems.personConsolidates(child, primary);
    at.systems.person(child, Map.of("scope", "yes"));
    at.settle();
    assertThat(at.list(State.LINKED)).hasSize(1);
    assertThat(at.systems.all("platform")).hasSize(1);
  }

  @Test
  void aDuplicateRelinkedInTheItsmFollowsItsNewPrimary() {
    at.major(DOWN);
    RecordRef other = at.major(PRINTER);
    at.settle();
    RecordRef child = at.major(DOWN);
    at.settle();
    assertThat(at.list(State.LINKED)).hasSize(1);
    // No webhook reports Lockstep's own writes meanwhile; a poll will.
    at.systems.onChange((ref, state) -> {});
    at.systems.personConsolidates(child, other);
    at.engine.receive(child, at.systems.peek(child));
    at.settle();
    assertThat(at.systems.all("platform")).hasSize(2);
    assertThat(at.systems.primaryOf(child)).isEqualTo(other.id());
    assertThat(at.list(State.LINKED)).hasSize(1);
  }

  @Test
  void aLinkMadeInTheItsmSurvivesACrash() {
    RecordRef primary = at.major(DOWN);
    RecordRef child = at.major(PRINTER);
    at.settle();
    // The entry was received and started; then the process died with the hint.
    at.systems.onChange((ref, state) -> {});
    at.systems.personConsolidates(child, primary);
    var entry =
        new InboxEntry(
            new Subject.OfCorrelation(pairOf(at, child).correlation()),
            true,
            Map.of(),
            Instant.now());
    try {
      at.engine.bean(EntryHandler.class).process(entry);
    } catch (OptimisticLockingFailureException takenOver) {
      // This pass runs outside the inbox: the worker it schedules may process the pair first.
    }
    at.settle();
    assertThat(at.list(State.LINKING, State.LINKED)).hasSize(1);
  }

  /** As the link above, made by merging the incidents. */
  @Test
  void aMergeMadeInThePlatformSurvivesACrash() {
    RecordRef primary = at.major(DOWN);
    RecordRef child = at.major(PRINTER);
    at.settle();
    at.systems.onChange((ref, state) -> {});
    at.systems.personConsolidates(pairOf(at, child).right(), pairOf(at, primary).right());
    var entry =
        new InboxEntry(
            new Subject.OfCorrelation(pairOf(at, child).correlation()),
            true,
            Map.of(),
            Instant.now());
    try {
      at.engine.bean(EntryHandler.class).process(entry);
    } catch (OptimisticLockingFailureException takenOver) {
      // This pass runs outside the inbox: the worker it schedules may process the pair first.
    }
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "1");
    assertThat(at.list(State.LINKING, State.LINKED)).hasSize(1);
  }

  @Test
  void aMergeThatIsOnlyAnnouncedDoesNotResolveTheTicket() {
    RecordRef primary = at.major(DOWN);
    RecordRef child = at.major(PRINTER);
    at.settle();
    at.systems.onChange((ref, state) -> {});
    at.systems.personConsolidates(pairOf(at, child).right(), pairOf(at, primary).right());
    at.systems.onChange((ref, state) -> at.engine.receive(ref, state));
    at.engine.receiveIfKnown(pairOf(at, child).right());
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "1");
    assertThat(at.list(State.LINKING, State.LINKED)).hasSize(1);
  }

  @Test
  void anAlertResolvedBeforeItsTicketWasCreatedBlocksNothing() {
    AtomicBoolean busy = busy(at, Duration.ofSeconds(2), "create itsm");
    RecordRef alert = at.alert(DOWN);
    awaitCall(at, "create itsm", 0);
    RecordRef call = at.call(DOWN);
    Awaitility.await().until(() -> at.list(State.LINKING).size() == 1);
    // As while a reference of the new ticket is being resolved.
    at.engine.jdbc.sql("update pair set creating = false").update();
    at.systems.person(alert, Map.of("status", "resolved", "scope", "no"));
    Awaitility.await().until(() -> at.engine.bean(PairStore.class).findAll(alert).isEmpty());
    busy.set(false);
    at.settle();
    RecordRef major = at.major(DOWN);
    at.settle();
    assertThat(at.list(State.LINKING)).isEmpty();
    assertThat(at.systems.primaryOf(call)).isEqualTo(major.id());
    assertThat(open(at)).hasSize(1);
  }

  @Test
  void nothingIsLinkedToADeletedTicket() {
    RecordRef gone = at.major(DOWN);
    at.settle();
    RecordRef incident = pairOf(at, gone).right();
    at.systems.delete(gone);
    at.systems.person(incident, Map.of("status", "acknowledged"));
    at.settle();
    assertThat(pairOf(at, incident).state()).isEqualTo(Pair.State.BROKEN);
    RecordRef major = at.major(DOWN);
    at.settle();
    assertThat(at.systems.primaryOf(major)).isEmpty();
    assertThat(at.systems.all("platform")).hasSize(2);
  }

  @Test
  void aPrimaryThatMayNotBeReadKeepsNoIncidentFromSyncing() {
    at.systems.onChange((ref, state) -> {});
    RecordRef unreadable = at.call(MAIL);
    RecordRef major = at.major(DOWN);
    at.systems.personConsolidates(major, unreadable);
    AtomicBoolean first = new AtomicBoolean(true);
    at.systems.failBefore(
        call -> {
          if (call.equals("fetch itsm") && first.getAndSet(false)) {
            throw new RequestRejectedException(403, "GET incident", "forbidden", "grant it");
          }
        });
    at.systems.onChange((ref, state) -> at.engine.receive(ref, state));
    at.engine.receive(major, at.systems.peek(major));
    at.settle();
    assertThat(at.systems.all("platform")).hasSize(1);
  }

  @Test
  void aDuplicateClosedWithItsPrimaryInOneStepCanBeUnlinked() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    // The resolution was not received; the next event is the automatic close.
    at.systems.person(primary, Map.of("status", "closed", "code", "fixed"));
    at.settle();
    at.duplicates().split(String.valueOf(at.list().get(0).id()), "ann");
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEmpty();
    assertThat(at.systems.values(child)).containsEntry("status", "1").containsEntry("code", "");
  }

  @Test
  void aCommentOnAnUnpairedPrimaryFoundByAPollIsFetched() {
    RecordRef primary = at.call(DOWN);
    at.settle();
    at.call(DOWN);
    at.settle();
    assertThat(at.list(State.LINKED)).hasSize(1);
    at.systems.onChange((ref, state) -> {});
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    WorkNote comment = at.systems.peekNotes(primary).get(0);
    assertThat(
            at.engine
                .bean(PairLookup.class)
                .knowsNotes(
                    primary, List.of(new NoteFingerprint("", comment.createdAt(), comment.text()))))
        .isFalse();
  }

  @Test
  void aTicketThatLeftTheScopeIsNoLongerCompared() {
    RecordRef first = at.call(DOWN);
    at.settle();
    at.systems.person(first, Map.of("compared", "secret"));
    at.settle();
    at.call(DOWN);
    at.settle();
    assertThat(at.list()).isEmpty();
  }

  @Test
  void aLinkMadeInTheItsmWhileLinkingIsKept() {
    AtomicBoolean busy = busy(at, "create itsm");
    at.alert(DOWN);
    awaitCall(at, "create itsm", 0);
    RecordRef call = at.call(DOWN);
    Awaitility.await().until(() -> at.list(State.LINKING).size() == 1);
    RecordRef other = at.call(PRINTER);
    at.systems.personConsolidates(call, other);
    Awaitility.await()
        .until(
            () ->
                at.engine
                        .jdbc
                        .sql("select count(*) from inbox_entry where subject = ?")
                        .param("record:" + call)
                        .query(Long.class)
                        .single()
                    == 0);
    busy.set(false);
    at.settle();
    assertThat(at.systems.primaryOf(call)).isEqualTo(other.id());
  }

  @Test
  void aDuplicateFoundWhileItsIncidentCouldNotBeCreatedOpensNone() {
    try (DuplicateEngine asks = DuplicateEngine.proposing()) {
      RecordRef call = asks.call(DOWN);
      asks.settle();
      AtomicBoolean busy = busy(asks, Duration.ofSeconds(1), "create platform");
      RecordRef major = asks.major(DOWN);
      awaitCall(asks, "create platform", 0);
      asks.duplicates()
          .accept(String.valueOf(asks.list(State.PROPOSED).get(0).id()), call.toString(), "ann");
      busy.set(false);
      asks.settle();
      assertThat(asks.systems.primaryOf(major)).isEqualTo(call.id());
      assertThat(asks.systems.all("platform")).isEmpty();
    }
  }

  @Test
  void aDuplicateWhoseIncidentCouldNotBeCreatedStaysInSyncWithItsOtherRecord() {
    try (DuplicateEngine asks = DuplicateEngine.proposing()) {
      asks.mapFurther("itsm");
      RecordRef call = asks.call(DOWN);
      asks.settle();
      AtomicBoolean busy = busy(asks, Duration.ofSeconds(1), "create platform");
      RecordRef major = asks.major(DOWN);
      awaitCall(asks, "create platform", 0);
      Awaitility.await().until(() -> pairOf(asks, major, "itsm further").right() != null);
      asks.duplicates()
          .accept(String.valueOf(asks.list(State.PROPOSED).get(0).id()), call.toString(), "ann");
      RecordRef issue = pairOf(asks, major, "itsm further").right();
      asks.systems.person(issue, Map.of("title", DOWN + " again"));
      busy.set(false);
      asks.settle();
      assertThat(asks.systems.primaryOf(major)).isEqualTo(call.id());
      assertThat(asks.systems.values(major)).containsEntry("title", DOWN + " again");
    }
  }

  /** Nobody can tell whether its incident was created. */
  @Test
  void aDuplicateWhosePlatformIsAwayStaysInSyncWithItsOtherRecord() {
    try (DuplicateEngine asks = DuplicateEngine.proposing()) {
      asks.mapFurther("itsm");
      RecordRef call = asks.call(DOWN);
      asks.settle();
      asks.systems.failBefore(
          made -> {
            if (made.endsWith(" platform")) {
              throw new SystemUnavailableException("the platform is away");
            }
          });
      RecordRef major = asks.major(DOWN);
      awaitCall(asks, "create platform", 0);
      Awaitility.await().until(() -> pairOf(asks, major, "itsm further").right() != null);
      asks.duplicates()
          .accept(String.valueOf(asks.list(State.PROPOSED).get(0).id()), call.toString(), "ann");
      RecordRef issue = pairOf(asks, major, "itsm further").right();
      asks.systems.person(issue, Map.of("title", DOWN + " again"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> asks.systems.values(major).containsValue(DOWN + " again"));

      asks.systems.failBefore(made -> {});
      asks.settle();
      assertThat(asks.systems.primaryOf(major)).isEqualTo(call.id());
      assertThat(asks.systems.all("platform")).isEmpty();
    }
  }

  @Test
  void aDuplicateWhoseSystemIsAwayDelaysNoOtherRecordsOfItsCorrelation() {
    try (DuplicateEngine asks = DuplicateEngine.proposing()) {
      asks.mapFurther("itsm", "jira");
      RecordRef call = asks.call(DOWN);
      asks.settle();
      AtomicBoolean busy = busy(asks, Duration.ofSeconds(1), "create platform");
      RecordRef major = asks.major(DOWN);
      awaitCall(asks, "create platform", 0);
      asks.duplicates()
          .accept(String.valueOf(asks.list(State.PROPOSED).get(0).id()), call.toString(), "ann");
      busy.set(false);
      asks.settle();
      asks.systems.failBefore(
          made -> {
            if (made.endsWith(" itsm")) {
              throw new SystemUnavailableException("it is away");
            }
          });
      asks.engine.receiveIfKnown(major);
      RecordRef issue = pairOf(asks, major, "itsm further").right();
      asks.systems.person(issue, Map.of("title", DOWN + " again"));
      RecordRef task = pairOf(asks, issue, "jira further").right();
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> asks.systems.values(task).containsValue(DOWN + " again"));

      asks.systems.failBefore(made -> {});
      asks.settle();
      assertThat(asks.systems.values(major)).containsEntry("title", DOWN + " again");
      assertThat(asks.systems.primaryOf(major)).isEqualTo(call.id());
    }
  }

  @Test
  void aRejectionIsKeptWhenTheTicketIsRenamed() {
    try (DuplicateEngine asks = DuplicateEngine.proposing()) {
      RecordRef call = asks.call(DOWN);
      asks.settle();
      RecordRef alert = asks.alert(DOWN);
      asks.settle();
      asks.duplicates().reject(String.valueOf(asks.list(State.PROPOSED).get(0).id()), "ann");
      RecordRef ticket = pairOf(asks, alert).left();
      RecordRef primary = asks.major(PRINTER);
      asks.settle();
      asks.systems.personConsolidates(ticket, primary);
      asks.settle();
      long id = asks.list(State.LINKED).get(0).id();
      asks.duplicates().split(String.valueOf(id), "ann");
      asks.settle();
      asks.systems.person(ticket, Map.of("title", DOWN + " still"));
      asks.settle();
      assertThat(asks.systems.primaryOf(ticket)).isEmpty();
      assertThat(asks.list(State.PROPOSED)).isEmpty();
      assertThat(asks.systems.primaryOf(call)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRefusedNoteCanBeDecidedAfterTheTicketIsRenamed(boolean retried) {
    try (DuplicateEngine asks = DuplicateEngine.proposing()) {
      RecordRef alert = asks.alert(DOWN);
      asks.settle();
      RecordRef ticket = pairOf(asks, alert).left();
      RecordRef primary = asks.major(PRINTER);
      asks.settle();
      asks.systems.personConsolidates(ticket, primary);
      asks.settle();
      asks.systems.failBefore(
          call -> {
            if (call.equals("note itsm")) {
              throw new RequestRejectedException(403, "POST note", "no permission", "Grant it.");
            }
          });
      asks.duplicates().split(String.valueOf(asks.list(State.LINKED).get(0).id()), "ann");
      asks.settle();
      asks.systems.failBefore(call -> {});
      var letters = asks.engine.bean(DeadLetters.class);
      assertThat(letters.list())
          .extracting(DeadLetters.DeadLetter::subject)
          .anyMatch(subject -> subject.contains("#unlinked:"));
      for (var letter : letters.list()) {
        assertThat(
                retried ? letters.retry(letter.id(), "ann") : letters.discard(letter.id(), "ann"))
            .isTrue();
      }
      asks.settle();
      assertThat(letters.list()).isEmpty();
      assertThat(
              asks.engine
                  .jdbc
                  .sql("select count(*) from note where state = 'REFUSED'")
                  .query(Integer.class)
                  .single())
          .isZero();
    }
  }

  /**
   * @return an unlinked duplicate whose note about it was refused
   */
  private static RecordRef unlinkedWithARefusedNote() {
    at.call(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    refuseNotes();
    at.duplicates().split(String.valueOf(at.list(State.LINKED).get(0).id()), "ann");
    at.settle();
    assertThat(at.list(State.SPLIT)).hasSize(1);
    assertThat(letters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.subject()).contains("#unlinked:"));
    return child;
  }

  private static void refuseNotes() {
    at.systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            throw new RequestRejectedException(403, "POST note", "no permission", "Grant it.");
          }
        });
  }

  private static List<DeadLetters.DeadLetter> letters() {
    return at.engine.bean(DeadLetters.class).list();
  }

  private static long unlinkNotes(RecordRef ticket) {
    return at.systems.noteTexts(ticket).stream()
        .filter(text -> text.contains("Unlinked from"))
        .count();
  }

  private static void retry() {
    assertThat(at.engine.bean(DeadLetters.class).retry(letters().get(0).id(), "ann")).isTrue();
    at.settle();
  }

  /** No pass sends notes to a ticket that is no longer a duplicate. */
  @Test
  void aRefusedNoteOfAnUnlinkedDuplicateIsSentWhenRetried() {
    RecordRef child = unlinkedWithARefusedNote();
    at.systems.failBefore(call -> {});
    retry();
    assertThat(letters()).isEmpty();
    assertThat(unlinkNotes(child)).isEqualTo(1);
    at.systems.person(child, Map.of("title", DOWN + " still"));
    at.settle();
    assertThat(unlinkNotes(child)).isEqualTo(1);
  }

  @Test
  void aRefusedNoteOfAnUnlinkedDuplicateStaysOneDeadLetter() {
    RecordRef child = unlinkedWithARefusedNote();
    String subject = letters().get(0).subject();
    retry();
    retry();
    assertThat(letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.subject()).isEqualTo(subject);
              assertThat(letter.answer()).isEqualTo("no permission");
            });
    at.systems.failBefore(call -> {});
    retry();
    assertThat(letters()).isEmpty();
    assertThat(unlinkNotes(child)).isEqualTo(1);
  }

  @Test
  void aRefusedNoteToADeletedRecordStaysOneDeadLetterThatSaysSo() {
    RecordRef child = unlinkedWithARefusedNote();
    at.systems.failBefore(call -> {});
    at.systems.delete(child);
    retry();
    assertThat(letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.subject()).contains("#unlinked:");
              assertThat(letter.answer()).contains("does not exist");
              assertThat(letter.advice()).contains("discard");
            });
  }

  /** The received hint is lost with the process; the pending note is not. */
  @Test
  void aRetriedNoteIsSentAfterAProcessThatDiedOverIt() {
    RecordRef child = unlinkedWithARefusedNote();
    AtomicBoolean died = new AtomicBoolean();
    at.systems.failBefore(
        call -> {
          if (call.equals("note itsm") && !died.getAndSet(true)) {
            throw new SystemUnavailableException("no answer");
          }
        });
    at.systems.onChange((ref, state) -> {});
    at.engine.bean(DeadLetters.class).retry(letters().get(0).id(), "ann");
    Awaitility.await().until(died::get);
    Awaitility.await()
        .until(
            () ->
                at.engine
                            .jdbc
                            .sql("update inbox_entry set hints = '{}' where state = 'FAILED'")
                            .update()
                        > 0
                    || unlinkNotes(child) > 0);
    at.settle();
    assertThat(unlinkNotes(child)).isEqualTo(1);
    assertThat(letters()).isEmpty();
  }

  @Test
  void aPendingCommentIsSentAfterADuplicateIsRelinked() {
    RecordRef primary = at.call(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    AtomicBoolean busy = busy(at, Duration.ofMillis(400), "note itsm");
    int before = at.systems.calls("note itsm");
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    awaitCall(at, "note itsm", before);
    RecordRef major = at.major(DOWN);
    Awaitility.await().until(() -> at.systems.primaryOf(child).equals(major.id()));
    busy.set(false);
    at.settle();
    assertThat(at.systems.noteTexts(child).stream().filter(text -> text.contains("We are on it")))
        .hasSize(1);
  }

  @Test
  void aPendingCommentThatBecomesInternalReachesNoCaller() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    AtomicBoolean busy = busy(at, Duration.ofMillis(100), "note itsm");
    int before = at.systems.calls("note itsm");
    at.systems.personNotes(primary, "The database of Dr. X is broken", Visibility.PUBLIC);
    awaitCall(at, "note itsm", before);
    at.systems.editNotes(
        primary,
        "The database of Dr. X is broken",
        "The database of Dr. X is broken",
        Visibility.INTERNAL);
    at.engine
        .bean(Inbox.class)
        .receive(at.engine.event(InboundEvent.POLL, primary, at.systems.peek(primary)));
    busy.set(false);
    at.settle();
    assertThat(at.systems.noteTexts(child).toString()).doesNotContain("Dr. X");
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.settle();
    assertThat(at.systems.noteTexts(child).toString()).contains("We are on it");
  }

  @Test
  void notesToADuplicateAreNotSyncedWhenItStartsAPair() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.major(DOWN);
    at.settle();
    at.duplicates().split(String.valueOf(at.list().get(0).id()), "ann");
    at.settle();
    RecordRef incident = pairOf(at, child).right();
    assertThat(at.systems.noteTexts(incident).toString()).doesNotContain("onsolidated under");
    assertThat(pairOf(at, primary).right()).isNotEqualTo(incident);
  }

  @Test
  void aTextWithANulIsNotRetriedForever() {
    at.call("Broken\0 title");
    at.settle();
    assertThat(at.systems.all("itsm")).hasSize(1);
  }
}
