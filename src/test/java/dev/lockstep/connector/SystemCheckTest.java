package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SystemCheckTest {
  private static final String CHECKS =
      """

      checks:
        - check: calls left
          budget: {limit: x-limit, remaining: x-left}
          advice: Ask for more.
        - check: hook
          call: list-hooks
          among: hooks
          advice: Set it up.
        - check: hook of another kind
          kind: ticket
          call: list-hooks
          among: hooks
          shows: [{path: kind, is: ticket}]
          otherwise: warning
          advice: Look.
        - check: secret
          advice: Try it.
      """;
  private static final Set<String> FIELDS = Set.of("title", "owner.name");

  private final Map<String, Set<String>> created = new HashMap<>();
  private final Map<String, Set<String>> updated = new HashMap<>();
  private ServiceWebhooks service =
      system -> {
        throw new ServiceWebhooks.UnknownException("no service is reachable");
      };
  private final FakeSystem toy = new FakeSystem();
  private ConnectorKit kit;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "  list-changed-ticket:",
        "  list-hooks: {method: GET, path: /hooks}\n  list-changed-ticket:",
        "read-timeout: 1s",
        "read-timeout: 20s",
        "jitter: 0.5}\n",
        "jitter: 0.5}\n" + CHECKS);
    kit = ToyConnector.kit(toy, folder);
    String ticket = ToyConnector.ticket(7, ",\"title\":\"x\",\"owner\":null");
    answer("/changed", okJson("{\"tickets\":[" + ticket + "],\"more\":false}"));
    answer("/", okJson("[]"));
    answer("/7", okJson(ticket));
    answer("/7/comments", okJson("{\"comments\":[]}"));
    answer("/hooks", okJson("{\"hooks\":[{}]}"));
  }

  @AfterEach
  void stop() {
    kit.close();
    toy.close();
  }

  private void answer(String path, ResponseDefinitionBuilder answer) {
    toy.answer(get(urlPathEqualTo(path)), dated(answer));
  }

  private static ResponseDefinitionBuilder dated(ResponseDefinitionBuilder answer) {
    return answer
        .withHeader("Date", "Tue, 24 Nov 2026 03:00:00 GMT")
        .withHeader("X-Limit", "100")
        .withHeader("X-Left", "20");
  }

  private List<Finding> check(SettableClock clock, Set<String> fields) {
    return new SystemCheck(
            kit.catalog.connector("toy"), kit.connectors, service, Duration.ZERO, clock)
        .run(
            List.of(
                new CheckedKind(
                    "toy", "ticket", fields, Map.of(), Map.of(), created, updated, Map.of())),
            Set.of());
  }

  private List<Finding> check() {
    return check(new SettableClock(), FIELDS);
  }

  private static Finding finding(List<Finding> findings, String check) {
    return findings.stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  @Test
  void readsAsTheServiceDoesAndWritesNothing() {
    assertThat(check())
        .extracting(Finding::check, Finding::status)
        .containsExactly(
            tuple("connection", Status.PASS),
            tuple("ticket: read", Status.PASS),
            tuple("ticket: fields", Status.PASS),
            // Not seen is not proven.
            tuple("ticket: notes", Status.WARNING),
            tuple("calls left", Status.PASS),
            tuple("hook", Status.PASS),
            tuple("hook of another kind", Status.WARNING),
            tuple("secret", Status.WARNING),
            tuple("clock", Status.PASS));
    assertThat(toy.requests()).allMatch(request -> request.getMethod().value().equals("GET"));
  }

  @Test
  void namesTheFieldsThatNoRecordShows() {
    assertThat(
            finding(
                check(new SettableClock(), Set.of("title", "group", "owner.name")),
                "ticket: fields"))
        .extracting(Finding::status, Finding::found)
        .containsExactly(Status.WARNING, "no record of 1 shows group");
  }

  @ParameterizedTest
  @CsvSource({"60, PASS", "61, WARNING", "-61, WARNING"})
  void comparesTheClocks(int ahead, Status expected) {
    SettableClock clock = new SettableClock();
    clock.advance(Duration.ofSeconds(ahead));
    assertThat(finding(check(clock, FIELDS), "clock").status()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"100,20,PASS", "100,19,WARNING", "0,0,WARNING", "100,'-1',WARNING", "'',5,WARNING"})
  void readsTheCallsLeft(String limit, String left, Status expected) {
    toy.answer(
        get(urlPathEqualTo("/7/comments")),
        okJson("{\"comments\":[]}").withHeader("X-Limit", limit).withHeader("X-Left", left));
    assertThat(finding(check(), "calls left").status()).isEqualTo(expected);
  }

  @Test
  void anAnswerWithoutATimeProvesNoClock() {
    toy.answer(any(anyUrl()), okJson("{\"tickets\":[],\"hooks\":[]}"));
    toy.answer(get(urlPathEqualTo("/")), okJson("[]"));
    List<Finding> findings = check();
    assertThat(finding(findings, "clock").status()).isEqualTo(Status.WARNING);
    assertThat(finding(findings, "ticket: fields").status()).isEqualTo(Status.WARNING);
    assertThat(finding(findings, "hook").status()).isEqualTo(Status.FAIL);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 400})
  void nothingPassesWhereEverythingIsRefused(int status) {
    toy.answer(any(anyUrl()), dated(aResponse().withStatus(status).withBody("no\nno \u001b[31m")));
    assertThat(check())
        .filteredOn(finding -> finding.status() != Status.WARNING)
        .isNotEmpty()
        .filteredOn(finding -> !finding.check().equals("calls left"))
        .allMatch(finding -> finding.status() == Status.FAIL)
        .noneMatch(finding -> finding.found().contains("\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void asksNothingElseOfASystemThatDoesNotAnswer(int status) {
    toy.answer(any(anyUrl()), aResponse().withStatus(status).withHeader("Retry-After", "60"));
    assertThat(check())
        .singleElement()
        .extracting(Finding::check, Finding::status)
        .containsExactly("connection", Status.FAIL);
    toy.onlyRequest();
  }

  @Test
  void aPageInsteadOfJsonIsNoAnswer() {
    toy.answer(any(anyUrl()), aResponse().withBody("<html>Sign in</html>"));
    assertThat(check())
        .singleElement()
        .extracting(Finding::check, Finding::status)
        .containsExactly("connection", Status.FAIL);
  }

  @Test
  void goesOnAfterOneCallThatFails() {
    answer("/", aResponse().withStatus(500));
    List<Finding> findings = check();
    assertThat(finding(findings, "ticket: search").status()).isEqualTo(Status.FAIL);
    assertThat(finding(findings, "ticket: fields").status()).isEqualTo(Status.PASS);
    assertThat(finding(findings, "ticket: read").found()).isEqualTo("list-changed-ticket, fetch");
  }

  /** As where the account may not read the field: the condition is left out. */
  @Test
  void failsASearchThatFindsWhatItWasNotAskedFor() {
    answer("/", okJson("[" + ToyConnector.ticket(9, "") + "]"));
    assertThat(finding(check(), "ticket: search"))
        .extracting(Finding::status, Finding::found)
        .containsExactly(Status.FAIL, "a search for a correlation id that no record has found 9");
  }

  @Test
  void reportsARecordThatCannotBeRead() {
    answer("/changed", okJson("{\"tickets\":[{\"id\":7}],\"more\":false}"));
    answer("/7", okJson("{\"id\":7,\"revision\":\"x\",\"changed\":\"yesterday\"}"));
    List<Finding> findings = check();
    assertThat(finding(findings, "ticket: fetch").status()).isEqualTo(Status.FAIL);
    assertThat(finding(findings, "connection").status()).isEqualTo(Status.PASS);
  }
}
