package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.mapping.NotePolicy.Approval;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairQueries;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.WaitingNoteStore.WaitingNote;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published is exactly what an operator approved, once, and nothing else. */
class NoteApprovalsTest {
  private static final FakeSystems systems = new FakeSystems();
  private static final TableMapping MAPPING =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("status", Owner.LEFT)),
          Set.of());
  private static Engine engine;

  private RecordRef ticket;
  private RecordRef page;

  @BeforeAll
  static void start() {
    engine = new Engine(MAPPING, systems);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void link() {
    engine.forget();
    systems.forget();
    systems.publish("platform");
    systems.onChange((ref, state) -> engine.receive(ref, state));
    approve(Approval.ALWAYS);
    ticket = systems.person("itsm", Map.of("scope", "yes", "title", "Records down"));
    engine.settle();
    page = systems.all("platform").get(0);
  }

  @AfterEach
  void nothingFailed() {
    assertThat(engine.bean(DeadLetters.class).list()).isEmpty();
    assertThat(systems.noteTexts(page)).noneMatch(text -> text.contains("[lockstep:"));
  }

  private static void approve(Approval approval) {
    engine.map(List.of(MAPPING.publishing(approval)));
  }

  private void comment(String text) {
    systems.personNotes(ticket, text, Visibility.PUBLIC);
    engine.settle();
  }

  private static List<WaitingNote> waiting() {
    return engine.bean(NoteApprovals.class).list(100);
  }

  private static String idOf(String text) {
    return waiting().stream()
        .filter(note -> note.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(text + " is not among " + waiting()))
        .id();
  }

  private static boolean approve(String id) {
    boolean done = engine.bean(NoteApprovals.class).approve(id, "ann");
    engine.settle();
    return done;
  }

  private static boolean reject(String id, String reason) {
    boolean done = engine.bean(NoteApprovals.class).reject(id, "ann", reason);
    engine.settle();
    return done;
  }

  /** As a poll, which lists the notes with the record. */
  private void poll() {
    engine.bean(Inbox.class).receive(engine.event(InboundEvent.POLL, ticket, systems.peek(ticket)));
    engine.settle();
  }

  private List<PairQueries.Event> history(String what) {
    return engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow().history().stream()
        .filter(event -> event.what().equals(what))
        .toList();
  }

  @Test
  void eachTextWaitsAndIsPublishedAsItWasShown() {
    comment("We are looking");
    comment("Half of it is back");
    systems.person(ticket, Map.of("title", "Records are slow"));
    engine.settle();

    assertThat(systems.values(page)).containsEntry("title", "Records are slow");
    assertThat(systems.noteTexts(page)).isEmpty();
    assertThat(waiting())
        .extracting(WaitingNote::text)
        .containsExactly("We are looking", "Half of it is back");
    assertThat(waiting())
        .allMatch(note -> note.from().equals(ticket) && note.target().equals(page))
        .allMatch(note -> note.author().equals("person") && note.sentAs() == Visibility.PUBLIC);

    assertThat(approve(idOf("Half of it is back"))).isTrue();
    assertThat(systems.noteTexts(page)).containsExactly("Half of it is back");
    String first = idOf("We are looking");
    assertThat(approve(first)).isTrue();
    assertThat(approve(first)).as("decided on already").isFalse();
    poll();
    assertThat(systems.noteTexts(page)).containsExactly("Half of it is back", "We are looking");
    assertThat(waiting()).isEmpty();
    assertThat(history("approved"))
        .hasSize(2)
        .allMatch(event -> event.by().equals("ann"))
        .allMatch(event -> event.text().contains("approved a text of"))
        .anyMatch(event -> event.details().get("text").equals("We are looking"));
  }

  @Test
  void aRejectedTextIsNeverPublishedNorAskedForAgain() {
    comment("My number is 555");
    assertThat(reject(idOf("My number is 555"), "private")).isTrue();
    poll();
    comment("Another");
    assertThat(waiting()).extracting(WaitingNote::text).containsExactly("Another");
    assertThat(systems.noteTexts(page)).isEmpty();
    assertThat(history("rejected"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.by()).isEqualTo("ann");
              assertThat(event.details()).containsEntry("reason", "private");
            });
  }

  @Test
  void onlyTheFirstOnEachRecordWaits() {
    approve(Approval.FIRST);
    comment("One");
    comment("Two");
    assertThat(waiting()).extracting(WaitingNote::text).containsExactly("One", "Two");
    reject(idOf("One"), "");
    comment("Three");
    assertThat(waiting()).as("none is approved yet").hasSize(2);
    approve(idOf("Two"));
    comment("Four");
    assertThat(systems.noteTexts(page)).containsExactly("Two", "Four");
    assertThat(waiting()).extracting(WaitingNote::text).containsExactly("Three");
  }

  @Test
  void nothingWaitsWhereNothingIsToBeApproved() {
    approve(Approval.NEVER);
    comment("One");
    systems.personNotes(ticket, "Not for everyone", Visibility.INTERNAL);
    engine.settle();
    assertThat(systems.noteTexts(page)).containsExactly("One");
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aTextThatIsEditedMeanwhileIsAnotherOne() {
    comment("The password is hunter2, we are looking");
    String old = idOf("The password is hunter2, we are looking");
    systems.editNotes(ticket, "hunter2", "We are looking", Visibility.PUBLIC);
    poll();
    assertThat(approve(old)).isFalse();
    assertThat(systems.noteTexts(page)).isEmpty();
    assertThat(approve(idOf("We are looking"))).isTrue();
    assertThat(systems.noteTexts(page)).containsExactly("We are looking");
    systems.editNotes(ticket, "We are looking", "Edited afterwards", Visibility.PUBLIC);
    poll();
    assertThat(systems.noteTexts(page)).containsExactly("We are looking");
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aTextThatIsEditedWhileItsRecordIsClosedIsAnotherOne() {
    comment("The password is hunter2, we are looking");
    String old = idOf("The password is hunter2, we are looking");
    systems.person(page, Map.of("status", "closed"));
    engine.settle();
    systems.editNotes(ticket, "hunter2", "We are looking", Visibility.PUBLIC);
    poll();

    assertThat(approve(old)).isFalse();
    assertThat(approve(idOf("We are looking"))).isTrue();
    assertThat(systems.noteTexts(page)).isEmpty();
    systems.person(page, Map.of("status", "new"));
    engine.settle();
    assertThat(systems.noteTexts(page)).containsExactly("We are looking");
  }

  @Test
  void aNoteThatNeededNoApprovalIsNotTheFirstThatIsApproved() {
    approve(Approval.NEVER);
    comment("Sent before approvals were asked for");
    approve(Approval.FIRST);
    comment("One");
    assertThat(waiting()).extracting(WaitingNote::text).containsExactly("One");
    approve(idOf("One"));
    comment("Two");
    assertThat(waiting()).isEmpty();
    assertThat(systems.noteTexts(page))
        .containsExactly("Sent before approvals were asked for", "One", "Two");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCommentThatBecomesInternalIsNotPublished(boolean polled) {
    comment("Oops");
    String id = idOf("Oops");
    systems.editNotes(ticket, "Oops", "Oops", Visibility.INTERNAL);
    if (polled) {
      poll();
    }
    engine.settle();
    assertThat(waiting()).isEmpty();
    assertThat(approve(id)).isFalse();
    assertThat(systems.noteTexts(page)).isEmpty();
  }

  @Test
  void anApprovedTextThatBecomesInternalBeforeItIsSentIsNotPublished() {
    systems.failBefore(
        call -> {
          if (call.equals("note platform")) {
            throw new RetryLaterException(Duration.ofMillis(100), "the page asks to wait");
          }
        });
    comment("Oops");
    engine.bean(NoteApprovals.class).approve(idOf("Oops"), "ann");
    awaitAttempt();
    systems.editNotes(ticket, "Oops", "Oops", Visibility.INTERNAL);
    engine.bean(Inbox.class).receive(engine.event(InboundEvent.POLL, ticket, systems.peek(ticket)));
    systems.failBefore(call -> {});
    engine.settle();
    assertThat(systems.noteTexts(page)).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  private static void awaitAttempt() {
    Awaitility.await().until(() -> systems.calls("note platform") > 0);
  }

  @ParameterizedTest
  @EnumSource(Visibility.class)
  void anInternalNoteStaysInternalHoweverItIsShownLater(Visibility first) {
    systems.personNotes(ticket, "For us", first);
    engine.settle();
    systems.editNotes(ticket, "For us", "For us", Visibility.INTERNAL);
    poll();
    systems.editNotes(ticket, "For us", "For us alone", Visibility.PUBLIC);
    poll();
    assertThat(waiting()).isEmpty();
    assertThat(systems.noteTexts(page)).isEmpty();
  }

  @Test
  void theSameTextTwiceIsTwoTextsAndNoneComesBack() {
    comment("Still looking");
    comment("Still looking");
    waiting().forEach(note -> approve(note.id()));
    assertThat(systems.noteTexts(page)).containsExactly("Still looking", "Still looking");
    int before = systems.noteTexts(ticket).size();
    systems.personNotes(page, "Still looking", Visibility.PUBLIC);
    engine.settle();
    assertThat(systems.noteTexts(ticket))
        .as("a third one is a person's")
        .hasSize(before + 1)
        .last()
        .asString()
        .contains("person on")
        .contains("Still looking");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTextWhoseAnswerWasLostIsPublishedOnce(boolean done) {
    comment("Still looking");
    approve(idOf("Still looking"));
    AtomicInteger lost = new AtomicInteger();
    Consumer<String> loseFirst =
        call -> {
          if (call.equals("note platform") && lost.getAndIncrement() == 0) {
            throw new SystemUnavailableException("no answer");
          }
        };
    if (done) {
      systems.failAfter(loseFirst);
    } else {
      systems.failBefore(loseFirst);
    }
    comment("Still looking");
    approve(idOf("Still looking"));
    assertThat(lost.get()).isPositive();
    assertThat(systems.noteTexts(page)).containsExactly("Still looking", "Still looking");
    assertThat(with(systems.noteTexts(ticket), "page")).isEmpty();
  }

  private static List<String> with(List<String> texts, String part) {
    return texts.stream().filter(text -> text.contains(part)).toList();
  }

  @Test
  void nothingOfLockstepsOwnIsPublished() {
    assertThat(systems.noteTexts(page)).isEmpty();
    assertThat(with(systems.noteTexts(ticket), "Kept in sync with")).hasSize(1);
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("title", "Changed here"));
    systems.person(page, Map.of("title", "Changed there"));
    engine.receive(ticket, systems.peek(ticket));
    engine.receive(page, systems.peek(page));
    engine.settle();
    assertThat(systems.values(page)).containsEntry("title", "Changed here");
    assertThat(history("conflict")).isNotEmpty();
    assertThat(systems.noteTexts(page)).as("no note says so").isEmpty();
  }

  @Test
  void aTextThatWaitsIsGoneWithItsPair() {
    comment("Nobody will see this");
    String id = idOf("Nobody will see this");
    UUID pair = waiting().get(0).pair();
    assertThat(engine.bean(PairDecisions.class).unlink(pair, "ann", "")).isTrue();
    assertThat(waiting()).isEmpty();
    assertThat(approve(id)).isFalse();
    assertThat(systems.noteTexts(page)).isEmpty();
  }

  @Test
  void textsSurviveARestartAndARestoredDatabase() {
    comment("Published before");
    approve(idOf("Published before"));
    engine.stop();
    String backup = engine.backUp();
    engine.start();
    comment("Waits");
    comment("Published since");
    approve(idOf("Published since"));
    engine.stop();
    engine.start();
    assertThat(waiting()).extracting(WaitingNote::text).containsExactly("Waits");
    engine.stop();
    engine.age();
    engine.restore(backup);
    engine.start();
    poll();
    engine.bean(Inbox.class).receive(engine.event(InboundEvent.POLL, page, systems.peek(page)));
    engine.settle();
    assertThat(systems.noteTexts(page)).containsExactly("Published before", "Published since");
    assertThat(waiting()).extracting(WaitingNote::text).containsExactly("Waits");
    assertThat(with(systems.noteTexts(ticket), "Published since"))
        .as("it does not come back")
        .hasSize(1);
  }

  @Test
  void aTextThatWaitsInARestoredBackupAndWasPublishedSinceIsNotPublishedAgain() {
    comment("Waits in the backup");
    comment("Waits there, too");
    engine.stop();
    String backup = engine.backUp();
    engine.start();
    approve(idOf("Waits in the backup"));
    assertThat(systems.noteTexts(page)).containsExactly("Waits in the backup");
    engine.stop();
    engine.restore(backup);
    engine.start();

    approve(idOf("Waits in the backup"));
    approve(idOf("Waits there, too"));

    assertThat(systems.noteTexts(page)).containsExactly("Waits in the backup", "Waits there, too");
    assertThat(waiting()).isEmpty();
  }

  /** One text, one outcome that is not known. */
  private void commentWithoutAnswer(String text) {
    commentWithout(new SystemUnavailableException("no answer"), text);
  }

  private void commentWithout(RuntimeException answer, String text) {
    comment("Published before");
    int calls = systems.calls("note platform");
    systems.failBefore(
        call -> {
          if (call.equals("note platform")) {
            throw answer;
          }
        });
    systems.personNotes(ticket, text, Visibility.PUBLIC);
    Awaitility.await().until(() -> systems.calls("note platform") > calls);
  }

  @Test
  void aCommentThatBecomesInternalWhileItsOutcomeIsUnknownIsNotPublished() {
    approve(Approval.NEVER);
    commentWithoutAnswer("Oops");
    systems.editNotes(ticket, "Oops", "Oops", Visibility.INTERNAL);
    systems.failBefore(call -> {});
    engine.settle();
    poll();
    assertThat(systems.noteTexts(page)).containsExactly("Published before");
  }

  @Test
  void aCommentWhoseOutcomeIsUnknownIsPublishedAsLongAsItIsPublic() {
    approve(Approval.NEVER);
    commentWithoutAnswer("Half of it is back");
    systems.failBefore(call -> {});
    engine.settle();
    assertThat(systems.noteTexts(page)).containsExactly("Published before", "Half of it is back");
  }

  /** Operators who see that too much is published change the mapping while the page is away. */
  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void aCommentOnItsWayIsNotPublishedOnceItsMappingPublishesNone(boolean asked, boolean internal) {
    approve(Approval.NEVER);
    commentWithout(
        asked
            ? new RetryLaterException(Duration.ofMillis(50), "the page asks to wait")
            : new SystemUnavailableException("no answer"),
        "Oops");
    engine.map(
        List.of(
            MAPPING.withNotes(
                (from, shown) -> internal ? Optional.of(Visibility.INTERNAL) : Optional.empty())));
    systems.failBefore(call -> {});
    engine.settle();
    poll();
    assertThat(systems.noteTexts(page)).containsExactly("Published before");
  }

  @Test
  void aRefusedTextThatBecameInternalIsNotPublishedByARetry() {
    systems.failBefore(
        call -> {
          if (call.equals("note platform")) {
            throw new RequestRejectedException(422, "note", "not today", "Retry tomorrow.");
          }
        });
    comment("Oops");
    approve(idOf("Oops"));
    DeadLetters letters = engine.bean(DeadLetters.class);
    assertThat(letters.list()).hasSize(1);
    systems.editNotes(ticket, "Oops", "Oops", Visibility.INTERNAL);
    engine.settle();
    systems.failBefore(call -> {});

    letters.retry(letters.list().get(0).id(), "ann");
    engine.settle();
    poll();

    assertThat(systems.noteTexts(page)).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aRefusedTextIsPublishedByARetryAsItWasApproved() {
    AtomicInteger refused = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("note platform") && refused.getAndIncrement() == 0) {
            throw new RequestRejectedException(422, "note", "not today", "Retry tomorrow.");
          }
        });
    comment("Half of it is back");
    approve(idOf("Half of it is back"));
    DeadLetters letters = engine.bean(DeadLetters.class);
    letters.retry(letters.list().get(0).id(), "ann");
    engine.settle();
    assertThat(systems.noteTexts(page)).containsExactly("Half of it is back");
    assertThat(waiting()).isEmpty();
  }

  /** Another record may be linked later, which gets the public notes. */
  @Test
  void aPublishedCommentThatBecomesInternalIsPublicNoMore() {
    comment("Published");
    approve(idOf("Published"));
    poll();
    NoteStore notes = engine.bean(NoteStore.class);
    assertThat(notes.publicSince(ticket, Instant.EPOCH)).hasSize(1);
    systems.editNotes(ticket, "Published", "Published", Visibility.INTERNAL);
    poll();
    assertThat(notes.publicSince(ticket, Instant.EPOCH)).isEmpty();
  }

  @Test
  void aTextIsApprovedDuringAPauseAndPublishedAfterIt() {
    Pauses pauses = engine.bean(Pauses.class);
    pauses.pause(PauseScope.system("platform"), "maintenance", "kim", null);
    systems.personNotes(ticket, "Half of it is back", Visibility.PUBLIC);
    engine.settleUnpaused();
    engine.bean(NoteApprovals.class).approve(idOf("Half of it is back"), "ann");
    engine.settleUnpaused();
    assertThat(systems.noteTexts(page)).isEmpty();
    pauses.resume(PauseScope.system("platform"), "kim");
    engine.settle();
    assertThat(systems.noteTexts(page)).containsExactly("Half of it is back");
  }

  @Test
  void aTextThatCannotReachItsRecordAnyMoreDoesNotWait() {
    engine.forget();
    systems.forget();
    systems.publish("page");
    engine.map(
        List.of(
            MAPPING.between("first", "itsm", "platform").publishing(Approval.NEVER),
            MAPPING.between("second", "platform", "page").publishing(Approval.ALWAYS)));
    ticket = systems.person("itsm", Map.of("scope", "yes", "title", "Records down"));
    engine.settle();
    page = systems.all("page").get(0);
    comment("From the ticket");
    RecordRef between = systems.all("platform").get(0);
    systems.personNotes(between, "From between", Visibility.PUBLIC);
    engine.settle();
    assertThat(waiting())
        .extracting(WaitingNote::text)
        .containsExactlyInAnyOrder("From the ticket", "From between");
    String id = idOf("From the ticket");

    UUID first =
        engine.bean(PairStore.class).findAll(ticket).stream()
            .filter(pair -> pair.mapping().equals("first"))
            .findFirst()
            .orElseThrow()
            .id();
    engine.bean(PairDecisions.class).unlink(first, "ann", "");

    assertThat(approve(id)).isFalse();
    assertThat(waiting()).extracting(WaitingNote::text).containsExactly("From between");
    assertThat(engine.bean(NoteApprovals.class).count()).isOne();
    approve(idOf("From between"));
    assertThat(systems.noteTexts(page)).containsExactly("From between");
  }
}
