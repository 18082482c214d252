package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways in which systems page their listings, each said in a connector.yaml. */
final class ListingPagesTest {
  private static final RecordRef TICKET = new RecordRef("toy", "ticket", "7");

  @ParameterizedTest
  @CsvSource({"1", "0"})
  void pagesHaveNumbers(int first, @TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "page: {by: offset, size: 100, overlap: 0, most: 10000, more: more}",
        "page: {by: number, size: 2, more: more" + (first == 1 ? "}" : ", first: 0}"),
        "offset={offset}",
        "page={page}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(changedPage("page", first), tickets(true, 1, 2));
      // One that its account may not see is left out of its page.
      toy.answer(changedPage("page", first + 1), tickets(true, 3));
      toy.answer(changedPage("page", first + 2), tickets(false, 5));

      assertThat(ToyConnector.changed(kit)).containsExactly("1", "2", "3", "5");
      assertThat(toy.requests())
          .extracting(request -> request.queryParameter("limit").firstValue())
          .containsOnly("2");
    }
  }

  @Test
  void pagesEndWithOneThatIsNotFull(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "page: {by: offset, size: 100, overlap: 0, most: 10000, more: more}",
        "page: {by: number, size: 2}",
        "offset={offset}",
        "page={page}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(changedPage("page", 1), tickets(false, 1, 2));
      toy.answer(changedPage("page", 2), tickets(false, 3));
      assertThat(ToyConnector.changed(kit)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void pagesAreLinkedInAHeader(@TempDir Path folder) throws IOException {
    byLink(folder, "page: {by: link, size: 2}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      String other = "https://elsewhere.example/other?";
      toy.answer(
          get(urlPathEqualTo("/changed")),
          tickets(false, 1)
              .withHeader("Link", "<" + other + "before=1>; rel=\"prev\"")
              .withHeader(
                  "Link", "<" + other + "after=a%2Fb&x=1#f>; title=\"a, b\"; rel=\"last next\""));
      toy.answer(
          changedPage("after", "a/b"), tickets(false, 2).withHeader("Link", "<x?y=1>; rel=next"));
      toy.answer(changedPage("y", 1), tickets(false, 3).withHeader("Link", "<x?y=0>; rel=first"));

      assertThat(ToyConnector.changed(kit)).containsExactly("1", "2", "3");
      assertThat(toy.requests())
          .extracting(LoggedRequest::getUrl)
          .containsExactly(
              "/changed?since=2026-11-24T03%3A00%3A00Z&limit=2",
              "/changed?after=a%2Fb&x=1", "/changed?y=1");
    }
  }

  @Test
  void pagesAreLinkedInTheAnswer(@TempDir Path folder) throws IOException {
    byLink(folder, "page: {by: link, link: links.next, size: 2}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(
          get(urlPathEqualTo("/changed")),
          okJson(
              "{\"tickets\":[%s],\"links\":{\"next\":\"/changed?page=2\"}}"
                  .formatted(ToyConnector.ticket(1, ""))));
      toy.answer(changedPage("page", 2), okJson("{\"tickets\":[],\"links\":{\"next\":null}}"));
      assertThat(ToyConnector.changed(kit)).containsExactly("1");

      toy.answer(
          get(urlPathEqualTo("/changed")), okJson("{\"tickets\":[],\"links\":{\"next\":\"/2\"}}"));
      assertThatThrownBy(() -> ToyConnector.changed(kit))
          .isInstanceOf(SystemUnavailableException.class)
          .hasMessageContaining("The link to the next page has no query: /2");
    }
  }

  private static void byLink(Path folder, String page) throws IOException {
    ToyConnector.copy(
        folder,
        "page: {by: offset, size: 100, overlap: 0, most: 10000, more: more}",
        page,
        "&limit={limit}&offset={offset}",
        "&limit={limit}");
  }

  @Test
  void pagesOfNotesAndOfUsersHaveACursor(@TempDir Path folder) throws IOException {
    String page = "page: {by: token, token: next, size: 2}";
    ToyConnector.copy(
        folder,
        "      visibility: {always: internal}",
        "      visibility: {always: internal}\n      " + page,
        "path: \"/{id}/comments\"}\n  add",
        "path: \"/{id}/comments\", query: \"cursor={pageToken}\"}\n  add",
        "errors:",
        "references:\n  user: {id: id, key: mail, answer: {many: users}, " + page + "}\n\nerrors:",
        "\ncalls:\n",
        "\ncalls:\n"
            + "  fetch-user: {method: GET, path: \"/users/{id}\"}\n"
            + "  find-user: {method: GET, path: /users, query: \"q={key}&cursor={pageToken}\"}\n");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      String comment =
          "{\"id\":\"%s\",\"by\":\"Ann\",\"at\":\"2026-11-24T03:00:00Z\",\"text\":\"%s\"}";
      toy.answer(
          get(urlPathEqualTo("/7/comments")),
          okJson("{\"comments\":[" + comment.formatted(1, "one") + "],\"next\":\"c 2\"}"));
      toy.answer(
          get(urlPathEqualTo("/7/comments")).withQueryParam("cursor", equalTo("c 2")),
          okJson("{\"comments\":[" + comment.formatted(2, "two") + "]}"));
      assertThat(kit.connectors.notes(TICKET))
          .extracting(WorkNote::text)
          .containsExactly("one", "two");

      String user = "{\"id\":\"%d\",\"mail\":\"%s\"}";
      toy.answer(
          get(urlPathEqualTo("/users")),
          okJson("{\"users\":[" + user.formatted(1, "a@x") + "],\"next\":\"c3\"}"));
      toy.answer(
          get(urlPathEqualTo("/users")).withQueryParam("cursor", equalTo("c3")),
          okJson(
              "{\"users\":[%s,%s]}".formatted(user.formatted(2, "b@x"), user.formatted(3, "c@x"))));
      assertThat(kit.connectors.idOf("toy", "user", "b@x")).contains("2");
      // The last page is full, and still the last.
      assertThat(kit.connectors.idOf("toy", "user", "d@x")).isEmpty();
    }
  }

  private static MappingBuilder changedPage(String parameter, Object value) {
    return get(urlPathEqualTo("/changed"))
        .withQueryParam(parameter, equalTo(String.valueOf(value)));
  }

  private static ResponseDefinitionBuilder tickets(boolean more, int... ids) {
    return okJson(
        "{\"more\":%s,\"tickets\":[%s]}"
            .formatted(
                more,
                Arrays.stream(ids)
                    .mapToObj(id -> ToyConnector.ticket(id, ""))
                    .collect(Collectors.joining(","))));
  }

  private static final String LISTED =
      """
          answer: {many: tickets}
          find: {within: 240h, page: {by: token, size: 2, token: next}}
          correlation: far
      """;

  private static ResponseDefinitionBuilder listed(String next, String... marks) {
    StringBuilder tickets = new StringBuilder();
    for (int i = 0; i < marks.length; i++) {
      tickets
          .append(i == 0 ? "" : ",")
          .append(ToyConnector.ticket(i + 7, ",\"far\":\"" + marks[i] + "\""));
    }
    return okJson("{\"tickets\":[" + tickets + "],\"next\":\"" + next + "\"}");
  }

  private static MappingBuilder page(String token) {
    return get(urlPathEqualTo("/recent"))
        .withQueryParam("after", token.isEmpty() ? absent() : equalTo(token));
  }

  /** An answer that shows no correlation id is no match: it was not searched for by it. */
  @Test
  void aRecordIsFoundAmongTheNewestWhereThereIsNoSearch(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "    correlation: far\n",
        LISTED,
        "find-ticket: {method: GET, path: /, query: \"far={correlation}\"}",
        "find-ticket: {method: GET, path: /recent, query: \"since={since}&after={pageToken}\"}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(page(""), listed("p2", "", "x/y/2"));
      toy.answer(page("p2"), listed("p3", "x/y/1", "x/y/3"));
      assertThat(kit.connectors.findByCorrelation("toy", "ticket", "x/y/1"))
          .map(NativeRecord::ref)
          .contains(TICKET);
      assertThat(toy.requests()).hasSize(2);
      Instant since = Instant.parse(toy.requests().get(0).queryParameter("since").firstValue());
      assertThat(Duration.between(since, Instant.now()))
          .isBetween(Duration.ofHours(239), Duration.ofHours(241));

      toy.answer(page("p3"), listed(""));
      assertThat(kit.connectors.findByCorrelation("toy", "ticket", "x/y/9")).isEmpty();
      toy.answer(page("p3"), listed("p2"));
      assertThatThrownBy(() -> kit.connectors.findByCorrelation("toy", "ticket", "x/y/9"))
          .isInstanceOf(SystemUnavailableException.class)
          .hasMessageContaining("same page");
    }
  }

  /** What a webhook has just reported needs no listing. */
  @Test
  void aRecordThatWasReportedIsFetched(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "    correlation: far\n",
        LISTED,
        "find-ticket: {method: GET, path: /, query: \"far={correlation}\"}",
        "find-ticket: {method: GET, path: /recent, query: \"since={since}&after={pageToken}\"}");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      String ticket = ToyConnector.ticket(7, ",\"far\":\"x/y/1\"");
      kit.records.read("toy", "ticket", ConnectorContract.json(ticket), null);
      toy.answer(get(urlPathEqualTo("/7")), okJson(ticket));
      assertThat(kit.connectors.findByCorrelation("toy", "ticket", "x/y/1")).isPresent();
      assertThat(toy.onlyRequest().getUrl()).isEqualTo("/7");
    }
  }

  @Test
  void notesOfListedRecordsAreFetched(@TempDir Path folder) throws IOException {
    ToyConnector.copy(folder, "gives: records\n", "gives: records\n        fetch-notes: true\n");
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answer(get(urlPathEqualTo("/changed")), tickets(false, 7));
      ChangePage page =
          kit.connectors.listChanged(
              "toy", "ticket", "list-changed-ticket", Instant.EPOCH, Optional.empty());
      assertThat(page.records()).extracting(NativeRecord::ref).containsExactly(TICKET);
      assertThat(page.toFetch()).containsExactly(TICKET);
    }
  }
}
