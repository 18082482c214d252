package dev.lockstep.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.publish.ChatAnswer.Button;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer consists of. */
class ChatAnswersTest {
  private final ChatAnswers answers = new ChatAnswers(Clock.systemUTC());

  private JsonNode composed(String text, Button... buttons) throws IOException {
    ChatAnswer answer =
        new ChatAnswer(
            UUID.randomUUID(),
            "https://example.com/secret",
            TextFormat.MRKDWN,
            text,
            List.of(buttons),
            true);
    assertThat(answer.toString()).doesNotContain("secret");
    return new ObjectMapper().readTree(answers.compose(answer));
  }

  @Test
  void onlyOnePersonSeesItAndNothingInItIsMarkup() throws IOException {
    JsonNode body = composed("a <!channel> & <https://evil.example|bank> *b*");

    assertThat(body.path("response_type").asText()).isEqualTo("ephemeral");
    assertThat(body.path("replace_original").asBoolean()).isTrue();
    assertThat(body.path("mrkdwn").asBoolean(true)).isFalse();
    assertThat(body.path("text").asText())
        .isEqualTo("a &lt;!channel&gt; &amp; &lt;https://evil.example|bank&gt; *b*");
    assertThat(body.has("blocks")).isFalse();
  }

  @Test
  void buttonsFollowTheText() throws IOException {
    JsonNode body =
        composed(
            "a < b",
            new Button("Send", "INC1 update x send", true),
            new Button("Too long", "x".repeat(2001), false));

    assertThat(body.at("/blocks/0/text/text").asText()).isEqualTo("a &lt; b");
    assertThat(body.at("/blocks/0/text/verbatim").asBoolean()).isTrue();
    assertThat(body.at("/blocks/1/elements")).hasSize(1);
    assertThat(body.at("/blocks/1/elements/0/value").asText()).isEqualTo("INC1 update x send");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "&", "<", "👩‍🚒", "ä&"})
  void aLongTextIsCutInTheSystemsLengthAndSaysSo(String part) {
    String text = ChatAnswers.formatted(TextFormat.MRKDWN, part.repeat(4000));

    assertThat(text).hasSizeBetween(2000, 3000).endsWith("… (cut; the console shows all of it)");
    assertThat(text.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&", "<", ">");
    assertThat(ChatAnswers.formatted(TextFormat.MRKDWN, "short")).isEqualTo("short");
  }
}
