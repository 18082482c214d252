package dev.lockstep.sandbox.teams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamsSimulatorTest {
  private static final String CARD =
      """
      {"type": "message", "attachments": [{
        "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null,
        "content": {"type": "AdaptiveCard", "version": "1.4", "body": [
          {"type": "TextBlock", "text": "Portal is down"},
          {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "P1"}, " since nine"]}
        ]}}]}
      """;

  private final TeamsSimulator teams = TeamsSimulator.start(Clock.systemUTC());

  @AfterEach
  void stop() {
    teams.close();
  }

  private int post(String address, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void postsACardWithTheTextOfItsBlocks() throws Exception {
    assertThat(post(teams.address("executives"), CARD)).isEqualTo(202);

    assertThat(teams.cards())
        .singleElement()
        .satisfies(
            card -> {
              assertThat(card.workflow()).isEqualTo("executives");
              assertThat(card.title()).isEqualTo("Portal is down");
              assertThat(card.text()).isEqualTo("Portal is down\nP1 since nine");
            });
  }

  @Test
  void letsNobodyPostWhoDoesNotKnowTheSignature() throws Exception {
    assertThat(post(teams.address("executives").replaceFirst("sig=.*", "sig=guess"), CARD))
        .isEqualTo(401);
    assertThat(teams.cards()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "{\"text\": \"hello\"}",
        "{\"type\": \"message\", \"attachments\": []}",
        "{\"type\": \"message\", \"attachments\": [{\"contentType\": \"text/html\"}]}"
      })
  void refusesWhatIsNoCard(String body) throws Exception {
    assertThat(post(teams.address("executives"), body)).isEqualTo(400);
    assertThat(teams.cards()).isEmpty();
  }

  @Test
  void refusesMoreThan28Kilobytes() throws Exception {
    assertThat(post(teams.address("executives"), CARD + " ".repeat(28 * 1024))).isEqualTo(413);
    assertThat(teams.cards()).isEmpty();
  }
}
