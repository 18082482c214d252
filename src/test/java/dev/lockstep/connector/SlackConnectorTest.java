package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.slack.SlackDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as Slack's documentation of its Web API shows them. */
final class SlackConnectorTest extends ConnectorContract {
  private static final RecordRef REF = new RecordRef("slack", "channel", "C012AB3CD");
  private static final String TOPIC = "{\"topic\":{\"value\":\"It is down\"}}";

  @Override
  RecordRef ref() {
    return REF;
  }

  @Override
  String errorBody(String message) {
    return "{\"ok\":false,\"error\":\"" + message + "\"}";
  }

  @Override
  String record() {
    return "{\"name\":\"inc-1\"}";
  }

  /** Each field is written by a call of its own. */
  @Override
  String change() {
    return "{\"purpose\":{\"value\":\"x\"}}";
  }

  /** Slack refuses with status 200. */
  @Override
  ResponseDefinitionBuilder missing() {
    return error("channel_not_found");
  }

  private static ResponseDefinitionBuilder error(String error) {
    return okJson("{\"ok\":false,\"error\":\"" + error + "\"}");
  }

  /** What was asked in any test is something Slack's description of its Web API allows. */
  @AfterEach
  void asksOnlyWhatTheDocumentAllows() {
    SlackDocument.find()
        .ifPresent(
            document ->
                assertThat(system.requests())
                    .allSatisfy(
                        request -> assertThat(document.problems(exchange(request))).isEmpty()));
  }

  private static Exchange exchange(LoggedRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    request
        .getHeaders()
        .all()
        .forEach(header -> headers.put(header.key().toLowerCase(Locale.ROOT), header.values()));
    return new Exchange(
        request.getMethod().getName(),
        request.getUrl(),
        headers,
        request.getBodyAsString(),
        200,
        Map.of(),
        "{}");
  }

  private static String channel(String id, String name, String purpose) {
    return """
    {"id":"%s","name":"%s","is_archived":false,"created":1763949600,"updated":1763953200250,
     "creator":"U0BOT","topic":{"value":"New &amp; bad"},"purpose":{"value":"%s"}}\
    """
        .formatted(id, name, purpose);
  }

  private static String one(String purpose) {
    return "{\"ok\":true,\"channel\":" + channel("C012AB3CD", "inc-1", purpose) + "}";
  }

  private static String page(String cursor, String... channels) {
    return "{\"ok\":true,\"channels\":[%s],\"response_metadata\":{\"next_cursor\":\"%s\"}}"
        .formatted(String.join(",", channels), cursor);
  }

  private List<String> sent() {
    return system.requests().stream()
        .filter(request -> request.getMethod().getName().equals("POST"))
        .map(request -> request.getUrl() + " " + request.getBodyAsString())
        .toList();
  }

  private void answer(String method, ResponseDefinitionBuilder answer) {
    system.answer(post(urlPathEqualTo("/" + method)), answer);
  }

  private NativeRecord create(String name) {
    return connectors()
        .create(
            "slack",
            "channel",
            json("{\"name\":\"" + name + "\",\"topic\":{\"value\":\"New\"},\"members\":\"U1\"}"),
            CORRELATION,
            "INC1");
  }

  @Test
  void readsAChannel() {
    system.answerAll(okJson(one("INC1 lockstep:far/incident/42 &lt;x&gt;")));

    NativeRecord record = connectors().fetch(REF);

    assertThat(record.key()).isEqualTo("#inc-1");
    assertThat(record.url()).isEqualTo("https://example.slack.com/archives/C012AB3CD");
    assertThat(record.correlationId()).isEqualTo(CORRELATION);
    assertThat(record.version()).isEqualTo(Version.exactly(Instant.ofEpochMilli(1763953200250L)));
    assertThat(record.openedAt()).isEqualTo(Instant.ofEpochSecond(1763949600));
    assertThat(record.json().at("/topic/value").asText()).isEqualTo("New & bad");
    LoggedRequest request = system.onlyRequest();
    assertThat(request.getUrl()).isEqualTo("/conversations.info?channel=C012AB3CD");
    assertThat(request.getHeader("Authorization")).isEqualTo("Bearer secret-token");
  }

  /** Its name first, then who it belongs to, then all that can be repeated. */
  @Test
  void opensAChannelAndClaimsItBeforeAnythingElse() {
    system.answerAll(okJson(one("")));

    create("inc-1");

    assertThat(sent())
        .containsExactly(
            "/conversations.create {\"name\":\"inc-1\"}",
            "/conversations.setPurpose"
                + " {\"channel\":\"C012AB3CD\",\"purpose\":\"INC1 lockstep:far/incident/42\"}",
            "/conversations.setTopic {\"channel\":\"C012AB3CD\",\"topic\":\"New\"}",
            "/conversations.invite {\"channel\":\"C012AB3CD\",\"users\":\"U1\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INC 7: Größe & <b>Straße</b>!|inc-7-grosse-b-strasse-b",
        "--__Mail__--|mail",
        "障害 mail 障害|mail",
      })
  void aNameIsWhatSlackAllows(String title, String name) {
    system.answerAll(okJson(one("")));
    create(title);
    assertThat(sent().get(0)).isEqualTo("/conversations.create {\"name\":\"" + name + "\"}");
  }

  @Test
  void aNameIsCutToEightyCharacters() {
    system.answerAll(okJson(one("")));
    create("inc-" + "x".repeat(100));
    assertThat(sent().get(0))
        .isEqualTo("/conversations.create {\"name\":\"inc-" + "x".repeat(76) + "\"}");
  }

  /** Without a letter of the alphabet that Slack knows: what is left is the suffix. */
  @Test
  void aNameOfOtherLettersIsStillOne() {
    system.answerAll(okJson(one("")));
    create("障害");
    assertThat(sent().get(0)).matches("/conversations.create \\{\"name\":\"[0-9a-f]{6}\"}");
  }

  @Test
  void aTakenNameGetsASuffix() {
    system.answerAll(okJson(one("")));
    system.answer(get(urlPathEqualTo("/users.conversations")), okJson(page("")));
    answer("conversations.create", error("name_taken"));

    RequestRejectedException refused =
        catchThrowableOfType(RequestRejectedException.class, () -> create("inc-1"));

    assertThat(refused.advice()).contains("Each of these names is taken in Slack");
    assertThat(sent()).hasSize(5).doesNotHaveDuplicates();
    assertThat(sent().subList(1, 5))
        .allSatisfy(
            request ->
                assertThat(request)
                    .matches("/conversations.create \\{\"name\":\"inc-1-[0-9a-f]{6}\"}"));
  }

  /** Slack searches by no text: the channels that the app is in are compared. */
  @Test
  void findsTheChannelWithTheMarkOnAnyPage() {
    system.answer(
        get(urlPathEqualTo("/users.conversations")).withQueryParam("cursor", absent()),
        okJson(page("dGVh", channel("C1AB", "a", ""), channel("C2AB", "b", "far/incident/44"))));
    system.answer(
        get(urlPathEqualTo("/users.conversations")).withQueryParam("cursor", equalTo("dGVh")),
        okJson(page("", channel("C3AB", "c", "INC1 lockstep:far/incident/44"))));

    assertThat(connectors().findByCorrelation("slack", "channel", "far/incident/44"))
        .map(record -> record.ref().id())
        .contains("C3AB");
  }

  @Test
  void writesEachFieldByItsCall() {
    system.answerAll(okJson(one("")));

    NativeRecord after =
        connectors()
            .update(
                REF,
                json(
                    """
                    {"topic":{"value":"<!channel> R&D"},"members":"U1","is_archived":"true"}\
                    """));

    assertThat(sent())
        .containsExactly(
            "/conversations.setTopic"
                + " {\"channel\":\"C012AB3CD\",\"topic\":\"&lt;!channel&gt; R&amp;D\"}",
            "/conversations.invite {\"channel\":\"C012AB3CD\",\"users\":\"U1\"}",
            "/conversations.archive {\"channel\":\"C012AB3CD\"}");
    assertThat(after.refused()).isEmpty();
    assertThat(after.json().path("members").asText()).as("which no answer shows").isEqualTo("U1");
  }

  @Test
  void whatCannotBeChangedIsNotSent() {
    assertThatThrownBy(() -> connectors().update(REF, json("{\"name\":\"inc-2\"}")))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> {
              assertThat(e.answer()).contains("Slack cannot change these fields");
              assertThat(e.advice()).contains("carried: at-creation");
            });
    assertThat(system.requests()).isEmpty();
  }

  /** What is so already is no error. */
  @ParameterizedTest
  @CsvSource({
    "members,U1,conversations.invite,already_in_channel",
    "is_archived,true,conversations.archive,already_archived",
    "is_archived,false,conversations.unarchive,not_archived"
  })
  void aRepeatedCallChangesNothing(String field, String value, String method, String error) {
    system.answerAll(okJson(one("")));
    answer(method, error(error));
    NativeRecord after = connectors().update(REF, json("{\"" + field + "\":\"" + value + "\"}"));
    assertThat(after.refused()).isEmpty();
  }

  /** A gap of that field, with what to do about it; the rest is written. */
  @ParameterizedTest
  @CsvSource({
    "members,U1,conversations.invite,cant_invite,Invite the person by hand",
    "members,U1,conversations.invite,user_not_found,Invite the person by hand",
    "members,U1,conversations.invite,not_in_channel,Invite the person by hand",
    "is_archived,false,conversations.unarchive,not_in_channel,Slack lets no bot unarchive",
    "is_archived,true,conversations.archive,restricted_action,scopes that INSTALL.md lists",
    "topic.value,x,conversations.setTopic,is_archived,Unarchive the channel in Slack",
    "topic.value,x,conversations.setTopic,not_in_channel,Invite the app to the channel",
    "topic.value,x,conversations.setTopic,too_long,Look the error up",
    "topic.value,x,conversations.setTopic,an_error_of_tomorrow,Look the error up"
  })
  void aRefusalIsAGap(String field, String value, String method, String error, String advice) {
    system.answerAll(okJson(one("")));
    answer(method, error(error));
    String body =
        field.equals("topic.value")
            ? "{\"topic\":{\"value\":\"x\"}}"
            : "{\"" + field + "\":\"" + value + "\"}";

    NativeRecord after = connectors().update(REF, json(body));

    assertThat(after.refused()).containsOnlyKeys(field);
    assertThat(after.refused().get(field))
        .contains(error, advice)
        .doesNotContain("secret-token", "conversations.");
  }

  /** A dead letter with the reason; nothing is repeated. */
  @ParameterizedTest
  @CsvSource({
    "is_archived,Unarchive the channel in Slack",
    "not_in_channel,Invite the app to the channel in Slack",
    "missing_scope,scopes that INSTALL.md lists",
    "msg_too_long,Look the error up",
    "an_error_of_tomorrow,Look the error up"
  })
  void aRefusedNoteIsADeadLetter(String error, String advice) {
    system.answerAll(error(error));
    RequestRejectedException refused =
        catchThrowableOfType(
            RequestRejectedException.class,
            () -> connectors().addNote(REF, "hello", Visibility.INTERNAL));
    assertThat(refused.answer()).contains(error);
    assertThat(refused.advice()).contains(advice);
    assertThat(refused.request()).doesNotContain("secret-token");
    system.onlyRequest();
  }

  /** No call is refused for it: all wait until the token is right. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "token_expired",
        "token_revoked",
        "invalid_auth",
        "not_authed",
        "account_inactive"
      })
  void anInvalidTokenLetsEverythingWait(String error) {
    system.answerAll(error(error));

    assertThatThrownBy(() -> connectors().addNote(REF, "hello", Visibility.INTERNAL))
        .isInstanceOf(RetryLaterException.class);
    assertThatThrownBy(() -> connectors().update(REF, json(TOPIC)))
        .isInstanceOf(RetryLaterException.class);

    system.onlyRequest();
    assertThat(kit.connectors.health())
        .filteredOn(health -> health.system().equals("slack"))
        .singleElement()
        .satisfies(
            health -> {
              assertThat(health.up()).isFalse();
              assertThat(health.trouble()).contains("Check SLACK_TOKEN");
            });
    clock.advance(Duration.ofMinutes(2));
    system.answerAll(okJson(one("")));
    assertThat(connectors().update(REF, json(TOPIC)).refused()).isEmpty();
  }

  /** Also of an optional field: a limit is no refusal. */
  @Test
  void aLimitLetsEverythingWaitAsLongAsItSays() {
    answer("conversations.setTopic", error("ratelimited").withHeader("Retry-After", "12"));
    RetryLaterException wait =
        catchThrowableOfType(
            RetryLaterException.class, () -> connectors().update(REF, json(TOPIC)));
    assertThat(wait.delay()).isEqualTo(Duration.ofSeconds(12));
    system.onlyRequest();
  }

  @ParameterizedTest
  @ValueSource(strings = {"internal_error", "fatal_error", "service_unavailable"})
  void aFailureOfSlackIsRetried(String error) {
    system.answerAll(error(error));
    assertThatThrownBy(() -> connectors().update(REF, json(TOPIC)))
        .isInstanceOf(SystemUnavailableException.class);
  }

  /** Nothing in it is markup, a mention or a link with another text, and nothing is unfolded. */
  @Test
  void aNoteIsShownAsItIs() {
    answer("chat.postMessage", okJson("{\"ok\":true,\"ts\":\"1763953200.000100\"}"));

    Optional<String> id =
        connectors()
            .addNote(
                REF,
                "<!channel> <!here|x> <@U012AB3CD> <https://evil.example|bank.example>"
                    + " <b>&amp;</b> *no* @everyone",
                Visibility.INTERNAL);

    assertThat(id).contains("1763953200.000100");
    assertThat(json(system.onlyRequest().getBodyAsString()))
        .isEqualTo(
            json(
                """
                {"channel":"C012AB3CD",
                 "text":"&lt;!channel&gt; &lt;!here|x&gt; &lt;@U012AB3CD&gt; &lt;https://evil.example|bank.example&gt; &lt;b&gt;&amp;amp;&lt;/b&gt; *no* @everyone",
                 "mrkdwn":false,"parse":"none","link_names":false,"unfurl_links":false,
                 "unfurl_media":false}\
                """));
    assertThat(connectors().takesNotes(REF, Visibility.PUBLIC)).isFalse();
  }

  /** People's messages with the reaction, not those of apps, and not what Slack says itself. */
  @Test
  void readsWhatPeopleMarkedAsNotes() {
    String marked = ",\"reactions\":[{\"name\":\"eyes\"},{\"name\":\"memo\",\"users\":[\"U2\"]}]";
    system.answer(
        get(urlPathEqualTo("/conversations.history")),
        okJson(
            """
            {"ok":true,"messages":[
              {"type":"message","user":"U1","text":"Restart &lt;it&gt; <@U9>","ts":"1763953300.000200"%1$s},
              {"type":"message","user":"U1","text":"chatting","ts":"1763953299.000200"},
              {"type":"message","subtype":"channel_topic","user":"U1","text":"set","ts":"1763953298.000200"%1$s},
              {"type":"message","user":"U0BOT","bot_id":"B9","text":"beep","ts":"1763953297.000200"%1$s}],
             "has_more":false,"response_metadata":{"next_cursor":""}}\
            """
                .formatted(marked)));
    system.answer(
        get(urlPathEqualTo("/users.info")),
        okJson("{\"ok\":true,\"user\":{\"id\":\"U1\",\"profile\":{\"real_name\":\"Ann\"}}}"));

    assertThat(connectors().notes(REF))
        .extracting(WorkNote::id, WorkNote::author, WorkNote::createdAt, WorkNote::visibility)
        .containsExactly(
            tuple(
                "1763953300.000200",
                "Ann",
                Instant.parse("2025-11-24T03:01:40.000200Z"),
                Visibility.INTERNAL));
    assertThat(connectors().notes(REF).get(0).text()).startsWith("Restart <it> ").contains("U9");
  }

  @Test
  void whoIsNotInTheWorkspaceIsNotFound() {
    system.answer(
        get(urlPathEqualTo("/users.lookupByEmail"))
            .withQueryParam("email", equalTo("ann@example.com")),
        okJson(
            "{\"ok\":true,\"user\":{\"id\":\"U1\",\"profile\":{\"email\":\"ann@example.com\"}}}"));
    system.answer(
        get(urlPathEqualTo("/users.lookupByEmail"))
            .withQueryParam("email", equalTo("eve@example.com")),
        error("users_not_found"));

    assertThat(connectors().idOf("slack", "user", "ann@example.com")).contains("U1");
    assertThat(connectors().idOf("slack", "user", "eve@example.com")).isEmpty();
  }

  @Test
  void aLookUpWithoutItsScopeNamesIt() {
    system.answerAll(
        okJson(
            """
            {"ok":false,"error":"missing_scope","needed":"users:read.email","provided":"chat:write"}\
            """));
    RequestRejectedException refused =
        catchThrowableOfType(
            RequestRejectedException.class,
            () -> connectors().idOf("slack", "user", "ann@example.com"));
    assertThat(refused.answer()).contains("missing_scope", "users:read.email");
    assertThat(refused.advice()).contains("scopes that INSTALL.md lists");
  }
}
