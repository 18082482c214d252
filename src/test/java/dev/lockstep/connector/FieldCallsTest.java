package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.record.RecordRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields that are written by calls of their own, as chats do that have no update of a channel. */
final class FieldCallsTest {
  private static final RecordRef TICKET = new RecordRef("toy", "ticket", "7");
  private static final ResponseDefinitionBuilder REFUSED =
      okJson("{\"ok\":false,\"error\":\"not_in_channel\"}");

  @TempDir private Path folder;

  @BeforeEach
  void declare() throws IOException {
    ToyConnector.copy(
        folder,
        "read-timeout: 1s",
        "read-timeout: 5s",
        "  update-ticket: {method: PUT, path: \"/{id}\"}\n",
        """
          open-ticket: {method: POST, path: /open, body: {id: "{id}"}}
          set-topic: {method: POST, path: /topic, body: {id: "{id}", topic: "{value}"}}
          invite: {method: POST, path: /invite, body: {id: "{id}", user: "{value}"}}
          close-ticket: {method: POST, path: /close, body: {id: "{id}"}}
        """,
        "    send: {correlation: far}\n",
        """
            send: {correlation: far}
            formats: {topic.value: mrkdwn}
            writes:
              - {path: closed, is: "false", call: open-ticket, optional: true}
              - {path: topic.value, call: set-topic}
              - {path: members, call: invite, optional: true, shown: false}
              - {path: closed, is: "true", call: close-ticket}
        """,
        "errors:\n",
        """
        errors:
          - {status: 2xx, body: already_closed, means: done}
          - {status: 2xx, body: '"ok":false', means: rejected, advice: Invite the app.}
        """);
  }

  @Test
  void eachHasItsCallAndTheyGoInTheirOrder() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      answer(toy, okJson("{\"ok\":true}"));
      NativeRecord after =
          update(kit, "{\"closed\":\"true\",\"members\":\"U1\",\"topic\":{\"value\":\"a < b\"}}");

      assertThat(sent(toy))
          .containsExactly(
              "/topic {\"id\":\"7\",\"topic\":\"a &lt; b\"}",
              "/invite {\"id\":\"7\",\"user\":\"U1\"}",
              "/close {\"id\":\"7\"}",
              "/7 ");
      assertThat(after.refused()).isEmpty();
      assertThat(after.json().path("members").asText()).isEqualTo("U1");
    }
  }

  /** Reopened first, or nothing else could be written. */
  @Test
  void theValueChoosesTheCall() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      answer(toy, okJson("{\"ok\":true}"));
      update(kit, "{\"topic\":{\"value\":\"x\"},\"closed\":\"false\"}");

      assertThat(sent(toy))
          .containsExactly("/open {\"id\":\"7\"}", "/topic {\"id\":\"7\",\"topic\":\"x\"}", "/7 ");
    }
  }

  @Test
  void aRefusalOfWhatIsOptionalBlocksNothingElse() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      answer(toy, okJson("{\"ok\":true}"));
      toy.answer(post(urlPathEqualTo("/open")), REFUSED);
      toy.answer(post(urlPathEqualTo("/invite")), REFUSED);
      NativeRecord after =
          update(kit, "{\"topic\":{\"value\":\"x\"},\"closed\":\"false\",\"members\":\"U1\"}");

      assertThat(sent(toy)).anyMatch(request -> request.startsWith("/topic "));
      assertThat(after.refused())
          .containsOnlyKeys("closed", "members")
          .allSatisfy(
              (path, why) ->
                  assertThat(why).contains("not_in_channel").endsWith("Invite the app."));
      assertThat(after.json().has("members")).isFalse();
    }
  }

  @Test
  void anyOtherRefusalIsOne() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      answer(toy, okJson("{\"ok\":true}"));
      toy.answer(post(urlPathEqualTo("/topic")), REFUSED);

      assertThatThrownBy(() -> update(kit, "{\"topic\":{\"value\":\"x\"}}"))
          .isInstanceOf(RequestRejectedException.class)
          .hasMessageContaining("not_in_channel");
    }
  }

  @Test
  void whatIsSoAlreadyIsASuccess() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      answer(toy, okJson("{\"ok\":true}"));
      toy.answer(
          post(urlPathEqualTo("/close")).withRequestBody(containing("7")),
          okJson("{\"ok\":false,\"error\":\"already_closed\"}"));

      assertThat(update(kit, "{\"closed\":\"true\"}").ref()).isEqualTo(TICKET);
    }
  }

  @Test
  void whatNoCallWritesIsRefusedBeforeAnyIsMade() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      assertThatThrownBy(() -> update(kit, "{\"topic\":{\"value\":\"x\"},\"title\":\"y\"}"))
          .isInstanceOf(RequestRejectedException.class)
          .hasMessageContaining("Toy cannot change these fields")
          .hasMessageContaining("{\"title\":\"y\"}");
      assertThat(toy.requests()).isEmpty();
    }
  }

  @Test
  void theyAreWrittenAfterTheCreateThatDoesNotTakeThem() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      answer(toy, okJson("{\"ok\":true}"));
      toy.answer(post(urlPathEqualTo("/")), okJson(ToyConnector.ticket(7, "")));
      kit.connectors.create(
          "toy",
          "ticket",
          ConnectorContract.json("{\"title\":\"y\",\"topic\":{\"value\":\"x\"}}"),
          "x/y/1",
          "1");

      assertThat(sent(toy))
          .containsExactly(
              "/ {\"title\":\"y\",\"far\":\"x/y/1\"}",
              "/topic {\"id\":\"7\",\"topic\":\"x\"}",
              "/7 ");
    }
  }

  @Test
  void theyCannotBeCombinedWithAWrapper() throws IOException {
    Path other = folder.resolve("other");
    ToyConnector.copy(
        other,
        "    send: {correlation: far}\n",
        """
            send: {correlation: far, wrapper: ticket}
            writes:
              - {path: closed, call: update-ticket}
        """);
    assertThatThrownBy(
            () ->
                ConnectorCatalog.load(
                    List.of(Path.of("connectors"), other), ConnectorKit.environment(Map.of())))
        .isInstanceOf(ConnectorDefinitionException.class)
        .hasMessageContaining("`writes` cannot be combined with `moves` or `send.wrapper`");
  }

  private static NativeRecord update(ConnectorKit kit, String body) {
    return kit.connectors.update(TICKET, ConnectorContract.json(body));
  }

  private static void answer(FakeSystem toy, ResponseDefinitionBuilder answer) {
    toy.answerAll(answer);
    toy.answer(get(urlPathEqualTo("/7")), okJson(ToyConnector.ticket(7, "")));
  }

  private static List<String> sent(FakeSystem toy) {
    return toy.requests().stream()
        .map(request -> request.getUrl() + " " + request.getBodyAsString())
        .toList();
  }
}
