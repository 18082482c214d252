package dev.lockstep.mapping.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextLimitTest {
  private static final TextLimit ONE_LINE = new TextLimit(0, 0, true);
  private static final String FAMILY = "👩‍👩‍👧";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "10, 0, short, short",
        "5, 0, longer, long…",
        "0, 10, äöüäöü, äöü…",
        "0, 11, äöüäöü, äöüä…",
        "0, 12, äöüäöü, äöüäöü",
        "3, 0, a🔥🔥, a…",
        "4, 0, xe\u0301e\u0301z, xe\u0301…",
        "0, 20, x" + FAMILY + FAMILY + ", x…",
        "0, 24, x" + FAMILY + FAMILY + ", x" + FAMILY + "…",
      })
  void cutsBetweenWholeCharactersAndShowsIt(
      int characters, int bytes, String text, String written) {
    TextLimit limit = new TextLimit(characters, bytes, false);
    assertThat(limit.fit(text)).isEqualTo(written);
    assertThat(limit.isFitOf(written, text)).isTrue();
  }

  @Property(tries = 1000)
  void whatIsCutFits(@ForAll String text, @ForAll @IntRange(min = 4, max = 60) int most) {
    String fitted = new TextLimit(most, most, true).fit(text);
    assertThat(fitted.length()).isLessThanOrEqualTo(most);
    assertThat(fitted.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(most);
    assertThat(new TextLimit(most, most, true).fit(fitted)).isEqualTo(fitted);
  }

  @Test
  void aSystemThatCutsByItselfAgrees() {
    assertThat(new TextLimit(0, 10, false).isFitOf("äöüäö", "äöüäöüäöü")).isTrue();
    assertThat(new TextLimit(0, 11, false).isFitOf("äöüäö", "äöüäöüäöü")).isTrue();
    assertThat(new TextLimit(0, 20, false).isFitOf("äöüäö", "äöüäöüäöü")).isFalse();
    assertThat(new TextLimit(10, 0, false).isFitOf("0123456789", "0123456789abc")).isTrue();
    assertThat(new TextLimit(10, 0, false).isFitOf("01234", "0123456789abc")).isFalse();
    assertThat(new TextLimit(10, 0, false).isFitOf("0123456789", "x123456789abc")).isFalse();
  }

  @Test
  void oneLineStaysOneLine() {
    assertThat(ONE_LINE.fit("Disk alert\nhost db7\tused 97%\r\n\r\n now\u001b[0m\u2028x"))
        .isEqualTo("Disk alert host db7 used 97% now x");
    assertThat(ONE_LINE.isFitOf("Disk alert host", "Disk alert\n\thost")).isTrue();
    // What somebody wrote in several lines where one is enough is left as it is.
    assertThat(ONE_LINE.isFitOf("Disk alert\nhost", "Disk alert host")).isTrue();
    assertThat(ONE_LINE.isFitOf("Disk alert", "Disk alert\nhost")).isFalse();
    assertThat(new TextLimit(12, 0, true).fit("Disk\nalert host")).isEqualTo("Disk alert …");
  }
}
