package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The result is the same, whichever call the worker dies in or gets no answer to. */
class DyingTest {
  private static final String DOWN = "Patient records are down for every ward since this morning";
  private static final String CALLS =
      """
      before, consolidate itsm
      after, consolidate itsm
      before, consolidate platform
      after, consolidate platform
      before, note itsm
      after, note itsm
      before, update itsm
      after, update itsm
      before, separate itsm
      after, separate itsm
      """;

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
  }

  @ParameterizedTest
  @CsvSource(textBlock = CALLS)
  void dies(String when, String call) {
    play(when, call, new AssertionError("the worker dies here"));
  }

  @ParameterizedTest
  @CsvSource(textBlock = CALLS)
  void getsNoAnswer(String when, String call) {
    play(when, call, new SystemUnavailableException("no answer"));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          before, consolidate itsm
          before, consolidate platform
          before, note itsm
          before, update itsm
          before, separate itsm
          """)
  void isAskedToRetryLater(String when, String call) {
    play(when, call, new RetryLaterException(Duration.ofMillis(20), "too many requests"));
  }

  /** Two pairs become one group, which receives a comment and is resolved; then one is split. */
  private void play(String when, String call, Throwable death) {
    AtomicInteger left = new AtomicInteger();
    java.util.function.Consumer<String> fault =
        made -> {
          if (made.equals(call) && left.getAndDecrement() > 0) {
            sneak(death);
          }
        };
    if (when.equals("before")) {
      at.systems.failBefore(fault);
    } else {
      at.systems.failAfter(fault);
    }
    RecordRef primary = at.major(DOWN);
    RecordRef paired = at.major("Something else entirely went wrong over there");
    at.settle();
    left.set(1);
    RecordRef call1 = at.call(DOWN);
    at.systems.person(paired, Map.of("title", DOWN));
    at.settle();
    left.set(1);
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    for (RecordRef child : new RecordRef[] {call1, paired}) {
      assertThat(at.systems.primaryOf(child)).isEqualTo(primary.id());
      assertThat(at.systems.values(child)).containsEntry("status", "6");
      assertThat(countNotes(child, "We are on it")).isEqualTo(1);
      assertThat(countNotes(child, "Linked as a duplicate of")).isEqualTo(1);
    }
    assertThat(open("platform")).isZero();
    left.set(1);
    at.duplicates().split("I" + call1.id().substring(1), "ann");
    at.settle();
    assertThat(at.systems.primaryOf(call1)).isEmpty();
    assertThat(at.systems.values(call1)).containsEntry("status", "1");
    assertThat(countNotes(call1, "Unlinked from")).isEqualTo(1);
    assertThat(at.list(State.LINKED)).hasSize(1);
    assertThat(at.list(State.SPLIT)).hasSize(1);
    assertThat(at.systems.all("platform")).hasSize(2);
  }

  private static long countNotes(RecordRef ref, String text) {
    return at.systems.noteTexts(ref).stream().filter(note -> note.contains(text)).count();
  }

  private static long open(String system) {
    return at.systems.all(system).stream()
        .filter(ref -> !"resolved".equals(at.systems.values(ref).get("status")))
        .count();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable death) throws T {
    throw (T) death;
  }
}
