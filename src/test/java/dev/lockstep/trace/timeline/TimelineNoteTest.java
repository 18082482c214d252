package dev.lockstep.trace.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The timeline as the text of a note. */
class TimelineNoteTest {
  private static final Instant T0 = Instant.parse("2026-11-24T03:00:00Z");

  private static Timeline timeline(int notes, String text) {
    List<TimelineEvent> events = new ArrayList<>();
    for (int i = 0; i < notes; i++) {
      events.add(TimelineEvent.of("itsm", T0.plusSeconds(i), "INC1", "note", text + i, "ann"));
    }
    return new Timeline(
        "INC1",
        "Portal",
        "",
        List.of(new Timeline.Entry("itsm", "ITSM", "itsm/incident/1", "INC1", "")),
        null,
        List.of(),
        List.of(),
        events);
  }

  @Test
  void hasALineForEachEventWithoutWhatLockstepDid() {
    Timeline timeline = timeline(2, "We\nknow ");
    List<TimelineEvent> all = new ArrayList<>(timeline.events());
    all.add(
        TimelineEvent.own(T0, "INC1", "note", "sent", "").withWeight(TimelineEvent.Weight.DETAIL));
    Timeline whole =
        new Timeline("INC1", "Portal", "", timeline.records(), null, List.of(), List.of(), all);

    assertThat(TimelineNote.format(whole))
        .isEqualTo(
            """
            Timeline (UTC):
            2026-11-24 03:00:00 ITSM INC1, ann note: We know 0
            2026-11-24 03:00:01 ITSM INC1, ann note: We know 1\
            """);
  }

  /** A note must fit the shortest limit of the systems, with Lockstep's mark. */
  @Test
  void leavesOutTheMiddleOfALongTimeline() {
    for (int notes : new int[] {30, 60, 10_000}) {
      String note = TimelineNote.format(timeline(notes, "x".repeat(150)));
      assertThat(note.length()).isLessThanOrEqualTo(3800);
      assertThat(note).contains("2026-11-24 03:00:00 ", "x" + (notes - 1));
      assertThat(note).containsPattern("… \\d+ more: `./lockstep timeline INC1`");
      int shown = (int) note.lines().filter(line -> line.startsWith("2026")).count();
      assertThat(note).contains("… " + (notes - shown) + " more");
    }
    assertThat(TimelineNote.format(timeline(0, ""))).isEqualTo("Timeline (UTC):\n");
  }
}
