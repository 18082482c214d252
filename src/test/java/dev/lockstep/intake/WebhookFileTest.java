package dev.lockstep.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class WebhookFileTest {
  private static final Path CONNECTORS = Path.of("connectors");
  private static final String RIGHT =
      """
      signature:
        header: X-Toy-Signature
        algorithm: hmac-sha256
        secrets: ${TOY_SECRET}
      event-type: what
      rename:
        nr: number
      events:
        - types: [changed]
          kind: ticket
          record: ticket
          notes: {list: notes, id: id, text: text, created-at: at, visibility: INTERNAL}
        - types: [ping]
          ignore: true
      """;

  @TempDir Path folder;

  private final MockEnvironment settings = new MockEnvironment();

  private Webhook read(String yaml) throws IOException {
    Path file = folder.resolve("webhook.yaml");
    Files.writeString(file, yaml);
    return new WebhookFile(CONNECTORS.resolve("webhook.schema.json"), settings).read("toy", file);
  }

  @Test
  void readsAFileOfASystemNobodyHereKnows() throws IOException {
    settings.setProperty("TOY_SECRET", "a,b");
    Webhook webhook = read(RIGHT);
    assertThat(webhook.system()).isEqualTo("toy");
    assertThat(webhook.signature().hasSecret()).isTrue();
    assertThat(webhook.events().get("changed")).isInstanceOf(Webhook.Tells.State.class);
    assertThat(webhook.events().get("ping")).isInstanceOf(Webhook.Tells.Nothing.class);
  }

  /** The literal "${TOY_SECRET}" must never become the secret: everyone can read it here. */
  @Test
  void aSettingLeftOutIsNoSecret() throws IOException {
    SignatureScheme signature = read(RIGHT).signature();
    byte[] body = {1};
    assertThat(signature.hasSecret()).isFalse();
    assertThat(signature.verifies(body, Signed.with("${TOY_SECRET}", body).substring(3))).isFalse();
  }

  @Test
  void theShippedFilesAreRight() {
    Webhooks webhooks = Webhooks.load(List.of(CONNECTORS), settings);
    assertThat(webhooks.systems()).contains("pagerduty", "servicenow");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "  header: X-Toy-Signature|  heder: X|:2: ",
        "hmac-sha256|md5|:3: ",
        "${TOY_SECRET}|in-clear-text|:4: ",
        "event-type: what|event-type: a..b|:5: ",
        "  nr: number|  'nr[]': number|nr[]",
        "kind: ticket|nothing: here|:9: ",
        "INTERNAL|SECRET|:12: ",
        "[ping]|[changed]|named twice",
        "ignore: true|ignore: false|:14: ",
        "record: ticket|record-id: ticket|",
        "event-type: what|event-type: [|webhook.yaml:",
        "INTERNAL}|{from: kind, table: {a: B}}}|:12: ",
      })
  void saysInOneLineWhereAFileIsWrong(String right, String wrong, String place) throws IOException {
    String yaml = RIGHT.replace(right, wrong);
    if (place == null) {
      assertThat(read(yaml).events()).hasSize(2);
      return;
    }
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidWebhookFile.class)
        .hasMessageStartingWith(folder.resolve("webhook.yaml").toString())
        .hasMessageContaining(place)
        .hasMessageNotContaining("\n");
  }
}
