package dev.lockstep.intake;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.intake.definition.WebhookParseException;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookBodyParserTest {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static String title(String json, Charset charset) {
    return WebhookBodyParser.read(json.getBytes(charset)).get("title").asText();
  }

  @Test
  void readsAnyUnicodeWithOrWithoutAByteOrderMark() {
    String json = "{\"title\":\"Störung ☎ 🚑\"}";
    assertThat(title(json, UTF_8)).isEqualTo("Störung ☎ 🚑");
    assertThat(title(BYTE_ORDER_MARK + json, UTF_8)).isEqualTo("Störung ☎ 🚑");
    assertThat(title(json, UTF_16)).isEqualTo("Störung ☎ 🚑");
    assertThat(title("{\"title\":\"\\ud83d\\ude91\"}", UTF_8)).isEqualTo("🚑");
  }

  /** PostgreSQL takes no NUL: passed on, such a delivery would be refused for ever. */
  @Test
  void replacesWhatNoDatabaseTakes() {
    assertThat(title("{\"title\":\"a\\u0000b\"}", UTF_8)).isEqualTo("ab");
    assertThat(title("{\"title\":\"\\u001b[1ma\\u202eb\\u009b0m\\r\\nc\"}", UTF_8))
        .isEqualTo("ab\nc");
    assertThat(title("{\"title\":\"a\\ud83db\"}", UTF_8)).isEqualTo("a\uFFFDb");
    assertThat(title("{\"title\":\"\\ude91\\ud83d\"}", UTF_8)).isEqualTo("\uFFFD\uFFFD");
    assertThat(
            WebhookBodyParser.read("{\"x\":{\"a\\u0000\":[\"\\u0000\"]}}".getBytes(UTF_8))
                .toString())
        .isEqualTo("{\"x\":{\"a\uFFFD\":[\"\"]}}");
    assertThat(WebhookBodyParser.asText(new byte[] {'a', 0, (byte) 0xff}))
        .isEqualTo("a\uFFFD\uFFFD");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|not a JSON object",
        "'   '|not a JSON object",
        "null|not a JSON object",
        "[1]|not a JSON object",
        "42|not a JSON object",
        "{\"a\":1} {}|not JSON",
        "{\"a\":1|not JSON",
        "{'a':1}|not JSON",
        "<html>|not JSON",
        "a=b&c=d|not JSON",
        "{\"a\":NaN}|not JSON",
        "{\"a\":1,\"a\":2}|a field occurs twice",
        "{\"x\":{\"a\":1,\"b\":2,\"a\":1}}|a field occurs twice",
      })
  void saysWhatIsWrongWithoutQuotingIt(String body, String problem) {
    assertThatThrownBy(() -> WebhookBodyParser.read(body.getBytes(UTF_8)))
        .isInstanceOf(WebhookParseException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void neverQuotesTheBody() {
    assertThatThrownBy(() -> WebhookBodyParser.read("{\"a\": confidential".getBytes(UTF_8)))
        .isInstanceOf(WebhookParseException.class)
        .hasMessageNotContaining("confidential");
  }

  @Test
  void refusesNestingThatWouldOverflowTheStack() {
    String deep = "{\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}";
    assertThatThrownBy(() -> WebhookBodyParser.read(deep.getBytes(UTF_8)))
        .isInstanceOf(WebhookParseException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void refusesNumbersThatTakeForEver() {
    String number = "{\"a\":" + "9".repeat(900_000) + "}";
    assertThatThrownBy(() -> WebhookBodyParser.read(number.getBytes(UTF_8)))
        .isInstanceOf(WebhookParseException.class);
  }

  @Test
  void refusesBytesThatAreNoText() {
    assertThatThrownBy(
            () -> WebhookBodyParser.read(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
        .isInstanceOf(WebhookParseException.class);
  }
}
