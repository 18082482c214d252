package dev.lockstep.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.ChangePage.Page;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.poll.WatermarkStore.Watermark;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeedReadingTest {
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
  private static final RecordRef ONE = new RecordRef("itsm", "incident", "1");
  private static final RecordRef TWO = new RecordRef("itsm", "incident", "2");
  private static final UUID OLD = new UUID(0, 1);
  private static final UUID NEW = new UUID(0, 2);

  private static FeedReading first() {
    return new FeedReading(Map.of(), Optional.empty());
  }

  private static Page page(Map<RecordRef, UUID> fingerprints) {
    return new Page(null, null, fingerprints, List.of());
  }

  private static Page page(@Nullable Instant newest, String... skipped) {
    return new Page(newest, null, Map.of(), List.of(skipped));
  }

  private static Watermark interrupted(@Nullable String page, @Nullable Instant newest) {
    return new Watermark("feed", NOW, page, newest, null, null, null, null);
  }

  @Test
  void recognizesWhatThePreviousReadingReturned() {
    FeedReading reading = new FeedReading(Map.of(ONE, OLD, TWO, OLD), Optional.empty());

    assertThat(reading.add(page(Map.of(ONE, OLD, TWO, NEW)))).containsExactly(ONE);
    assertThat(reading.fingerprints()).isEqualTo(Map.of(ONE, OLD, TWO, NEW));
  }

  @Test
  void aRecordOnTwoPagesChangedMeanwhile() {
    FeedReading reading = new FeedReading(Map.of(ONE, OLD), Optional.empty());

    assertThat(reading.add(page(Map.of(ONE, NEW)))).isEmpty();
    assertThat(reading.add(page(Map.of(ONE, OLD)))).isEmpty();
    assertThat(reading.fingerprints().get(ONE)).isNotIn(OLD, NEW);
  }

  @Test
  void remembersNothingOfAReadingThatReturnedTooMuch() {
    Map<RecordRef, UUID> many = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      many.put(new RecordRef("itsm", "incident", "" + i), OLD);
    }
    FeedReading reading = first();
    reading.add(page(many));
    assertThat(reading.fingerprints()).hasSize(10_000);

    reading.add(page(Map.of(new RecordRef("itsm", "incident", "another"), OLD)));
    assertThat(reading.fingerprints()).isEmpty();
  }

  @Test
  void theWatermarkIsTheNewestTimestampOfAllPages() {
    FeedReading reading = first();
    assertThat(reading.watermark(NOW.minusSeconds(60), NOW)).isEqualTo(NOW.minusSeconds(60));

    reading.add(page(NOW.minusSeconds(10)));
    reading.add(page(NOW.minusSeconds(20)));
    reading.add(page((Instant) null));

    assertThat(reading.newest()).isEqualTo(NOW.minusSeconds(10));
    assertThat(reading.watermark(NOW.minusSeconds(60), NOW)).isEqualTo(NOW.minusSeconds(10));
  }

  @Test
  void theWatermarkNeitherMovesBackNorIntoTheFuture() {
    FeedReading reading = first();
    reading.add(page(NOW.minusSeconds(10)));
    assertThat(reading.watermark(NOW, NOW)).isEqualTo(NOW);

    reading.add(page(NOW.plusSeconds(3600)));
    assertThat(reading.watermark(NOW.minusSeconds(60), NOW)).isEqualTo(NOW);
  }

  @Test
  void continuesWithWhatAnInterruptedReadingReturned() {
    Instant newest = NOW.minusSeconds(10);
    FeedReading resumed = new FeedReading(Map.of(), Optional.of(interrupted("page-2", newest)));

    assertThat(resumed.isResumed()).isTrue();
    assertThat(resumed.newest()).isEqualTo(newest);
    assertThat(new FeedReading(Map.of(), Optional.of(interrupted(null, null))).isResumed())
        .isFalse();
    assertThat(first().isResumed()).isFalse();
  }

  @Test
  void noticesAPageThatWasReadBefore() {
    FeedReading reading = first();

    assertThat(reading.advances(null, null, "page-2")).isTrue();
    assertThat(reading.advances("page-2", null, "page-3")).isTrue();
    assertThat(reading.advances("page-3", null, "page-2")).isFalse();
  }

  @Test
  void noticesContentThatWasReadBeforeUnderAnotherToken() {
    FeedReading reading = first();

    assertThat(reading.advances(null, OLD, "page-2")).isTrue();
    assertThat(reading.advances("page-2", NEW, "page-3")).isTrue();
    assertThat(reading.advances("page-3", OLD, "page-4")).isFalse();
  }

  @Test
  void collectsTheNotesOfARecordAndCountsAnEntryOnTwoPagesOnce() {
    FeedReading reading = first();
    NoteFingerprint named = new NoteFingerprint("entry-1", NOW, "Restarted");
    NoteFingerprint unnamed = new NoteFingerprint("", NOW, "Restarted");

    assertThat(reading.addNotes(ONE, List.of(named, unnamed))).containsExactly(named, unnamed);
    assertThat(reading.addNotes(ONE, List.of(named, unnamed)))
        .containsExactly(named, unnamed, unnamed);
    assertThat(reading.addNotes(TWO, List.of(named))).containsExactly(named);
  }

  @Test
  void reportsEachUnreadableItemOnce() {
    FeedReading reading = first();
    assertThat(reading.skipped()).isNull();

    reading.add(page((Instant) null, "no id", "no\ntime"));
    reading.add(page((Instant) null, "no id"));

    assertThat(reading.skipped()).isEqualTo("no id; no time");
  }
}
