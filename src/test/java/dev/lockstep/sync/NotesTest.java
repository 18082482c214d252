package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.PairQueries;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every note is synced once, also if it is quoted, refused or hidden. */
class NotesTest {
  private static final FakeSystems systems = new FakeSystems();
  private static final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("status", Owner.LEFT)),
          Set.of());
  private static Engine engine;

  private RecordRef ticket;
  private RecordRef incident;

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

  private void linked() {
    ticket = systems.person("itsm", Map.of("scope", "yes", "title", "Records down"));
    engine.settle();
    incident = systems.all("platform").get(0);
  }

  private static List<DeadLetters.DeadLetter> deadLetters() {
    return engine.bean(DeadLetters.class).list();
  }

  private String gap(String name) {
    return engine.bean(PairQueries.class).find(ticket.toString()).orElseThrow().fields().stream()
        .filter(field -> field.name().equals(name))
        .map(field -> Objects.requireNonNullElse(field.gap(), ""))
        .findFirst()
        .orElse("");
  }

  private static List<String> with(List<String> texts, String part) {
    return texts.stream().filter(text -> text.contains(part)).toList();
  }

  static Stream<String> replies() {
    return Stream.of(
        "It is still dark!\n\n%s",
        "%s\n\nIt is still dark!",
        "Hi,\n%s\nIt is still dark!\n-- \nAna",
        "It is still dark!\n\nOn Mon, ops wrote:\n> {quoted}",
        "> {quoted}\n\nIt is still dark!",
        "It is still dark!<br><blockquote>%s</blockquote>",
        "<p>It is still dark!</p><div class=\"quote\"><p>%s</p></div>",
        "It is still dark!\r\n\r\n-----Original Message-----\r\n%s\r\n");
  }

  @ParameterizedTest
  @MethodSource("replies")
  void aReplyThatQuotesANoteCrossesWithoutTheQuotedMark(String reply) {
    linked();
    systems.personNotes(ticket, "Replaced the PSU, please check", Visibility.INTERNAL);
    engine.settle();
    String note = with(systems.noteTexts(incident), "Replaced the PSU").get(0);
    String text = reply.replace("{quoted}", note.replace("\n", "\n> ")).replace("%s", note);
    systems.personNotes(incident, text, Visibility.INTERNAL);
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "It is still dark!"))
        .singleElement()
        .asString()
        .contains("Replaced the PSU")
        .containsOnlyOnce("[lockstep:");
    engine.receive(ticket, systems.peek(ticket));
    engine.receive(incident, systems.peek(incident));
    engine.settle();
    assertThat(with(systems.noteTexts(incident), "It is still dark!")).hasSize(1);
  }

  @Test
  void aQuotationOfLockstepsOwnNoteCrossesToo() {
    linked();
    String link = systems.noteTexts(ticket).get(0);
    systems.personNotes(ticket, "What is this?\n\n" + link, Visibility.INTERNAL);
    engine.settle();
    assertThat(with(systems.noteTexts(incident), "What is this?")).hasSize(1);
  }

  @Test
  void nobodyCanForeseeAMark() {
    linked();
    String first = systems.noteTexts(ticket).get(0);
    engine.forget();
    systems.forget();
    linked();
    assertThat(systems.noteTexts(ticket).get(0)).isNotEqualTo(first);
  }

  @Test
  void aRefusedNoteIsOneDeadLetterAndTheOthersGoOver() {
    linked();
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            throw new RequestRejectedException(413, "POST note", "too long", "Shorten it.");
          }
        });
    systems.personNotes(incident, "First", Visibility.INTERNAL);
    engine.settle();
    systems.failBefore(call -> {});
    systems.personNotes(incident, "Second", Visibility.INTERNAL);
    systems.person(ticket, Map.of("title", "Still down"));
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "Second")).hasSize(1);
    assertThat(with(systems.noteTexts(ticket), "First")).isEmpty();
    assertThat(deadLetters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.request()).isEqualTo("POST note");
              assertThat(letter.answer()).isEqualTo("too long");
              assertThat(letter.advice()).isEqualTo("Shorten it.");
              assertThat(letter.title()).contains(ticket.id().toUpperCase(java.util.Locale.ROOT));
            });
    assertThat(gap("notes to left")).contains("1 note was refused");
    assertThat(engine.bean(DeadLetters.class).retry(deadLetters().get(0).id(), "ann")).isTrue();
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "First")).hasSize(1);
    assertThat(deadLetters()).isEmpty();
    assertThat(gap("notes to left")).isEmpty();
  }

  @Test
  void aRefusedNoteThatIsRefusedAgainIsTheSameDeadLetterUntilItIsDiscarded() {
    linked();
    AtomicInteger refusals = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            refusals.incrementAndGet();
            throw new RequestRejectedException(400, "POST note", "no", "Ask.");
          }
        });
    systems.personNotes(incident, "First", Visibility.INTERNAL);
    engine.settle();
    DeadLetters.DeadLetter first = deadLetters().get(0);
    engine.bean(DeadLetters.class).retry(first.id(), "ann");
    engine.settle();
    assertThat(deadLetters())
        .singleElement()
        .matches(letter -> letter.subject().equals(first.subject()));
    assertThat(refusals).hasValue(2);
    systems.person(ticket, Map.of("title", "Another"));
    engine.settle();
    assertThat(refusals).as("another edit is no reason to try again").hasValue(2);
    engine.bean(DeadLetters.class).discard(deadLetters().get(0).id(), "ann");
    engine.settle();
    assertThat(deadLetters()).isEmpty();
    assertThat(gap("notes to left")).isEmpty();
    systems.person(ticket, Map.of("title", "Yet another"));
    engine.settle();
    assertThat(refusals).hasValue(2);
  }

  /** The pass read the notes before the second decision was made. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDecisionMadeWhileThePassRunsIsFollowedToo(boolean retried) {
    linked();
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            throw new RequestRejectedException(403, "POST note", "no permission", "Grant it.");
          }
        });
    systems.personNotes(incident, "First", Visibility.INTERNAL);
    engine.settle();
    systems.personNotes(incident, "Second", Visibility.INTERNAL);
    engine.settle();
    systems.onChange((ref, state) -> {});
    var letters = engine.bean(DeadLetters.class);
    assertThat(deadLetters()).hasSize(2);
    systems.failBefore(
        call -> {
          if (call.equals("note itsm") && deadLetters().size() == 1) {
            String other = deadLetters().get(0).id();
            assertThat(retried ? letters.retry(other, "bob") : letters.discard(other, "bob"))
                .isTrue();
          }
        });

    assertThat(letters.retry(deadLetters().get(0).id(), "ann")).isTrue();
    engine.settle();

    assertThat(with(systems.noteTexts(ticket), "First")).hasSize(1);
    assertThat(with(systems.noteTexts(ticket), "Second")).hasSize(retried ? 1 : 0);
    assertThat(deadLetters()).isEmpty();
    assertThat(gap("notes to left")).isEmpty();
  }

  private void refusedThenClosed() {
    linked();
    refuseNotes();
    systems.personNotes(incident, "First", Visibility.INTERNAL);
    engine.settle();
    systems.person(ticket, Map.of("status", "closed"));
    engine.settle();
    assertThat(deadLetters()).hasSize(1);
  }

  private static void refuseNotes() {
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            throw new RequestRejectedException(403, "POST note", "no permission", "Grant it.");
          }
        });
  }

  /** A pass sends nothing to a closed record; the operator who decides so does. */
  @Test
  void aRefusedNoteIsSentOnRetryThoughItsRecordIsClosedByNow() {
    refusedThenClosed();
    systems.failBefore(call -> {});
    assertThat(engine.bean(DeadLetters.class).retry(deadLetters().get(0).id(), "ann")).isTrue();
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "First")).hasSize(1);
    assertThat(deadLetters()).isEmpty();
    assertThat(gap("notes to left")).isEmpty();
  }

  @Test
  void aRefusedNoteToAClosedRecordStaysOneDeadLetterWhileItIsRefused() {
    refusedThenClosed();
    String subject = deadLetters().get(0).subject();
    engine.bean(DeadLetters.class).retry(deadLetters().get(0).id(), "ann");
    engine.settle();
    assertThat(deadLetters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.subject()).isEqualTo(subject));
    assertThat(gap("notes to left")).contains("1 note was refused");
    engine.bean(DeadLetters.class).discard(deadLetters().get(0).id(), "ann");
    engine.settle();
    assertThat(deadLetters()).isEmpty();
    assertThat(gap("notes to left")).isEmpty();
  }

  /** A pair that is a dead letter is not processed, and neither is what was retried of it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNoteRetriedWhileItsPairIsADeadLetterIsDecidedWithIt(boolean retried) {
    linked();
    systems.failBefore(
        call -> {
          if (call.equals("note itsm") || call.equals("update platform")) {
            throw new RequestRejectedException(403, call, "no permission", "Grant it.");
          }
        });
    systems.personNotes(incident, "First", Visibility.INTERNAL);
    systems.person(ticket, Map.of("title", "Still down"));
    engine.settle();
    assertThat(deadLetters()).hasSize(2);
    systems.failBefore(call -> {});
    DeadLetters letters = engine.bean(DeadLetters.class);
    assertThat(letters.retry(letter("note:").id(), "ann")).isTrue();
    engine.settle();
    assertThat(deadLetters()).hasSize(1);

    String pair = letter("correlation:").id();
    assertThat(retried ? letters.retry(pair, "ann") : letters.discard(pair, "ann")).isTrue();
    engine.settle();

    if (!retried) {
      assertThat(deadLetters()).hasSize(1);
      assertThat(letter("note:").answer()).contains("Dead letter " + pair);
      assertThat(letters.retry(letter("note:").id(), "ann")).isTrue();
      engine.settle();
    }
    assertThat(with(systems.noteTexts(ticket), "First")).hasSize(1);
    assertThat(deadLetters()).isEmpty();
    assertThat(gap("notes to left")).isEmpty();
  }

  private static DeadLetters.DeadLetter letter(String subject) {
    return deadLetters().stream()
        .filter(letter -> letter.subject().startsWith(subject))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aJournalThatRefusesToBeReadKeepsNoPairFromBeingLinked() {
    systems.failBefore(
        call -> {
          if (call.equals("notes itsm")) {
            throw new RequestRejectedException(
                403, "GET notes", "no access to the journal", "Give a role.");
          }
        });
    linked();
    assertThat(systems.correlationOf(ticket)).isEqualTo(incident.toString());
    assertThat(deadLetters()).isEmpty();
    assertThat(gap("notes of left")).contains("do not sync").contains("no access to the journal");
    systems.person(ticket, Map.of("title", "Still down"));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Still down");
    systems.failBefore(call -> {});
    lookForNotes();
    assertThat(gap("notes of left")).isEmpty();
  }

  /** As the poller does when none of its listings showed what was sent there. */
  private void lookForNotes() {
    lookForNotes(ticket);
  }

  private void lookForNotes(RecordRef record) {
    engine
        .bean(Inbox.class)
        .receive(
            new InboundEvent(
                InboundEvent.POLL, "", record, null, List.of(), true, Clock.systemUTC().instant()));
    engine.settle();
  }

  @Test
  void aJournalThatShowsNothingIsAGapUntilItShowsSomething() {
    systems.hideNotes("itsm");
    systems.onChange((ref, state) -> {});
    ticket = systems.person("itsm", Map.of("scope", "yes", "title", "Records down"));
    engine.bean(Inbox.class).receive(quiet(ticket));
    engine.settle();
    incident = systems.all("platform").get(0);
    lookForNotes();
    assertThat(gap("notes of left")).contains("notes of").contains("do not sync");
    systems.personNotes(ticket, "Nobody can enter the building", Visibility.INTERNAL);
    engine.settle();
    assertThat(with(systems.noteTexts(incident), "enter the building")).isEmpty();
    systems.showNotes("itsm");
    lookForNotes();
    assertThat(gap("notes of left")).isEmpty();
    assertThat(with(systems.noteTexts(incident), "enter the building")).hasSize(1);
  }

  @Test
  void notesToASystemThatTakesNoneAreAGapOnceThereAreSome() {
    systems.takeNoNotes("platform");
    linked();
    assertThat(gap("notes to right")).isEmpty();
    assertThat(systems.noteTexts(ticket)).hasSize(1);

    systems.personNotes(ticket, "Replaced the PSU", Visibility.INTERNAL);
    engine.settle();
    systems.personNotes(incident, "Thanks, it is up", Visibility.INTERNAL);
    engine.settle();

    assertThat(gap("notes to right")).contains("takes no notes");
    assertThat(systems.noteTexts(incident)).containsExactly("Thanks, it is up");
    assertThat(with(systems.noteTexts(ticket), "Thanks, it is up")).hasSize(1);
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void thatSomebodyDeletedLockstepsNoteIsNoGapWhileOthersAreListed() {
    linked();
    systems.personNotes(ticket, "Nobody can enter the building", Visibility.INTERNAL);
    engine.settle();
    systems.deleteNotes(ticket, "[lockstep:");
    lookForNotes();
    assertThat(gap("notes of left")).isEmpty();
  }

  @Test
  void aNoteOfAVisibilityThatIsNeverListedIsNoGap() {
    systems.listNo(Visibility.PUBLIC, "platform");
    linked();
    engine
        .bean(NoteSender.class)
        .enqueue(ticket, "update", Visibility.PUBLIC, "We are on it", incident);
    systems.person(ticket, Map.of("title", "Still down"));
    engine.settle();
    assertThat(with(systems.noteTexts(incident), "We are on it")).hasSize(1);
    lookForNotes(incident);
    assertThat(gap("notes of right")).isEmpty();
    systems.hideNotes("platform");
    systems.personNotes(ticket, "Replaced the PSU", Visibility.INTERNAL);
    engine.settle();
    lookForNotes(incident);
    assertThat(gap("notes of right")).as("those it lists still count").contains("do not sync");
  }

  private void receiveIds(RecordRef record, String... ids) {
    engine
        .bean(Inbox.class)
        .receive(
            new InboundEvent(
                "webhook",
                "",
                record,
                null,
                List.of(),
                false,
                Set.of(ids),
                true,
                Clock.systemUTC().instant()));
  }

  private String noteId(RecordRef record, String part) {
    return systems.peekNotes(record).stream()
        .filter(note -> note.text().contains(part))
        .map(WorkNote::id)
        .findFirst()
        .orElseThrow();
  }

  /** As replies in a chat, which no listing shows: only an event names them. */
  @Test
  void aNoteThatAnEventNamesIsFetchedAlone() {
    linked();
    systems.onChange((ref, state) -> {});
    systems.personNotes(incident, "Failing over", Visibility.INTERNAL);
    systems.personNotes(incident, "Failed over", Visibility.INTERNAL);
    int fetches = systems.calls("fetch platform");
    int listings = systems.calls("notes platform");
    receiveIds(incident, noteId(incident, "Failing over"), "none of this id");
    receiveIds(incident, noteId(incident, "Failing over"));
    engine.settle();

    assertThat(with(systems.noteTexts(ticket), "Failing over")).hasSize(1);
    assertThat(with(systems.noteTexts(ticket), "Failed over")).isEmpty();
    assertThat(systems.calls("fetch platform")).isEqualTo(fetches);
    assertThat(systems.calls("notes platform")).isEqualTo(listings);
    receiveIds(new RecordRef("platform", "incident", "unknown"), "note1");
    engine.settle();
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void aNoteThatCannotBeFetchedWaitsAndBlocksNothingElse() {
    linked();
    systems.onChange((ref, state) -> {});
    systems.personNotes(incident, "Failing over", Visibility.INTERNAL);
    systems.failBefore(
        call -> {
          if (call.equals("note of platform")) {
            throw new RequestRejectedException(200, "get note", "not_in_channel", "Invite it.");
          }
        });
    receiveIds(incident, noteId(incident, "Failing over"));
    systems.person(ticket, Map.of("title", "Still down"));
    engine.receive(ticket, systems.peek(ticket));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("title", "Still down");
    assertThat(deadLetters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.advice()).isEqualTo("Invite it."));

    systems.failBefore(call -> {});
    engine.bean(DeadLetters.class).retry(deadLetters().get(0).id(), "test");
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "Failing over")).hasSize(1);
  }

  private InboundEvent quiet(RecordRef ref) {
    return new InboundEvent(
        "webhook", "", ref, systems.peek(ref), List.of(), false, Clock.systemUTC().instant());
  }

  @Test
  void aNoteThatMayHaveArrivedIsNotSentAgainWhereNotesAreNotShown() {
    linked();
    systems.onChange((ref, state) -> {});
    systems.hideNotes("itsm");
    AtomicInteger sent = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("note itsm") && sent.getAndIncrement() == 0) {
            throw new SystemUnavailableException("timed out after it was done");
          }
        });
    systems.personNotes(incident, "Failing over", Visibility.INTERNAL);
    engine.receive(incident, systems.peek(incident));
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "Failing over")).hasSize(1);
    assertThat(deadLetters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.advice()).contains("if it is not, retry"));
    systems.personNotes(incident, "Failed over", Visibility.INTERNAL);
    engine.receive(incident, systems.peek(incident));
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "Failed over")).hasSize(1);
    assertThat(with(systems.noteTexts(ticket), "Failing over")).hasSize(1);
    assertThat(deadLetters()).hasSize(1);
  }

  @Test
  void aNoteThatDidNotArriveIsSentAgainWhereNotesAreShown() {
    linked();
    AtomicInteger sent = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("note itsm") && sent.getAndIncrement() == 0) {
            throw new SystemUnavailableException("connection reset");
          }
        });
    systems.personNotes(incident, "Failing over", Visibility.INTERNAL);
    engine.settle();
    assertThat(with(systems.noteTexts(ticket), "Failing over")).hasSize(1);
    assertThat(deadLetters()).isEmpty();
  }

  /** The reply is on the record before anybody could look whether the note arrived. */
  @Test
  void aReplyToANoteWhoseAnswerWasLostCrosses() {
    linked();
    AtomicInteger sent = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("note platform") && sent.getAndIncrement() == 0) {
            String note = with(systems.noteTexts(incident), "Replaced").get(0);
            systems.personNotes(incident, "Still dark\n\n" + note, Visibility.INTERNAL);
            throw new SystemUnavailableException("timed out after it was done");
          }
        });
    systems.personNotes(ticket, "Replaced the PSU", Visibility.INTERNAL);
    engine.settle();
    assertThat(with(systems.noteTexts(incident), "Replaced")).hasSize(2);
    assertThat(with(systems.noteTexts(ticket), "Still dark")).hasSize(1);
  }

  /**
   * An empty listing does not prove that its system shows notes at all; the note about the link,
   * sent in the same pass, does.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFirstNoteOfARecordIsSentOnceThoughItsAnswerWasLost(boolean delivered) {
    AtomicInteger sent = new AtomicInteger();
    Consumer<String> failFirst =
        call -> {
          if (call.equals("note platform") && sent.getAndIncrement() == 0) {
            throw new SystemUnavailableException("no answer");
          }
        };
    systems.onChange((ref, state) -> {});
    ticket = systems.person("itsm", Map.of("scope", "yes", "title", "Records down"));
    systems.personNotes(ticket, "Failing over", Visibility.INTERNAL);
    if (delivered) {
      systems.failAfter(failFirst);
    } else {
      systems.failBefore(failFirst);
    }
    engine.receive(ticket, systems.peek(ticket));
    engine.settle();
    incident = systems.all("platform").get(0);
    assertThat(with(systems.noteTexts(incident), "Failing over")).hasSize(1);
    assertThat(with(systems.noteTexts(incident), "Kept in sync")).hasSize(1);
    assertThat(sent.get()).isGreaterThan(1);
    assertThat(deadLetters()).isEmpty();
  }
}
