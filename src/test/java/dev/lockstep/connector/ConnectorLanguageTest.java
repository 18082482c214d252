package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What systems do differently, each said in the connector.yaml of one that does. */
final class ConnectorLanguageTest {
  private static final JsonNode BODY = ConnectorContract.json("{\"title\":\"x\"}");
  private static final RecordRef TICKET = new RecordRef("toy", "ticket", "7");

  /**
   * As systems do that follow REST to the letter: an answer has no body, and an id is an address.
   */
  @Test
  void whatWasCreatedIsNamedByAHeader(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "    send: {",
        "    answer: {created: {header: Location}, updated: fetch}\n    send: {",
        "id: id}",
        "id: {header: location, pattern: \"comments/(\\\\d+)$\"}}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(
          post(urlPathEqualTo("/")), aResponse().withStatus(201).withHeader("Location", "/t/7/"));
      toy.answer(put(urlPathEqualTo("/7")), aResponse().withStatus(204));
      toy.answer(
          post(urlPathEqualTo("/7/comments")),
          aResponse().withStatus(201).withHeader("Location", "https://toy.example/comments/12"));
      toy.answer(get(urlPathEqualTo("/7")), okJson(ToyConnector.ticket(7, "")));
      assertThat(kit.connectors.create("toy", "ticket", BODY, "x/y/1", "1").ref())
          .isEqualTo(TICKET);
      assertThat(kit.connectors.update(TICKET, BODY).version()).isEqualTo(Version.count(3));
      assertThat(kit.connectors.addNote(TICKET, "a note", Visibility.INTERNAL)).contains("12");
      assertThat(toy.requests())
          .extracting(request -> request.getMethod() + " " + request.getUrl())
          .containsExactly("POST /", "GET /7", "PUT /7", "GET /7", "POST /7/comments");

      toy.answer(post(urlPathEqualTo("/7/comments")), aResponse().withStatus(201));
      assertThat(kit.connectors.addNote(TICKET, "a note", Visibility.INTERNAL)).isEmpty();
    }
  }

  @Test
  void refusesAPatternThatIsNone(@TempDir Path folder) throws IOException {
    ToyConnector.copy(folder, "id: id}", "id: {header: Location, pattern: \"(\"}}");
    assertThatThrownBy(
            () ->
                ConnectorCatalog.load(
                    List.of(Path.of("connectors"), folder), ConnectorKit.environment(Map.of())))
        .isInstanceOfSatisfying(
            ConnectorDefinitionException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .matches(".*connector\\.yaml:39: .*kinds\\.ticket\\.notes.*"));
  }

  @Test
  void theTextOfANoteTakesACallOfItsOwn(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "text: text\n",
        "text: {call: fetch-ticket-note, path: note.text}\n",
        "visibility: {always: internal}",
        "visibility: {path: kind, internal: [comment]}",
        "  list-ticket-notes:",
        "  fetch-ticket-note: {method: GET, path: \"/{id}/comments/{note}\"}\n"
            + "  list-ticket-notes:");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(get(urlPathEqualTo("/7/comments/1")), okJson("{\"note\":{\"text\":\"one\"}}"));
      toy.answer(get(urlPathEqualTo("/7/comments/2")), okJson("{\"note\":{\"text\":\"two\"}}"));
      toy.answer(get(urlPathEqualTo("/7/comments")), comments("1", "comment", "3", "system"));
      assertThat(kit.connectors.notes(TICKET)).extracting(WorkNote::text).containsExactly("one");

      toy.answer(
          get(urlPathEqualTo("/7/comments")),
          comments("1", "comment", "2", "comment", "4", "comment"));
      toy.answer(get(urlPathEqualTo("/7/comments/4")), aResponse().withStatus(404));
      assertThat(kit.connectors.notes(TICKET))
          .extracting(WorkNote::text)
          .containsExactly("one", "two");
      assertThat(toy.requests())
          .extracting(LoggedRequest::getUrl)
          .containsExactly(
              "/7/comments", "/7/comments/1", "/7/comments", "/7/comments/2", "/7/comments/4");
    }
  }

  private static ResponseDefinitionBuilder comments(String... idsAndKinds) {
    StringBuilder comments = new StringBuilder();
    for (int i = 0; i < idsAndKinds.length; i += 2) {
      comments
          .append(i == 0 ? "" : ",")
          .append(
              "{\"id\":\"%s\",\"kind\":\"%s\",\"by\":\"Ann\",\"at\":\"2026-11-24T03:00:00Z\"}"
                  .formatted(idsAndKinds[i], idsAndKinds[i + 1]));
    }
    return okJson("{\"comments\":[" + comments + "]}");
  }

  @Test
  void aFeedCannotListNotesWhoseTextTakesACall(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "text: text\n",
        "text: {call: fetch-ticket-note, path: text}\n",
        "  list-ticket-notes:",
        "  fetch-ticket-note: {method: GET, path: \"/{id}/comments/{note}\"}\n  list-ticket-notes:",
        "answer: tickets",
        "answer: tickets\n        notes: comments");
    assertThat(problems(folder))
        .containsExactly(
            "42: 'list-changed-ticket' lists notes, whose text only the call 'fetch-ticket-note'"
                + " returns; let it list records or a log");
  }

  @Test
  void aCheckNamesWhatItsFileDeclares(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "jitter: 0.5}\n",
        """
        jitter: 0.5}
        checks:
          - {check: a, kind: tickets, advice: x}
          - {check: b, reference: user, key: k, advice: x}
          - {check: c, call: fetch-ticket, shows: [{path: "a[", contains: fields}], advice: x}
          - {check: d, call: list-hooks, advice: x}
        """);
    assertThat(problems(folder))
        .anyMatch(problem -> problem.contains("'fetch-ticket' has no argument '{id}'"))
        .anyMatch(problem -> problem.contains("'calls' has no 'list-hooks'"))
        .anyMatch(problem -> problem.contains("'tickets' is not declared in this file; did you"))
        .anyMatch(problem -> problem.contains("'user' is not declared in this file"))
        .anyMatch(problem -> problem.contains("write which in 'kind'"))
        .anyMatch(problem -> problem.contains("'a[' is not a path"))
        .hasSize(6);
  }

  @Test
  void aCheckNamesWhereItsIdsComeFrom(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "  list-changed-ticket:",
        """
          list-types: {method: GET, path: "/types/{id}"}
          list-fields: {method: GET, path: "/fields/{id}/{key}"}
          test-hook: {method: POST, path: "/hooks/{hook}"}
          list-changed-ticket:\
        """,
        "jitter: 0.5}\n",
        """
        jitter: 0.5}
        checks:
          - check: a
            kind: ticket
            from: {call: list-types, where: [{path: "a[", is: x}], id: id}
            call: list-fields
            among: fields
            accepts: {on: create, name: "b["}
            advice: x
          - check: b
            call: list-hooks
            among: hooks
            test-webhook: {call: test-hook, id: "c["}
            advice: x
        """);
    assertThat(problems(folder))
        .anyMatch(problem -> problem.contains("'list-types' has no argument '{id}'"))
        .anyMatch(problem -> problem.contains("'list-fields' has no argument '{key}'"))
        .anyMatch(problem -> problem.contains("'test-hook' has no argument '{hook}'"))
        .anyMatch(problem -> problem.contains("'calls' has no 'list-hooks'"))
        .anyMatch(problem -> problem.contains("'a[' is not a path"))
        .anyMatch(problem -> problem.contains("'b[' is not a path"))
        .anyMatch(problem -> problem.contains("'c[' is not a path"))
        .hasSize(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accepts: {on: create}, call: fetch-ticket, among: x",
        "from: {records: true}, kind: ticket, call: fetch-ticket",
        "from: {records: false}, kind: ticket, call: fetch-ticket, among: x, accepts: {on: create}",
        "test-webhook: {call: fetch-ticket, id: id}",
        "last-webhook: false",
        "kind: ticket, call: fetch-ticket, among: x, accepts: {on: move}"
      })
  void aCheckThatLacksWhatItsKeysNeedIsRefused(String keys, @TempDir Path folder)
      throws IOException {
    ToyConnector.copy(
        folder,
        "jitter: 0.5}\n",
        "jitter: 0.5}\nchecks:\n  - {check: a, advice: x, " + keys + "}\n");
    assertThat(problems(folder)).isNotEmpty().allMatch(problem -> problem.startsWith("58: "));
  }

  @Test
  void fieldsAreAListOfElementsWithIds(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "correlation: far\n",
        "correlation: custom[id=360].value\n",
        "send: {correlation: far}",
        "send: {correlation: \"custom[id=360].value\"}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answerAll(
          okJson(
              ToyConnector.ticket(
                  7, ",\"custom\":[{\"id\":1,\"value\":\"a\"},{\"id\":360,\"value\":\"x/y/1\"}]")));
      JsonNode body = ConnectorContract.json("{\"custom\":[{\"id\":1,\"value\":\"a\"}]}");

      assertThat(kit.connectors.create("toy", "ticket", body, "x/y/1", "1").correlationId())
          .isEqualTo("x/y/1");
      assertThat(toy.onlyRequest().getBodyAsString())
          .isEqualTo("{\"custom\":[{\"id\":1,\"value\":\"a\"},{\"id\":360,\"value\":\"x/y/1\"}]}");
    }
  }

  @Test
  void timesAreReadInAnotherFormAndZoneThanTheyAreWritten(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "\ncalls:\n",
        "\n"
            + "time-format: {answers: EEE MMM dd HH:mm:ss uuuu, arguments: uuuu-MM-dd HH:mm:ss.SSS,"
            + " offset: \"+01:00\"}\n"
            + "calls:\n",
        "page: {by: offset, size: 100, overlap: 0, most: 10000, more: more}",
        "page: {by: key, time: changed, id: id, first-id: \"0\", size: 1}",
        "since={since}&limit={limit}&offset={offset}",
        "after={after}&id={afterId}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      String ticket =
          ToyConnector.ticket(7, "").replace("2026-11-24T03:00:00Z", "Tue Nov 24 03:00:05 2026");
      toy.answer(
          get(urlPathEqualTo("/changed")).withQueryParam("id", equalTo("0")),
          okJson("{\"tickets\":[" + ticket + "]}"));
      toy.answer(
          get(urlPathEqualTo("/changed")).withQueryParam("id", equalTo("7")),
          okJson("{\"tickets\":[]}"));

      assertThat(ToyConnector.changed(kit)).containsExactly("7");
      assertThat(toy.requests())
          .extracting(request -> request.queryParameter("after").firstValue())
          .containsExactly("2026-11-24 04:00:00.000", "2026-11-24 04:00:05.000");
    }
  }

  @Test
  void nobodyIsAUser(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "errors:",
        "references:\n"
            + "  user: {id: id, key: mail, nobody: \"6\"}\n"
            + "  group: {id: id, key: name}\n\n"
            + "errors:",
        "\ncalls:\n",
        "\ncalls:\n" + lookUps("user") + lookUps("group"));
    ConnectorCatalog catalog =
        ConnectorCatalog.load(
            List.of(Path.of("connectors"), folder), ConnectorKit.environment(Map.of()));
    ConnectorReferences references =
        new ConnectorReferences(
            catalog,
            () -> {
              throw new AssertionError("needs no call");
            });
    assertThat(references.nobody("toy", "user")).contains("6");
    assertThat(references.nobody("toy", "group")).isEmpty();
  }

  private static String lookUps(String reference) {
    return "  fetch-%1$s: {method: GET, path: \"/%1$ss/{id}\"}\n".formatted(reference)
        + "  find-%1$s: {method: GET, path: /%1$ss, query: \"q={key}\"}\n".formatted(reference);
  }

  @Test
  void aRefusalComesWithASuccessStatus(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "errors:\n",
        "errors:\n"
            + "  - {status: 2xx, body: 'no such ticket', means: gone}\n"
            + "  - {status: 200, call: update, body: '\"ok\":false', means: rejected, advice:"
            + " Look.}\n");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answerAll(okJson("{\"error\":\"no such ticket\"}"));
      assertThatThrownBy(() -> kit.connectors.fetch(TICKET))
          .isInstanceOf(RecordNotFoundException.class);

      toy.answerAll(okJson(ToyConnector.ticket(7, ",\"ok\":false")));
      assertThat(kit.connectors.fetch(TICKET).ref()).isEqualTo(TICKET);
      assertThatThrownBy(() -> kit.connectors.update(TICKET, BODY))
          .isInstanceOfSatisfying(
              RequestRejectedException.class, e -> assertThat(e.advice()).isEqualTo("Look."));
    }
  }

  @Test
  void aSuccessIsAnErrorOnlyByItsBody(@TempDir Path folder) throws IOException {
    ToyConnector.copy(folder, "errors:\n", "errors:\n  - {status: 200, means: gone}\n");
    assertThat(problems(folder)).containsExactly("47: key 'body' is missing in '0'; add it");
  }

  @Test
  void everyPatternIsCheckedAtTheStart(@TempDir Path folder) throws IOException {
    ToyConnector.copy(folder.resolve("1"), "  - {status: 404, ", "  - {status: 404, body: '(', ");
    assertThat(problems(folder.resolve("1")))
        .singleElement()
        .asString()
        .startsWith("48: '(' cannot be read in 'errors.1.body': ");
    ToyConnector.copy(folder.resolve("2"), "    key: T-", "    id-pattern: '['\n    key: T-");
    assertThat(problems(folder.resolve("2")))
        .singleElement()
        .asString()
        .startsWith("24: '[' cannot be read in 'kinds.ticket.id-pattern': ");
    ToyConnector.copy(
        folder.resolve("3"), "\ncalls:\n", "\nquery-language: {refuse: '*'}\ncalls:\n");
    assertThat(problems(folder.resolve("3")))
        .singleElement()
        .asString()
        .startsWith("12: '*' cannot be read in 'query-language.refuse': ");
    ToyConnector.copy(folder.resolve("4"), "\ncalls:\n", "\ntime-format: uuuu-MM-dd'T\ncalls:\n");
    assertThat(problems(folder.resolve("4")))
        .singleElement()
        .asString()
        .startsWith("12: 'uuuu-MM-dd'T' cannot be read in 'time-format': ");
  }

  @ParameterizedTest
  @CsvSource({
    "updated-at: changed, updated-at: changed[, 27, changed[",
    "id: id}, id: \"note[x].id\"}, 39, note[x].id",
    "more: more}, more: 'page[].more'}, 44, page[].more",
    "send: {correlation: far}, send: {correlation: 'far[1'}, 30, far[1",
  })
  void everyPathIsCheckedAtTheStart(
      String right, String wrong, int line, String path, @TempDir Path folder) throws IOException {
    ToyConnector.copy(folder, right, wrong);
    assertThat(problems(folder))
        .containsExactly(
            line
                + ": '"
                + path
                + "' is not a path; write keys joined by dots, positions in lists as [0] and"
                + " elements as [id=360]");
  }

  /** Each with its line in connector.yaml. */
  private static List<String> problems(Path folder) {
    String file = folder.resolve("toy/connector.yaml") + ":";
    return new ConnectorSettingsCheck(
            List.of(Path.of("connectors"), folder),
            ConnectorKit.environment(ConnectorKit.settings(1)))
        .problems().stream()
            .filter(problem -> problem.startsWith(file))
            .map(problem -> problem.substring(file.length()))
            .toList();
  }
}
