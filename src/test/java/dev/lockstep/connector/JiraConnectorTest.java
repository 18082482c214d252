package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers as Jira Cloud's REST API document shows them. */
final class JiraConnectorTest extends ConnectorContract {
  private static final RecordRef REF = new RecordRef("jira", "incident", "10042");
  private static final String SEARCH = "/rest/api/3/search/jql";
  private static final String ISSUE = "/rest/api/3/issue/10042";
  private static final String MOVES = ISSUE + "/transitions";

  private final OpenApiRequests document = OpenApiRequests.of("jira-cloud-v3.openapi.json");

  @Override
  RecordRef ref() {
    return REF;
  }

  @Override
  boolean listsAtTheRoot() {
    return true;
  }

  @Override
  String errorBody(String message) {
    return "{\"errorMessages\":[\"" + message + "\"],\"errors\":{}}";
  }

  /** What was asked in any test is something the document allows. */
  @AfterEach
  void asksOnlyWhatTheDocumentAllows() {
    assertThat(document.broken(system.requests())).isEmpty();
  }

  private static String issue(String status, String more) {
    return """
    {"id":"10042","key":"OPS-7","fields":{"summary":"Down","status":{"name":"%s"},
     "labels":["red","lockstep:far/incident/42"],%s
     "created":"2026-11-24T02:00:00.000+0000","updated":"2026-11-24T03:00:00.250+0000"}}\
    """
        .formatted(status, more);
  }

  private static String doc(String text) {
    return """
    {"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"%s"}]}]}\
    """
        .formatted(text);
  }

  private static String move(String id, String name, String to, String fields) {
    return "{\"id\":\"%s\",\"name\":\"%s\",\"to\":{\"name\":\"%s\"},\"fields\":{%s}}"
        .formatted(id, name, to, fields);
  }

  private void moves(String... moves) {
    system.answer(
        get(urlPathEqualTo(MOVES)), okJson("{\"transitions\":[" + String.join(",", moves) + "]}"));
  }

  private void stands(String status, String more) {
    system.answer(get(urlPathEqualTo(ISSUE)), okJson(issue(status, more)));
  }

  private List<String> asked() {
    return system.requests().stream()
        .map(r -> r.getMethod() + " " + r.getUrl().replaceFirst("\\?.*", ""))
        .toList();
  }

  private JsonNode sent(int request) {
    return json(system.requests().get(request).getBodyAsString());
  }

  @Test
  void fetchesByKeyAndKnowsTheId() {
    system.answerAll(okJson(issue("Open", "\"description\":" + doc("It is down") + ",")));

    NativeRecord record = connectors().fetch(new RecordRef("jira", "incident", "OPS-7"));

    assertThat(record.ref()).isEqualTo(REF);
    assertThat(record.key()).isEqualTo("OPS-7");
    assertThat(record.url()).endsWith("/browse/OPS-7");
    assertThat(record.correlationId()).isEqualTo(CORRELATION);
    assertThat(record.openedAt()).isEqualTo(Instant.parse("2026-11-24T02:00:00Z"));
    assertThat(record.json().at("/fields/description").asText()).isEqualTo("It is down");
    LoggedRequest request = system.onlyRequest();
    assertThat(request.queryParameter("fields").firstValue())
        .contains("labels", "updated", "status")
        .doesNotContain(".");
    assertThat(request.getHeader("Authorization")).startsWith("Basic ");
  }

  /** Several machines write the time: of two that are close neither is surely the later. */
  @Test
  void doesNotTrustItsMillisecondsToOrderWhatIsClose() {
    system.answerAll(okJson(issue("Open", "")));
    Version version = connectors().fetch(REF).version();
    long at = Instant.parse("2026-11-24T03:00:00.250Z").toEpochMilli();

    assertThat(version).isEqualTo(new Version(at - 1000, at + 1000));
    assertThat(version.comparedTo(new Version(at + 10, at + 2010)))
        .isEqualTo(Version.Order.OVERLAPPING);
    assertThat(version.comparedTo(new Version(at + 1001, at + 3001)))
        .isEqualTo(Version.Order.OLDER);
  }

  @Test
  void createsWithItsCorrelationInOneCallAndFetchesTheRest() {
    system.answer(
        post(urlPathEqualTo("/rest/api/3/issue")),
        okJson("{\"id\":\"10042\",\"key\":\"OPS-7\"}").withStatus(201));
    stands("Open", "");

    NativeRecord created =
        connectors()
            .create(
                "jira",
                "incident",
                json("{\"fields\":{\"summary\":\"Down\",\"description\":\"a\\nb\"}}"),
                CORRELATION,
                "#42");

    assertThat(created.ref()).isEqualTo(REF);
    assertThat(asked()).containsExactly("POST /rest/api/3/issue", "GET " + ISSUE);
    JsonNode fields = sent(0).path("fields");
    assertThat(fields.path("labels")).isEqualTo(json("[\"lockstep:far/incident/42\"]"));
    assertThat(fields.at("/project/key").asText()).isEqualTo("OPS");
    assertThat(fields.at("/issuetype/name").asText()).isEqualTo("[System] Incident");
    assertThat(fields.at("/description/content/0/content/1/type").asText()).isEqualTo("hardBreak");
  }

  @Test
  void searchesByLabel() {
    system.answerAll(okJson("{\"issues\":[" + issue("Open", "") + "],\"isLast\":true}"));

    assertThat(connectors().findByCorrelation("jira", "incident", CORRELATION)).isPresent();

    JsonNode body = sent(0);
    assertThat(body.path("jql").asText())
        .isEqualTo("labels = \"lockstep:far/incident/42\" ORDER BY created DESC");
    assertThat(body.path("fields").isArray()).isTrue();
  }

  /** A search shows a new issue late: finding none must not lead to a second one. */
  @Test
  void waitsUntilASearchCanNotMissWhatAnEarlierAttemptMade() {
    system.answer(post(urlPathEqualTo(SEARCH)), okJson("{\"issues\":[]}"));
    String other = "far/incident/43";
    assertThat(connectors().findByCorrelation("jira", "incident", other)).isEmpty();

    RetryLaterException wait =
        catchThrowableOfType(
            RetryLaterException.class,
            () -> connectors().requireFindable("jira", "incident", other));

    assertThat(wait.delay()).isEqualTo(Duration.ofMinutes(2));
    clock.advance(Duration.ofSeconds(119));
    assertThatThrownBy(() -> connectors().requireFindable("jira", "incident", other))
        .isInstanceOf(RetryLaterException.class);
    clock.advance(Duration.ofSeconds(1));
    connectors().requireFindable("jira", "incident", other);
  }

  @Test
  void waitsAnewAfterAnotherLostAnswerButNotAfterARefusal() {
    String other = "far/incident/44";
    JsonNode body = json("{\"fields\":{}}");
    system.answer(post(urlPathEqualTo("/rest/api/3/issue")), aResponse().withStatus(429));
    assertThatThrownBy(() -> connectors().create("jira", "incident", body, other, ""))
        .isInstanceOf(RetryLaterException.class);
    connectors().requireFindable("jira", "incident", other);

    kit.renew();
    system.answer(post(urlPathEqualTo("/rest/api/3/issue")), aResponse().withStatus(502));
    assertThatThrownBy(() -> connectors().create("jira", "incident", body, other, ""))
        .isInstanceOf(SystemUnavailableException.class);
    assertThatThrownBy(() -> connectors().requireFindable("jira", "incident", other))
        .isInstanceOf(RetryLaterException.class);
  }

  /** What a webhook told of is fetched by its id, which is never late. */
  @Test
  void findsWhatItHeardOfThoughNoSearchShowsIt() {
    kit.records.read("jira", "incident", json(issue("Open", "")), null);
    system.answer(post(urlPathEqualTo(SEARCH)), okJson("{\"issues\":[]}"));
    stands("Open", "");

    assertThat(connectors().findByCorrelation("jira", "incident", CORRELATION))
        .map(NativeRecord::ref)
        .contains(REF);
  }

  @Test
  void movesToAStatusWithWhatTheScreenNeedsAndEditsTheRestBefore() {
    moves(
        move("21", "Pend", "Pending", ""),
        move("51", "Resolve", "Resolved", "\"resolution\":{\"required\":true}"));
    stands("In Progress", "\"resolution\":null,");
    system.answer(put(urlPathEqualTo(ISSUE)), okJson(issue("In Progress", "")));
    system.answer(post(urlPathEqualTo(MOVES)), aResponse().withStatus(204));

    connectors()
        .update(
            REF,
            json(
                """
                {"fields":{"summary":"Up","status":{"name":"Resolved"},"resolution":{"name":"Done"}}}\
                """));

    assertThat(asked())
        .containsExactly(
            "GET " + MOVES, "GET " + ISSUE, "PUT " + ISSUE, "POST " + MOVES, "GET " + ISSUE);
    assertThat(sent(2)).isEqualTo(json("{\"fields\":{\"summary\":\"Up\"}}"));
    assertThat(sent(3))
        .isEqualTo(
            json(
                "{\"transition\":{\"id\":\"51\"},\"fields\":{\"resolution\":{\"name\":\"Done\"}}}"));
  }

  @Test
  void doesNotMoveWhatIsThereAlready() {
    moves(move("31", "Done", "Done", ""));
    stands("Done", "");
    connectors().update(REF, json("{\"fields\":{\"status\":{\"name\":\"Done\"}}}"));
    assertThat(asked()).doesNotContain("POST " + MOVES);
  }

  @Test
  void leavesOutAResolutionThatNoScreenTakes() {
    moves(move("31", "Done", "Done", ""));
    stands("Open", "");
    system.answer(post(urlPathEqualTo(MOVES)), aResponse().withStatus(204));
    connectors()
        .update(
            REF,
            json(
                "{\"fields\":{\"status\":{\"name\":\"Done\"},\"resolution\":{\"name\":\"Done\"}}}"));
    assertThat(sent(2)).isEqualTo(json("{\"transition\":{\"id\":\"31\"}}"));
  }

  @Test
  void saysWhatAMoveLacks() {
    moves(move("51", "Resolve", "Resolved", "\"resolution\":{\"required\":true}"));
    stands("In Progress", "\"resolution\":null,");

    RequestRejectedException refused =
        catchThrowableOfType(
            RequestRejectedException.class,
            () ->
                connectors()
                    .update(REF, json("{\"fields\":{\"status\":{\"name\":\"Resolved\"}}}")));

    assertThat(refused.request()).contains("Resolve");
    assertThat(refused.answer()).contains("fields.resolution");
    assertThat(refused.advice()).contains("`fill`");
    assertThat(asked()).doesNotContain("POST " + MOVES);
  }

  @Test
  void saysWhereOneCanGoInstead() {
    moves(move("11", "Start", "In Progress", ""));
    stands("Open", "");

    RequestRejectedException refused =
        catchThrowableOfType(
            RequestRejectedException.class,
            () ->
                connectors()
                    .update(REF, json("{\"fields\":{\"status\":{\"name\":\"Resolved\"}}}")));

    assertThat(refused.answer()).isEqualTo("from Open there is only In Progress by 'Start'");
    assertThat(refused.advice()).contains("steps");
  }

  @Test
  void editsWithoutAskingForMovesWhenTheStatusStays() {
    system.answerAll(okJson(issue("Open", "")));
    connectors().update(REF, json("{\"fields\":{\"summary\":\"Up\"}}"));
    assertThat(system.onlyRequest().getMethod().getName()).isEqualTo("PUT");
    assertThat(system.onlyRequest().queryParameter("returnIssue").firstValue()).isEqualTo("true");
  }

  @Test
  void addsCommentsThatOnlyAgentsSee() {
    system.answerAll(okJson("{\"id\":\"501\"}").withStatus(201));
    assertThat(connectors().addNote(REF, "**now** [x]\n# rm C:\\*", Visibility.INTERNAL))
        .contains("501");
    JsonNode body = sent(0);
    assertThat(body.path("body"))
        .isEqualTo(
            json(
                """
                {"type":"doc","version":1,"content":[{"type":"paragraph","content":[
                  {"type":"text","text":"**now** [x]"},{"type":"hardBreak"},
                  {"type":"text","text":"# rm C:\\\\*"}]}]}\
                """));
    assertThat(body.path("properties"))
        .isEqualTo(json("[{\"key\":\"sd.public.comment\",\"value\":{\"internal\":true}}]"));
  }

  @Test
  void readsAllPagesOfComments() {
    String one =
        """
        {"startAt":%d,"total":2,"comments":[{"id":"%d","author":{"displayName":"Ann"},"body":%s,
         "created":"2026-11-24T02:0%d:00.000+0000","jsdPublic":%s}]}\
        """;
    system.answer(
        get(urlPathEqualTo(ISSUE + "/comment"))
            .withQueryParam(
                "startAt", com.github.tomakehurst.wiremock.client.WireMock.equalTo("0")),
        okJson(one.formatted(0, 1, doc("first"), 1, "false")));
    system.answer(
        get(urlPathEqualTo(ISSUE + "/comment"))
            .withQueryParam(
                "startAt", com.github.tomakehurst.wiremock.client.WireMock.equalTo("1")),
        okJson(one.formatted(1, 2, doc("second"), 2, "true")));

    List<WorkNote> notes = connectors().notes(REF);

    assertThat(notes).extracting(WorkNote::text).containsExactly("first", "second");
    assertThat(notes)
        .extracting(WorkNote::visibility)
        .containsExactly(Visibility.INTERNAL, Visibility.PUBLIC);
  }

  @Test
  void narrowsASearchByAnOperatorsJqlAsItIs() {
    system.answer(post(urlPathEqualTo(SEARCH)), okJson("{\"issues\":[],\"isLast\":true}"));
    connectors()
        .listMatching(
            "jira",
            "incident",
            "list-changed-incident",
            "labels = \"outage\" OR key = OPS-1",
            clock.instant().minus(Duration.ofSeconds(61)),
            Optional.empty());
    assertThat(sent(0).path("jql").asText())
        .isEqualTo(
            "(project = \"OPS\" AND issuetype = \"[System] Incident\") AND (labels = \"outage\" OR"
                + " key = OPS-1) AND updated >= \"-5m\" ORDER BY updated ASC");
  }

  @Test
  void listsWhatChangedPageByPageWithItsComments() {
    String comments =
        "\"comment\":{\"total\":1,\"comments\":[{\"id\":\"1\",\"author\":{},\"body\":"
            + doc("seen")
            + ",\"created\":\"2026-11-24T02:01:00.000+0000\"}]},";
    system.answer(
        post(urlPathEqualTo(SEARCH)),
        okJson("{\"issues\":[" + issue("Open", comments) + "],\"nextPageToken\":\"next\"}"));
    Instant since = clock.instant().minus(Duration.ofSeconds(61));

    ChangePage first =
        connectors()
            .listChanged("jira", "incident", "list-changed-incident", since, Optional.empty());

    assertThat(first.records()).extracting(NativeRecord::ref).containsExactly(REF);
    assertThat(first.notes().get(REF)).extracting(WorkNote::text).containsExactly("seen");
    assertThat(first.toFetch()).isEmpty();
    // A minute and a second, two minutes in which a search may be late, and what rounding takes.
    assertThat(sent(0).path("jql").asText())
        .isEqualTo(
            "(project = \"OPS\" AND issuetype = \"[System] Incident\") AND updated >= \"-5m\" ORDER"
                + " BY updated ASC");
    assertThat(sent(0).has("nextPageToken")).isFalse();
    clock.advance(Duration.ofMinutes(1));
    system.reset();
    system.answerAll(
        okJson(
            "{\"issues\":["
                + issue("Open", "\"comment\":{\"total\":30,\"comments\":[]},")
                + "],\"isLast\":true}"));

    ChangePage second =
        connectors()
            .listChanged(
                "jira",
                "incident",
                "list-changed-incident",
                since,
                Optional.ofNullable(first.nextPage()));

    assertThat(sent(0).path("nextPageToken").asText()).isEqualTo("next");
    assertThat(sent(0).path("jql").asText()).contains("\"-5m\"");
    assertThat(second.toFetch()).containsExactly(REF);
    assertThat(second.nextPage()).isNull();
  }

  @Test
  void knowsAUserByTheWholeAddressOnly() {
    system.answerAll(
        okJson(
            """
            [{"accountId":"a1","emailAddress":"ann@example.com.au"},
             {"accountId":"a2","displayName":"ann@example.com"},
             {"accountId":"a3","emailAddress":"Ann@example.com"}]\
            """));
    assertThat(connectors().idOf("jira", "user", "ann@example.com")).contains("a3");
    assertThat(connectors().idOf("jira", "user", "ann@example.co")).isEmpty();
  }

  @Test
  void tellsWhichFieldsARefusedCreationIsAbout() {
    system.answerAll(
        aResponse()
            .withStatus(400)
            .withBody(
                """
                {"errorMessages":[],"errors":{"priority":"Field 'priority' cannot be set. It is not\
                 on the appropriate screen, or unknown.","parent":"is required"}}\
                """));
    assertThatThrownBy(
            () ->
                connectors()
                    .create(
                        "jira",
                        "incident",
                        json("{\"fields\":{\"summary\":\"x\",\"priority\":{\"name\":\"High\"}}}"),
                        CORRELATION,
                        "#1"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> {
              assertThat(e.fields()).containsExactly("fields.priority");
              assertThat(e.refusesFieldIn(json("{\"fields\":{\"priority\":{\"name\":\"High\"}}}")))
                  .isTrue();
              assertThat(e.refusesFieldIn(json("{\"fields\":{\"summary\":\"x\"}}"))).isFalse();
            });
  }

  /** A webhook has texts in another markup: it counts as not telling them. */
  @Test
  void takesNoTextFromAWebhook() {
    NativeRecord told =
        kit.records.read(
            "jira", "incident", json(issue("Open", "\"description\":\"h1. Down\",")), null);
    assertThat(told.json().at("/fields").has("description")).isFalse();
    assertThat(told.json().at("/fields/summary").asText()).isEqualTo("Down");
    assertThat(told.hidesTexts()).isTrue();
    String document = "\"description\":" + doc("Down") + ",";
    for (String whole : List.of(document, "\"description\":null,", "")) {
      assertThat(
              kit.records.read("jira", "incident", json(issue("Open", whole)), null).hidesTexts())
          .isFalse();
    }
  }

  /** Other projects may have one of the same name: theirs is none that an issue here could have. */
  @Test
  void findsAComponentByItsNameAmongThoseOfItsProject() {
    String component = "{\"id\":\"%s\",\"name\":\"%s\",\"project\":\"%s\"}";
    system.answer(
        get(urlPathEqualTo("/rest/api/3/project/OPS/components")),
        okJson(
            "["
                + component.formatted("10000", "Mail", "OPS")
                + ","
                + component.formatted("10001", "Mail gateway", "OPS")
                + "]"));
    system.answer(
        get(urlPathEqualTo("/rest/api/3/component/20000")),
        okJson(component.formatted("20000", "Mail", "WEB")));

    assertThat(connectors().keyOf("jira", "component", "20000")).contains("Mail");
    assertThat(connectors().idOf("jira", "component", "Mail")).contains("10000");
    assertThat(connectors().idsOf("jira", "component", "Mail")).containsExactly("10000");
    assertThat(connectors().idOf("jira", "component", "Payments")).isEmpty();
  }
}
