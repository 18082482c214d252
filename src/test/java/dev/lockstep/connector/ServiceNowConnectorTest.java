package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers as ServiceNow's Table API documentation shows them. */
final class ServiceNowConnectorTest extends ConnectorContract {
  private static final RecordRef REF = new RecordRef("servicenow", "incident", "abc");
  private static final String RECORDS = "list-changed-incident";
  private static final String ALL_FIELDS =
      "assigned_to,assigned_to.email,correlation_id,number,opened_at,parent_incident,problem_id,sys_id,"
          + "sys_mod_count,sys_updated_by,sys_updated_on";

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
    return "{\"error\":{\"message\":\"" + message + "\",\"detail\":\"\"},\"status\":\"failure\"}";
  }

  private static String incident(String id, int version, String time) {
    return """
    {"sys_id":"%s","number":"INC0010001","sys_mod_count":"%d","sys_updated_on":"%s",
     "correlation_id":"far/incident/42","assigned_to.email":"a@example.com"}\
    """
        .formatted(id, version, time);
  }

  private static String result(String json) {
    return "{\"result\":" + json + "}";
  }

  @Test
  void fetchesPlainValuesOfWantedFieldsOnly() {
    system.answerAll(okJson(result(incident("abc", 3, "2026-11-24 03:00:00"))));

    NativeRecord record = connectors().fetch(REF);

    assertThat(record.ref()).isEqualTo(REF);
    assertThat(record.key()).isEqualTo("INC0010001");
    assertThat(record.url()).endsWith("/nav_to.do?uri=incident.do%3Fsys_id%3Dabc");
    assertThat(record.version()).isEqualTo(Version.count(3));
    assertThat(record.updatedAt()).isEqualTo(Instant.parse("2026-11-24T03:00:00Z"));
    assertThat(record.correlationId()).isEqualTo(CORRELATION);
    assertThat(record.json().path("assigned_to.email").asText()).isEqualTo("a@example.com");
    LoggedRequest request = system.onlyRequest();
    assertThat(request.getUrl())
        .startsWith("/api/now/table/incident/abc?")
        .contains("sysparm_display_value=false")
        .contains("sysparm_exclude_reference_link=true");
    assertThat(request.queryParameter("sysparm_fields").firstValue()).isEqualTo(ALL_FIELDS);
    assertThat(request.getHeader("Authorization"))
        .isEqualTo("Basic bG9ja3N0ZXA6cGFzcyB7e3dvcmR9fSDDvA==");
  }

  @Test
  void createsWithItsCounterpartInTheBody() {
    system.answerAll(okJson(result(incident("abc", 0, "2026-11-24 03:00:00"))).withStatus(201));

    NativeRecord created =
        connectors()
            .create(
                "servicenow",
                "incident",
                json("{\"short_description\":\"Älter\"}"),
                CORRELATION,
                "#42");

    assertThat(created.ref()).isEqualTo(REF);
    LoggedRequest request = system.onlyRequest();
    assertThat(request.getMethod().getName()).isEqualTo("POST");
    assertThat(request.queryParameter("sysparm_fields").firstValue()).isEqualTo(ALL_FIELDS);
    assertThat(json(request.getBodyAsString()))
        .isEqualTo(
            json(
                "{\"short_description\":\"Älter\",\"correlation_id\":\"far/incident/42\","
                    + "\"correlation_display\":\"#42\"}"));
  }

  @Test
  void updatesByPatchAndTellsTheRecordAfterIt() {
    system.answerAll(okJson(result(incident("abc", 4, "2026-11-24 03:00:01"))));

    NativeRecord after = connectors().update(REF, json("{\"state\":\"2\"}"));

    assertThat(after.version()).isEqualTo(Version.count(4));
    assertThat(system.onlyRequest().getMethod().getName()).isEqualTo("PATCH");
    assertThat(json(system.onlyRequest().getBodyAsString())).isEqualTo(json("{\"state\":\"2\"}"));
  }

  @Test
  void linksInFieldsOfItsOwn() {
    system.answerAll(okJson(result(incident("abc", 4, "2026-11-24 03:00:01"))));

    assertThat(connectors().link(REF, CORRELATION, "#42")).isPresent();

    assertThat(json(system.onlyRequest().getBodyAsString()))
        .isEqualTo(
            json("{\"correlation_id\":\"far/incident/42\",\"correlation_display\":\"#42\"}"));
  }

  @Test
  void hangsTheDuplicateUnderThePrimaryAndTakesItBack() {
    system.answerAll(okJson(result(incident("abc", 4, "2026-11-24 03:00:01"))));

    assertThat(connectors().consolidate(REF, primary()).map(NativeRecord::ref)).contains(REF);

    LoggedRequest request = system.onlyRequest();
    assertThat(request.getMethod().getName()).isEqualTo("PATCH");
    assertThat(request.getUrl()).startsWith("/api/now/table/incident/abc?");
    assertThat(json(request.getBodyAsString()))
        .isEqualTo(json("{\"parent_incident\":\"primary\"}"));

    assertThat(connectors().separates("servicenow", "incident")).isTrue();
    assertThat(connectors().separate(REF, "").version()).isEqualTo(Version.count(4));
    assertThat(json(system.requests().get(1).getBodyAsString()))
        .isEqualTo(json("{\"parent_incident\":\"\"}"));
    connectors().separate(REF, "before");
    assertThat(json(system.requests().get(2).getBodyAsString()))
        .isEqualTo(json("{\"parent_incident\":\"before\"}"));
  }

  @Test
  void tellsADuplicateThatIsGoneWhenItIsTakenBack() {
    system.answerAll(aResponse().withStatus(404).withBody(errorBody("No Record found")));
    assertThatThrownBy(() -> connectors().separate(REF, ""))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void keepsWorkNotesAndCommentsApart() {
    system.answerAll(okJson(result("{\"sys_id\":\"abc\"}")));

    assertThat(connectors().addNote(REF, "a {text} \"b\"", Visibility.INTERNAL)).isEmpty();
    assertThat(json(system.onlyRequest().getBodyAsString()))
        .isEqualTo(json("{\"work_notes\":\"a {text} \\\"b\\\"\"}"));
    system.reset();
    system.answerAll(okJson(result("{\"sys_id\":\"abc\"}")));
    connectors().addNote(REF, "seen", Visibility.PUBLIC);
    assertThat(json(system.onlyRequest().getBodyAsString()))
        .isEqualTo(json("{\"comments\":\"seen\"}"));
  }

  @Test
  void readsTheJournalOldestFirst() {
    system.answerAll(
        okJson(
            result(
                """
                [{"sys_id":"n1","element_id":"abc","element":"work_notes","value":"one",
                  "sys_created_on":"2026-11-24 03:00:00","sys_created_by":"admin"},
                 {"sys_id":"n2","element_id":"abc","element":"comments","value":"two",
                  "sys_created_on":"2026-11-24 03:00:01","sys_created_by":"admin"}]\
                """)));

    var notes = connectors().notes(REF);

    assertThat(notes).extracting("id").containsExactly("n1", "n2");
    assertThat(notes)
        .extracting("visibility")
        .containsExactly(Visibility.INTERNAL, Visibility.PUBLIC);
    assertThat(notes.get(0).author()).isEqualTo("admin");
    assertThat(system.onlyRequest().queryParameter("sysparm_query").firstValue())
        .startsWith("element_id=abc^elementINwork_notes,comments^");
  }

  @Test
  void findsTheNewestByCorrelation() {
    system.answerAll(okJson(result("[" + incident("abc", 1, "2026-11-24 03:00:00") + "]")));

    Optional<NativeRecord> found =
        connectors().findByCorrelation("servicenow", "incident", CORRELATION);

    assertThat(found.map(NativeRecord::ref)).contains(REF);
    assertThat(system.onlyRequest().queryParameter("sysparm_query").firstValue())
        .isEqualTo("correlation_id=far/incident/42^ORDERBYDESCsys_created_on");
    assertThat(system.onlyRequest().queryParameter("sysparm_limit").firstValue()).isEqualTo("1");
  }

  @Test
  void findsNothingWhenNothingIsThere() {
    system.answerAll(okJson(result("[]")));
    assertThat(connectors().findByCorrelation("servicenow", "incident", CORRELATION)).isEmpty();
  }

  @Test
  void goesOnAfterTheLastRecordSeenEvenWithinOneSecond() {
    List<String> full = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      full.add(incident("id%03d".formatted(i), 1, "2026-11-24 02:00:00"));
    }
    system.answerAll(okJson(result(full.toString())));
    Instant since = Instant.parse("2026-11-24T01:00:00.789Z");

    ChangePage first = changed(RECORDS, since, null);

    assertThat(first.records()).hasSize(200);
    assertThat(first.page().newest()).isEqualTo(Instant.parse("2026-11-24T02:00:00Z"));
    // After the two questions by which times are checked.
    assertThat(system.requests()).hasSize(3);
    assertThat(query(2))
        .isEqualTo(
            "sys_updated_on>=2026-11-24 01:00:00^sys_updated_on>2026-11-24 01:00:00^ORsys_id>0"
                + "^ORDERBYsys_updated_on^ORDERBYsys_id");

    system.reset();
    system.answerAll(okJson(result("[]")));
    ChangePage second = changed(RECORDS, since, first.nextPage());
    assertThat(query(0))
        .contains("sys_updated_on>=2026-11-24 02:00:00")
        .contains("^ORsys_id>id199");

    system.reset();
    system.answerAll(
        okJson(
            result(
                """
                [{"sys_id":"n1","element_id":"abc","element":"work_notes","value":"one",
                  "sys_created_on":"2026-11-24 03:00:00","sys_created_by":"admin"}]\
                """)));
    ChangePage notes = changed("list-changed-incident-notes", since, second.nextPage());

    assertThat(system.onlyRequest().getUrl()).startsWith("/api/now/table/sys_journal_field?");
    assertThat(notes.notes().get(REF)).extracting("text").containsExactly("one");
    assertThat(notes.nextPage()).isNull();
  }

  @Test
  void narrowsAListingByAnOperatorsQueryAsItIs() {
    Instant since = Instant.parse("2026-11-24T03:00:00Z");
    String query = "priority=1^ORpriority=2";
    system.answerAll(okJson(result("[]")));
    connectors()
        .listMatching(
            "servicenow", "incident", "list-changed-incident", query, since, Optional.empty());
    assertThat(system.requests())
        .anyMatch(
            request ->
                request
                    .queryParameter("sysparm_query")
                    .firstValue()
                    .startsWith("priority=1^ORpriority=2^sys_updated_on>="));
    for (String refused : List.of("a=1^NQb=2", "a=javascript:gs.x()", "a=1^ORDERBYb")) {
      assertThatThrownBy(
              () ->
                  connectors()
                      .listMatching(
                          "servicenow",
                          "incident",
                          "list-changed-incident",
                          refused,
                          since,
                          Optional.empty()))
          .isInstanceOfSatisfying(
              RequestRejectedException.class,
              e -> assertThat(e.advice()).contains("would change the meaning"));
    }
  }

  private ChangePage changed(String feed, Instant since, @Nullable String page) {
    return connectors()
        .listChanged("servicenow", "incident", feed, since, Optional.ofNullable(page));
  }

  @Test
  void leavesOutARecordThatHidesItsVersion() {
    List<String> ten = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ten.add(incident("id" + i, 1, "2026-11-24 02:00:00"));
    }
    ten.set(4, ten.get(4).replace("\"sys_mod_count\":\"1\",", ""));
    system.answerAll(okJson(result(ten.toString())));

    ChangePage changes = changed(RECORDS, Instant.EPOCH, null);

    assertThat(changes.records()).hasSize(9);
    assertThat(changes.page().skipped())
        .singleElement()
        .asString()
        .contains("INC0010001", "id4", "sys_mod_count");

    system.reset();
    kit.renew();
    system.answerAll(okJson(result("[" + ten.get(4) + "]")));
    assertThatThrownBy(() -> changed(RECORDS, Instant.EPOCH, null))
        .isInstanceOf(SystemUnavailableException.class)
        .hasMessageContaining("none of which can be read");
  }

  @Test
  void takesAListingWithoutItsListForUnavailable() {
    for (String body : List.of("", "null", "\"x\"", "{}", "{\"result\":null}")) {
      system.reset();
      kit.renew();
      system.answerAll(okJson(body));
      assertThatThrownBy(() -> changed("list-changed-incident-notes", Instant.EPOCH, null))
          .as(body)
          .isInstanceOf(SystemUnavailableException.class);
    }
  }

  private String query(int index) {
    return system.requests().get(index).queryParameter("sysparm_query").firstValue();
  }

  @Test
  void looksUsersUpByMailOnce() {
    system.answerAll(okJson(result("[{\"sys_id\":\"u1\",\"email\":\"A+B@example.com\"}]")));

    assertThat(connectors().idOf("servicenow", "user", "a+b@example.com")).contains("u1");
    assertThat(connectors().idOf("servicenow", "user", "a+b@example.com")).contains("u1");
    assertThat(connectors().keyOf("servicenow", "user", "u1")).contains("A+B@example.com");

    assertThat(system.onlyRequest().queryParameter("sysparm_query").firstValue())
        .isEqualTo("email=a+b@example.com^active=true^ORDERBYsys_id");
    clock.advance(Duration.ofHours(1));
    connectors().idOf("servicenow", "user", "a+b@example.com");
    assertThat(system.requests()).hasSize(2);
  }

  @Test
  void remembersThatThereIsNoSuchUserForAShortTime() {
    system.answerAll(okJson(result("[]")));
    assertThat(connectors().idOf("servicenow", "user", "nobody@example.com")).isEmpty();
    assertThat(connectors().idOf("servicenow", "user", "nobody@example.com")).isEmpty();
    assertThat(system.requests()).hasSize(1);
    clock.advance(Duration.ofMinutes(2));
    connectors().idOf("servicenow", "user", "nobody@example.com");
    assertThat(system.requests()).hasSize(2);
  }

  @Test
  void tellsWhichFieldsARefusedCreationIsAbout() {
    system.answerAll(
        aResponse()
            .withStatus(403)
            .withBody(
                """
                {"error":{"message":"Operation Failed","detail":"Data Policy Exception: The\
                 following fields are read only: Assignment group"},"status":"failure"}\
                """));
    String body = "{\"short_description\":\"x\",\"assignment_group\":\"g\",\"state\":\"1\"}";
    assertThatThrownBy(
            () -> connectors().create("servicenow", "incident", json(body), CORRELATION, "#1"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> assertThat(e.fields()).containsExactly("assignment_group"));
  }

  @Test
  void doesNotGuessWhichOfTwoUsersWithOneAddressIsMeant() {
    system.answerAll(
        okJson(
            result(
                "[{\"sys_id\":\"u1\",\"email\":\"a@b.c\"},{\"sys_id\":\"u2\",\"email\":\"a@b.c\"}]")));
    assertThatThrownBy(() -> connectors().idOf("servicenow", "user", "a@b.c"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> {
              assertThat(e.answer()).contains("2 have this key: u1, u2");
              assertThat(e.advice()).contains("unique");
            });
    assertThat(connectors().idsOf("servicenow", "user", "a@b.c")).containsExactly("u1", "u2");
    system.onlyRequest();
  }

  @Test
  void takesARateLimitResetGivenAsATime() {
    long reset = clock.instant().plusSeconds(90).getEpochSecond();
    system.answer(
        get(urlPathEqualTo("/api/now/table/incident/abc")),
        aResponse()
            .withStatus(429)
            .withHeader("X-RateLimit-Reset", String.valueOf(reset))
            .withBody(errorBody("Rate limit exceeded")));

    assertThatThrownBy(() -> connectors().fetch(REF))
        .isInstanceOfSatisfying(
            RetryLaterException.class,
            e -> assertThat(e.delay()).isEqualTo(Duration.ofSeconds(90)));
  }
}
