package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testkit.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetryAfterParserTest {
  private final SettableClock clock = new SettableClock();
  private final RetryAfterParser header = new RetryAfterParser(clock);

  @Test
  void readsSeconds() {
    assertThat(header.parse(" 7 ")).contains(Duration.ofSeconds(7));
    assertThat(header.parse("0")).contains(Duration.ZERO);
    assertThat(header.parse("1.2")).contains(Duration.ofSeconds(2));
  }

  @Test
  void readsAnHttpDate() {
    assertThat(header.parse("Tue, 24 Nov 2026 03:00:30 GMT")).contains(Duration.ofSeconds(30));
    assertThat(header.parse("Tue, 24 Nov 2026 03:00:30 UTC")).contains(Duration.ofSeconds(30));
    assertThat(header.parse("Tue, 24 Nov 2026 03:00:30 CET")).isEmpty();
  }

  @Test
  void readsAnEpochSecond() {
    assertThat(header.parse(String.valueOf(clock.instant().getEpochSecond() + 5)))
        .contains(Duration.ofSeconds(5));
  }

  @Test
  void neverWaitsBackwardsOrForDays() {
    assertThat(header.parse("Tue, 24 Nov 2026 02:00:00 GMT")).contains(Duration.ZERO);
    assertThat(header.parse("-3")).contains(Duration.ZERO);
    assertThat(header.parse("999999")).contains(Duration.ofHours(1));
  }

  @Test
  void knowsNothingOfOtherTexts() {
    assertThat(header.parse("soon")).isEmpty();
    assertThat(header.parse("")).isEmpty();
    assertThat(header.parse("1e30")).isEmpty();
    assertThat(header.parse("-1e30")).isEmpty();
    assertThat(header.parse("NaN")).isEmpty();
    assertThat(header.parse("Infinity")).isEmpty();
  }
}
