package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.NoMappings;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Two processes, of which one stands still, and systems that do not say what they did. */
final class NoteSenderTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final NoteSender.Lease LEASE = new NoteSender.Lease(Duration.ofSeconds(15));
  private static final RecordRef FROM = new RecordRef("platform", "incident", "P1");

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final SettableClock clock = new SettableClock();
  private final NoteStore notes = new NoteStore(jdbc, new ObjectMapper());
  private final DeliveryStore deliveries = new DeliveryStore(jdbc);
  private final FakeSystems systems = new FakeSystems();
  private final List<Subject> blocked = new ArrayList<>();
  private final RecordRef target = systems.person("itsm", Map.of("title", "Down"));
  private final NoteSender one = sender();
  private final NoteSender other = sender();

  private NoteSender sender() {
    return new NoteSender(
        systems,
        notes,
        deliveries,
        new WriteMetrics(new SimpleMeterRegistry()),
        deadLetters(),
        new SentNotes(systems, new NoMappings(), deliveries, notes),
        new NoteMessages(systems),
        new TransactionTemplate(new JdbcTransactionManager(DATABASE)),
        LEASE,
        clock);
  }

  private DeadLetters deadLetters() {
    return (DeadLetters)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DeadLetters.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("add");
              blocked.add((Subject) arguments[0]);
              return null;
            });
  }

  @BeforeEach
  void forget() {
    jdbc.sql("truncate note, note_delivery").update();
    one.enqueue(FROM, "n1", Visibility.INTERNAL, "Failing over");
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private StoredNote open() {
    return notes.open(List.of(FROM)).get(0);
  }

  private void send(NoteSender sender) {
    StoredNote note = open();
    sender.send(note, target, sender.settle(note, target));
  }

  @Test
  void aNoteThatAnotherProcessIsSendingIsLeftToItUntilItsLeaseEnds() {
    StoredNote asSeen = open();
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            // The other process believes this one dead, and sees the note in either state.
            assertThatThrownBy(() -> send(other)).isInstanceOf(RetryLaterException.class);
            assertThatThrownBy(() -> other.send(asSeen, target, other.settle(asSeen, target)))
                .isInstanceOf(RetryLaterException.class);
          }
        });
    send(one);
    assertThat(systems.noteTexts(target)).hasSize(1);
    assertThat(notes.open(List.of(FROM))).isEmpty();
    other.send(asSeen, target, other.settle(asSeen, target));
    assertThat(systems.noteTexts(target)).as("it is settled").hasSize(1);
  }

  @Test
  void aProcessThatStoodStillAfterItsClaimDoesNotSend() {
    NoteSender still =
        new NoteSender(
            systems,
            notes,
            deliveries,
            new WriteMetrics(new SimpleMeterRegistry()) {
              @Override
              <T> T count(Action action, java.util.function.Supplier<T> call) {
                clock.advance(Duration.ofSeconds(20));
                return super.count(action, call);
              }
            },
            deadLetters(),
            new SentNotes(systems, new NoMappings(), deliveries, notes),
            new NoteMessages(systems),
            new TransactionTemplate(new JdbcTransactionManager(DATABASE)),
            LEASE,
            clock);
    assertThatThrownBy(() -> send(still)).isInstanceOf(RetryLaterException.class);
    assertThat(systems.noteTexts(target)).isEmpty();
    send(other);
    assertThat(systems.noteTexts(target)).hasSize(1);
  }

  @Test
  void aNoteThatArrivedBeforeItsProcessDiedIsFoundWhenItsLeaseEnds() {
    systems.failAfter(
        call -> {
          throw new AssertionError("the process dies here");
        });
    assertThatThrownBy(() -> send(one)).isInstanceOf(AssertionError.class);
    systems.failAfter(call -> {});
    assertThatThrownBy(() -> send(other)).isInstanceOf(RetryLaterException.class);
    clock.advance(Duration.ofSeconds(16));
    send(other);
    assertThat(systems.noteTexts(target)).hasSize(1);
    assertThat(notes.open(List.of(FROM))).isEmpty();
  }

  @Test
  void anotherProcessWaitsForTheRestOfALeaseOnly() {
    systems.failAfter(
        call -> {
          throw new AssertionError("the process dies here");
        });
    assertThatThrownBy(() -> send(one)).isInstanceOf(AssertionError.class);
    systems.failAfter(call -> {});
    clock.advance(Duration.ofSeconds(10));
    assertThatThrownBy(() -> send(other))
        .isInstanceOfSatisfying(
            RetryLaterException.class,
            later -> assertThat(later.delay()).isEqualTo(Duration.ofSeconds(5)));
  }

  @Test
  void theFirstNoteEverIsNotSentAgainBeforeTheSystemHasShownOne() {
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            throw new SystemUnavailableException("connection reset");
          }
        });
    assertThatThrownBy(() -> send(one)).isInstanceOf(SystemUnavailableException.class);
    systems.failBefore(call -> {});
    assertThatThrownBy(() -> send(one)).isInstanceOf(RetryLaterException.class);
    systems.personNotes(target, "Anybody there?", Visibility.INTERNAL);
    send(one);
    assertThat(systems.noteTexts(target)).hasSize(2);
  }

  /** Why it can't be asked must not count as the fate of the note, or of its record. */
  @ParameterizedTest
  @MethodSource("unreadable")
  void aRecordThatCannotBeReadSaysNothingAboutANoteOnAnother(RuntimeException failure) {
    RecordRef earlier = systems.person("itsm", Map.of("title", "Test"));
    StoredNote first = open();
    one.send(first, earlier, one.settle(first, earlier));
    loseAnswerOf("n2", target);
    AtomicInteger listings = new AtomicInteger();
    systems.failBefore(
        call -> {
          if (call.equals("notes itsm") && listings.incrementAndGet() == 2) {
            throw failure;
          }
        });
    assertThatThrownBy(() -> send(one)).isInstanceOf(RetryLaterException.class);
    assertThat(listings).hasValue(2);
    systems.personNotes(target, "Anybody there?", Visibility.INTERNAL);
    send(one);
    assertThat(systems.noteTexts(target)).hasSize(2);
  }

  static Stream<RuntimeException> unreadable() {
    return Stream.of(
        new RecordNotFoundException(new RecordRef("itsm", "incident", "i0")),
        new RequestRejectedException(403, "GET notes", "no access", "Give a role."));
  }

  @Test
  void aNoteThatMayBeOnADeletedRecordIsSentToTheOneThatReplacedIt() {
    RecordRef replaced = systems.person("itsm", Map.of("title", "Down"));
    loseAnswerOf("n1", replaced);
    systems.delete(replaced);
    send(one);
    assertThat(systems.noteTexts(target)).hasSize(1);
    assertThat(notes.open(List.of(FROM))).isEmpty();
  }

  @Test
  void aLostAnswerIsAnOperatorsAtOnceWhereSuchNotesAreNeverListed() {
    jdbc.sql("truncate note, note_delivery").update();
    systems.listNo(Visibility.PUBLIC, "itsm");
    one.enqueue(FROM, "n1", Visibility.PUBLIC, "We are on it");
    loseAnswerOf("n1", target);
    assertThatThrownBy(() -> send(one))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            refused -> {
              assertThat(refused.answer()).contains("lists no public notes");
              assertThat(refused.advice()).doesNotContain("integration user");
            });
    assertThat(systems.noteTexts(target)).isEmpty();
  }

  private void loseAnswerOf(String name, RecordRef record) {
    one.enqueue(FROM, name, Visibility.INTERNAL, "Failed over");
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            throw new SystemUnavailableException("connection reset");
          }
        });
    StoredNote note = open();
    assertThatThrownBy(() -> one.send(note, record, id -> {}))
        .isInstanceOf(SystemUnavailableException.class);
    systems.failBefore(call -> {});
  }

  @Test
  void theFirstNoteEverIsAnOperatorsWhereTheSystemShowsNone() {
    systems.hideNotes("itsm");
    systems.failAfter(
        call -> {
          throw new SystemUnavailableException("no answer");
        });
    assertThatThrownBy(() -> send(one)).isInstanceOf(SystemUnavailableException.class);
    systems.failAfter(call -> {});
    assertThatThrownBy(() -> send(one)).isInstanceOf(RetryLaterException.class);
    clock.advance(Duration.ofMinutes(6));
    StoredNote note = open();
    assertThatThrownBy(() -> send(one))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            refused -> {
              assertThat(refused.advice()).contains("if the note is there, discard this");
              one.refuse(note, target, refused);
            });
    assertThat(blocked).containsExactly(new Subject.OfNote(FROM, "n1", target));
    assertThat(systems.noteTexts(target)).hasSize(1);
  }
}
