package dev.lockstep.duplicates.ticket;

import static dev.lockstep.testkit.ExampleTickets.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.Duplicate.Takeover;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The values that a duplicate takes over from its primary, and gets back. */
final class DuplicateTest {

  @Test
  void remembersWhatWasThereAndWhatIsWritten() {
    assertThat(
            restoring(Map.of())
                .takeOver(Map.of("status", "1"), Map.of("status", "6", "code", "done")))
        .isEqualTo(Map.of("status", new Takeover("1", "6"), "code", new Takeover("", "done")));
  }

  @Test
  void afterAnAttemptThatFailedHalfwayWhatThatOneFoundIsKept() {
    assertThat(
            restoring(Map.of("status", new Takeover("1", "6")))
                .takeOver(Map.of("status", "6", "code", "old"), Map.of("status", "7", "code", "x")))
        .isEqualTo(Map.of("status", new Takeover("1", "7"), "code", new Takeover("old", "x")));
  }

  @Test
  void restoresWhatNobodyHasChangedSince() {
    Duplicate duplicate =
        restoring(
            Map.of(
                "status", new Takeover("1", "6"),
                "code", new Takeover("", "done"),
                "unread", new Takeover("a", "b")));
    assertThat(duplicate.valuesToRestore(Map.of("status", "6", "code", "by hand")))
        .isEqualTo(Map.of("status", "1"));
  }

  private static Duplicate restoring(Map<String, Takeover> restore) {
    return new Duplicate(
        1,
        1,
        ref("new"),
        ref("old"),
        State.LINKED,
        null,
        List.of(),
        "",
        null,
        null,
        null,
        Resolution.OPEN,
        restore);
  }
}
