package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notes among other things, as in a chat: which entries are notes, and who wrote them. */
final class ChosenNotesTest {
  private static final RecordRef TICKET = new RecordRef("toy", "ticket", "7");
  private static final String OWN = "\\n\\n[lockstep:0123456789abcdef]";

  @TempDir private Path folder;

  private void declare(String reaction) throws IOException {
    ToyConnector.copy(
        folder,
        "read-timeout: 1s",
        "read-timeout: 5s",
        "\ncalls:\n",
        """

        time-format: epoch
        calls:
          fetch-ticket-note: {method: GET, path: "/{id}/comments/{note}"}
          list-new-ticket-notes: {method: GET, path: "/{id}/comments", query: "oldest={since}&cursor={pageToken}"}
          fetch-user: {method: GET, path: "/users/{id}"}
          find-user: {method: GET, path: /users, query: "q={key}"}
        """,
        "      author: by\n",
        """
              author: {path: by, reference: user}
              only:
                - {path: kind, matches: "|reply"}
                - {path: bot, is: ""}
              marked: {list: reactions, name: name, is: "%s"}
              one: note
        """
            .formatted(reaction),
        "{body: {text: \"{text}\"}, id: id}",
        "{body: {ticket: \"{id}\", text: \"{text}\"}, id: id}",
        "page: {by: offset, size: 100, overlap: 0, most: 10000, more: more}\n",
        """
        page: {by: offset, size: 100, overlap: 0, most: 10000, more: more}
              - call: list-new-ticket-notes
                gives: notes
                answer: comments
                per-record: true
                late: 1h
                page: {by: token, size: 10, token: next}
        """,
        "errors:\n",
        """
        references:
          user: {id: id, key: name, answer: {one: user, many: users}}

        errors:
        """);
  }

  private static String entry(String id, String text, String more) {
    return "{\"id\":\"%s\",\"at\":\"%s.000100\",\"by\":\"U1\",\"text\":\"%s\"%s}"
        .formatted(id, 1_700_000_000L + Integer.parseInt(id), text, more);
  }

  private static String comments(String... entries) {
    return "{\"comments\":[" + String.join(",", entries) + "]}";
  }

  @Test
  void onlyWhatPeopleWroteIsANote() throws IOException {
    declare("");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(
          get(urlPathEqualTo("/users/U1")), okJson("{\"user\":{\"id\":\"U1\",\"name\":\"Ann\"}}"));
      toy.answer(
          get(urlPathEqualTo("/7/comments")),
          okJson(
              comments(
                  entry("1", "hello", ""),
                  entry("2", "joined", ",\"kind\":\"join\""),
                  entry("3", "in a thread", ",\"kind\":\"reply\""),
                  entry("4", "beep", ",\"bot\":\"B1\""),
                  entry("5", "mine" + OWN, ",\"bot\":\"B2\""),
                  entry("6", "again", ""))));

      assertThat(kit.connectors.notes(TICKET))
          .extracting(WorkNote::id, WorkNote::author)
          .containsExactly(
              tuple("1", "Ann"), tuple("3", "Ann"), tuple("5", "U1"), tuple("6", "Ann"));
      assertThat(kit.connectors.notes(TICKET).get(0).createdAt())
          .isEqualTo(Instant.ofEpochSecond(1_700_000_001L, 100_000));
      assertThat(toy.requests()).filteredOn(r -> r.getUrl().startsWith("/users")).hasSize(1);
    }
  }

  @Test
  void onlyWhatPeopleMarkedIsANote() throws IOException {
    declare("memo");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(get(urlPathEqualTo("/users/U1")), aResponse().withStatus(404));
      toy.answer(
          get(urlPathEqualTo("/7/comments")),
          okJson(
              comments(
                  entry("1", "chat", ""),
                  entry(
                      "2",
                      "so we did it",
                      ",\"reactions\":[{\"name\":\"eyes\"},{\"name\":\"memo\"}]"),
                  entry("3", "no", ",\"reactions\":[{\"name\":\"memory\"}]"),
                  entry("4", "mine" + OWN, ",\"bot\":\"B2\""))));

      // Who is not known has at least an id.
      assertThat(kit.connectors.notes(TICKET))
          .extracting(WorkNote::id, WorkNote::author)
          .containsExactly(tuple("2", "U1"), tuple("4", "U1"));
    }
  }

  @Test
  void oneNoteIsFetchedByItsId() throws IOException {
    declare("");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(
          get(urlPathEqualTo("/users/U1")), okJson("{\"user\":{\"id\":\"U1\",\"name\":\"Ann\"}}"));
      toy.answer(
          get(urlPathEqualTo("/7/comments/1")), okJson("{\"note\":" + entry("1", "x", "") + "}"));
      toy.answer(
          get(urlPathEqualTo("/7/comments/2")),
          okJson("{\"note\":" + entry("2", "x", ",\"kind\":\"join\"") + "}"));
      toy.answer(get(urlPathEqualTo("/7/comments/3")), aResponse().withStatus(404));
      toy.answer(get(urlPathEqualTo("/7/comments/4")), okJson("{}"));

      assertThat(kit.connectors.note(TICKET, "1")).map(WorkNote::text).contains("x");
      assertThat(kit.connectors.note(TICKET, "2")).isEmpty();
      assertThat(kit.connectors.note(TICKET, "3")).isEmpty();
      assertThatThrownBy(() -> kit.connectors.note(TICKET, "4"))
          .isInstanceOf(SystemUnavailableException.class);
    }
  }

  @Test
  void notesOfOneRecordAreListedFromATimeOn() throws IOException {
    declare("");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(
          get(urlPathEqualTo("/users/U1")), okJson("{\"user\":{\"id\":\"U1\",\"name\":\"Ann\"}}"));
      toy.answer(
          get(urlPathEqualTo("/7/comments")).withQueryParam("cursor", absent()),
          okJson(comments(entry("2", "b", "")).replaceFirst("}$", ",\"next\":\"n\"}")));
      toy.answer(
          get(urlPathEqualTo("/7/comments")).withQueryParam("cursor", equalTo("n")),
          okJson(comments(entry("1", "a", ""))));

      assertThat(kit.connectors.feeds("toy", "ticket")).containsExactly("list-changed-ticket");
      assertThat(kit.connectors.noteFeeds("toy", "ticket"))
          .containsExactly("list-new-ticket-notes");
      assertThat(kit.connectors.listsNotes("toy", "ticket")).isTrue();
      assertThat(
              kit.connectors.notesSince(
                  TICKET, "list-new-ticket-notes", Instant.ofEpochSecond(1_700_003_600L)))
          .extracting(WorkNote::text)
          .containsExactly("a", "b");
      assertThat(toy.requests().get(0).getUrl()).isEqualTo("/7/comments?oldest=1700000000");
    }
  }

  @Test
  void aNoteIsSentWithTheIdOfItsRecord() throws IOException {
    declare("");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(post(urlPathEqualTo("/7/comments")), okJson("{\"id\":\"12\"}"));
      kit.connectors.addNote(TICKET, "use {id} and {text}", Visibility.INTERNAL);

      assertThat(toy.onlyRequest().getBodyAsString())
          .isEqualTo("{\"ticket\":\"7\",\"text\":\"use {id} and {text}\"}");
    }
  }

  @Test
  void theReferenceOfAnAuthorIsDeclared() throws IOException {
    ToyConnector.copy(folder, "author: by", "author: {path: by, reference: usr}");
    assertThatThrownBy(
            () ->
                ConnectorCatalog.load(
                    List.of(Path.of("connectors"), folder), ConnectorKit.environment(Map.of())))
        .isInstanceOf(ConnectorDefinitionException.class)
        .hasMessageContaining("'usr' is not declared under `references`");
  }
}
