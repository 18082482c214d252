package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records with unique names, whose correlation id is written after the create. */
final class NamedRecordsTest {
  private static final String TAKEN = "{\"ok\":false,\"error\":\"name_taken\"}";
  private static final String CORRELATION = "x/y/1/token";

  @TempDir private Path folder;

  @BeforeEach
  void declare() throws IOException {
    ToyConnector.copy(
        folder,
        "read-timeout: 1s",
        "read-timeout: 5s",
        "query: \"far={correlation}\"",
        "query: \"cursor={pageToken}\"",
        "  update-ticket: {method: PUT, path: \"/{id}\"}\n",
        """
          set-purpose: {method: POST, path: /purpose, body: {id: "{id}", purpose: "{value}"}}
          who-am-i: {method: GET, path: /me}
        """,
        "    correlation: far\n",
        """
            correlation: purpose
            correlation-prefix: "lockstep:"
            opened-at: opened
            answer: {many: tickets}
        """,
        "    send: {correlation: far}\n",
        """
            link: {correlation: purpose, text: "About {key} {correlation}"}
            find: {page: {by: token, size: 100, token: next}}
            writes:
              - {path: purpose, call: set-purpose}
            names:
              field: name
              most: 30
              lower-case: true
              replace: "[^a-z0-9_-]+"
              creator: by
              claimed-within: 1m
        """,
        "errors:\n",
        """
        self: {call: who-am-i, id: me.id}

        errors:
          - {status: 2xx, call: create, body: name_taken, means: exists}
        """);
  }

  @Test
  void aNameIsWhatTheSystemAllows() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      NativeRecord created = create(kit, "inc-INC0010001-Größe: „Mail“ is down!!");

      assertThat(sent(toy, "/")).containsExactly("{\"name\":\"inc-inc0010001-grosse-mail-is\"}");
      assertThat(sent(toy, "/purpose"))
          .containsExactly("{\"id\":\"7\",\"purpose\":\"About INC1 lockstep:x/y/1/token\"}");
      assertThat(created.correlationId()).isEqualTo(CORRELATION);
    }
  }

  @Test
  void aNameWithoutAllowedCharactersIsStillOne() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      create(kit, "\u30e1\u30fc\u30eb");
      assertThat(sent(toy, "/").get(0)).matches("\\{\"name\":\"[0-9a-f]{6}\"}");
    }
  }

  @Test
  void aNameOfSomethingElseGetsASuffixThatStaysTheSame() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(
          post(urlPathEqualTo("/")).withRequestBody(matchingJsonPath("$[?(@.name == 'mail')]")),
          okJson(TAKEN));
      // Of another creator; of another ticket; and with a purpose of its own.
      list(
          toy,
          ticket(1, "mail", "U9", ""),
          ticket(2, "mail", "U1", "About INC2 lockstep:x/y/2/other"));
      create(kit, "mail");
      create(kit, "mail");

      List<String> names = sent(toy, "/");
      assertThat(names).hasSize(4);
      assertThat(names.get(1)).matches("\\{\"name\":\"mail-[0-9a-f]{6}\"}");
      assertThat(names.get(3)).isEqualTo(names.get(1));
    }
  }

  @Test
  void whatAnEarlierAttemptLeftIsTakenUp() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(post(urlPathEqualTo("/")), okJson(TAKEN));
      list(toy, ticket(1, "other", "U1", ""), ticket(7, "mail", "U1", ""));

      assertThat(create(kit, "mail").ref().id()).isEqualTo("7");
      assertThat(sent(toy, "/")).hasSize(1);
      assertThat(sent(toy, "/purpose")).hasSize(1);
    }
  }

  /** The title was edited before the second attempt, so that its name would be free. */
  @Test
  void whatAnEarlierAttemptLeftIsFoundByItsName() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      list(toy, ticket(1, "other", "U1", ""), ticket(7, "mail", "U1", ""));
      JsonNode earlier = ConnectorContract.json("{\"name\":\"Mail\"}");

      assertThat(kit.connectors.findCreated("toy", "ticket", earlier, CORRELATION, "INC1"))
          .map(NativeRecord::correlationId)
          .contains(CORRELATION);
      assertThat(sent(toy, "/purpose")).hasSize(1);
      assertThat(
              kit.connectors.findCreated(
                  "toy", "ticket", ConnectorContract.json("{\"name\":\"x\"}"), CORRELATION, ""))
          .isEmpty();
    }
  }

  /** Another process may be about to write its correlation id. */
  @Test
  void whatWasJustCreatedMayBelongToAnother() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(post(urlPathEqualTo("/")), okJson(TAKEN));
      list(
          toy,
          ticket(7, "mail", "U1", "").replace("2026-11-24T02:00:00Z", Instant.now().toString()));

      assertThatThrownBy(() -> create(kit, "mail")).isInstanceOf(RetryLaterException.class);
      assertThat(sent(toy, "/purpose")).isEmpty();
    }
  }

  @Test
  void noNameIsFree() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(post(urlPathEqualTo("/")), okJson(TAKEN));

      assertThatThrownBy(() -> create(kit, "mail"))
          .isInstanceOf(RequestRejectedException.class)
          .hasMessageContaining("create mail or mail-")
          .hasMessageContaining("name_taken");
    }
  }

  /** A record without a correlation id is not the one that is searched for: all are listed. */
  @Test
  void onlyTheRecordThatShowsTheIdIsFoundOnWhicheverPage() {
    try (FakeSystem toy = answering();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(
          get(urlPathEqualTo("/")).withQueryParam("cursor", absent()),
          okJson("{\"tickets\":[" + ticket(1, "a", "U1", "") + "],\"next\":\"n2\"}"));
      toy.answer(
          get(urlPathEqualTo("/")).withQueryParam("cursor", equalTo("n2")),
          okJson(
              "{\"tickets\":[" + ticket(2, "b", "U1", "About lockstep:x/y/1/token (mail)") + "]}"));

      assertThat(kit.connectors.findByCorrelation("toy", "ticket", CORRELATION))
          .map(record -> record.ref().id())
          .contains("2");
      assertThat(kit.connectors.findByCorrelation("toy", "ticket", "x/y/3")).isEmpty();
    }
  }

  private static FakeSystem answering() {
    FakeSystem toy = new FakeSystem();
    toy.answer(post(urlPathEqualTo("/")), okJson(ticket(7, "mail", "U1", "")));
    toy.answer(post(urlPathEqualTo("/purpose")), okJson("{\"ok\":true}"));
    toy.answer(
        get(urlPathEqualTo("/7")),
        okJson(ticket(7, "mail", "U1", "About INC1 lockstep:x/y/1/token")));
    toy.answer(get(urlPathEqualTo("/me")), okJson("{\"me\":{\"id\":\"U1\"}}"));
    list(toy);
    return toy;
  }

  private static void list(FakeSystem toy, String... tickets) {
    toy.answer(
        get(urlPathEqualTo("/")), okJson("{\"tickets\":[" + String.join(",", tickets) + "]}"));
  }

  private static String ticket(int id, String name, String by, String purpose) {
    return ToyConnector.ticket(
        id,
        ",\"name\":\"%s\",\"by\":\"%s\",\"purpose\":\"%s\",\"opened\":\"2026-11-24T02:00:00Z\""
            .formatted(name, by, purpose));
  }

  private static NativeRecord create(ConnectorKit kit, String name) {
    JsonNode body = JsonNodeFactory.instance.objectNode().put("name", name);
    return kit.connectors.create("toy", "ticket", body, CORRELATION, "INC1");
  }

  private static List<String> sent(FakeSystem toy, String path) {
    return toy.requests().stream()
        .filter(request -> request.getMethod().getName().equals("POST"))
        .filter(request -> request.getUrl().equals(path))
        .map(request -> request.getBodyAsString())
        .toList();
  }

  @Test
  void itIsKnownWhatUniqueNamesNeed() throws IOException {
    Path other = folder.resolve("other");
    ToyConnector.copy(
        other,
        "    send: {correlation: far}\n",
        """
            send: {correlation: far}
            names: {field: name, most: 30, creator: by, claimed-within: 1m}
        """);
    assertThatThrownBy(
            () ->
                ConnectorCatalog.load(
                    List.of(Path.of("connectors"), other), ConnectorKit.environment(Map.of())))
        .hasMessageContaining("declare `self`")
        .hasMessageContaining("written by `link`")
        .hasMessageContaining("set `find.page`");
  }
}
