package dev.lockstep.connector.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as numbers since 1970. */
final class TimeFormatTest {
  private final TimeFormat epoch = TimeFormat.of(TextNode.valueOf("epoch"));

  @ParameterizedTest
  @CsvSource({
    "1700000000, 2023-11-14T22:13:20Z",
    "1700000000.000100, 2023-11-14T22:13:20.000100Z",
    "1689965803820, 2023-07-21T18:56:43.820Z",
    "0, 1970-01-01T00:00:00Z"
  })
  void readsSecondsAndMilliseconds(String text, Instant time) {
    assertThat(epoch.parse(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1e99999999", "1.", "99999999999999999999"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> epoch.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Not a time");
  }

  @Test
  void writesSeconds() {
    assertThat(epoch.write(Instant.parse("2023-11-14T22:13:20.9Z"))).isEqualTo("1700000000");
    assertThat(epoch.toArgument("1700000000.000100")).isEqualTo("1700000000.000100");
  }
}
