package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.ServiceWebhooks.LastTest;
import dev.lockstep.connector.ServiceWebhooks.Received;
import dev.lockstep.connector.ServiceWebhooks.Refusal;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The system's test webhook is looked for in what the running service received. */
final class WebhookCheckTest {
  private static final String CHECKS =
      """

      checks:
        - check: secret
          call: list-hooks
          among: hooks
          where: [{path: on, is: "true"}]
          test-webhook: {call: test-hook, id: id}
          otherwise: warning
          advice: Look.
        - check: last
          last-webhook: true
          advice: Change a ticket.
      """;

  /** The service's clock is not the system's. */
  private static final Instant SERVICE = Instant.parse("2026-11-24T05:00:00Z");

  private static final Instant SYSTEM = Instant.parse("2026-11-24T03:00:00Z");
  private static final Instant STARTED = SERVICE.minus(Duration.ofHours(3));

  private final FakeSystem toy = new FakeSystem();

  /** What the service answers, one after the other; the last one again and again. */
  private final Deque<Received> answers = new ArrayDeque<>();

  private @Nullable String unreachable;
  private Duration timeout = Duration.ZERO;
  private ConnectorKit kit;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "  list-changed-ticket:",
        """
          list-hooks: {method: GET, path: /hooks}
          test-hook: {method: POST, path: "/hooks/{id}/test"}
          list-changed-ticket:\
        """,
        "read-timeout: 1s",
        "read-timeout: 20s",
        "jitter: 0.5}\n",
        "jitter: 0.5}\n" + CHECKS);
    kit = ToyConnector.kit(toy, folder);
    toy.answer(any(anyUrl()), dated(okJson("{\"tickets\":[],\"more\":false}")));
    toy.answer(get(urlPathEqualTo("/")), dated(okJson("[]")));
    hooks("{\"id\":\"H1\",\"on\":true},{\"id\":\"H0\",\"on\":false}");
    toy.answer(post(urlPathMatching("/hooks/.*/test")), dated(aResponse().withStatus(202)));
  }

  @AfterEach
  void stop() {
    kit.close();
    toy.close();
  }

  private void hooks(String list) {
    toy.answer(get(urlPathEqualTo("/hooks")), dated(okJson("{\"hooks\":[" + list + "]}")));
  }

  private static ResponseDefinitionBuilder dated(ResponseDefinitionBuilder answer) {
    return answer.withHeader("Date", "Tue, 24 Nov 2026 03:00:00 GMT");
  }

  private static Received received(
      Instant now, @Nullable Instant verified, @Nullable Refusal refused, @Nullable LastTest test) {
    return new Received(now, STARTED, verified, refused, test);
  }

  private static Received nothing(Instant now) {
    return received(now, null, null, null);
  }

  private static LastTest test(String id) {
    return new LastTest(SERVICE.plusSeconds(1), id, SYSTEM.plusMillis(400), "H1");
  }

  private Finding check(String name) {
    ServiceWebhooks service =
        system -> {
          assertThat(system).isEqualTo("toy");
          if (unreachable != null) {
            throw new ServiceWebhooks.UnknownException(unreachable);
          }
          return answers.size() > 1 ? answers.remove() : answers.element();
        };
    List<Finding> findings =
        new SystemCheck(
                kit.catalog.connector("toy"), kit.connectors, service, timeout, new SettableClock())
            .run(
                List.of(
                    new CheckedKind(
                        "toy", "ticket", Set.of(), Map.of(), Map.of(), Map.of(), Map.of(),
                        Map.of())),
                Set.of());
    return findings.stream()
        .filter(finding -> finding.check().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(findings.toString()));
  }

  private Finding checkAfter(Received before, Received after) {
    answers.add(before);
    answers.add(after);
    return check("secret");
  }

  private List<String> tested() {
    return toy.requests().stream()
        .filter(request -> request.getMethod().value().equals("POST"))
        .map(LoggedRequest::getUrl)
        .toList();
  }

  @Test
  void passesWhenTheServiceVerifiedTheTestWebhook() {
    Finding finding =
        checkAfter(
            nothing(SERVICE),
            received(SERVICE.plusSeconds(1), SERVICE.plusSeconds(1), null, test("E1")));
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.found()).isEqualTo("the test webhook of H1 was received and verified");
    assertThat(tested()).containsExactly("/hooks/H1/test");
  }

  @Test
  void waitsForIt() {
    timeout = Duration.ofSeconds(20);
    answers.add(nothing(SERVICE));
    answers.add(nothing(SERVICE));
    answers.add(received(SERVICE.plusSeconds(1), null, null, test("E1")));
    assertThat(check("secret").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aWebhookThatNamesNoSubscriptionIsToldByItsTime() {
    LastTest unnamed = new LastTest(SERVICE.plusSeconds(1), "E1", SYSTEM, "");
    assertThat(checkAfter(nothing(SERVICE), received(SERVICE, null, null, unnamed)).status())
        .isEqualTo(Status.PASS);
  }

  /** Another one, or an older one that is delivered again or late. */
  @ParameterizedTest
  @CsvSource({
    "E0, 1, 0, H1", // known before
    "E1, -1, 0, H1", // received before
    "E1, 1, -6, H1", // sent before
    "E1, 1, 0, H2", // of another subscription
  })
  void noOtherTestWebhookPasses(String id, int received, int occurred, String sender) {
    LastTest known = new LastTest(SERVICE.minusSeconds(60), "E0", SYSTEM.minusSeconds(60), "H1");
    LastTest other =
        new LastTest(SERVICE.plusSeconds(received), id, SYSTEM.plusSeconds(occurred), sender);
    Finding finding =
        checkAfter(
            received(SERVICE, null, null, known),
            received(SERVICE.plusSeconds(2), null, null, other));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo("the test webhook of H1 did not arrive within 0 s");
    assertThat(finding.advice()).contains("firewall").endsWith("Look.");
  }

  @Test
  void anyOtherVerifiedWebhookDoesNotPassEither() {
    Instant later = SERVICE.plusSeconds(2);
    Finding finding = checkAfter(nothing(SERVICE), received(later, later, null, null));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).endsWith("while other webhooks did and were verified");
  }

  @Test
  void saysThatTheSecretDiffersWhenTheServiceRefusedIt() {
    Finding finding =
        checkAfter(
            nothing(SERVICE),
            received(
                SERVICE.plusSeconds(2),
                null,
                new Refusal(SERVICE.plusSeconds(1), "bad-signature"),
                null));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found())
        .isEqualTo(
            "the test webhook of H1 was not verified; the service refused one (bad-signature)");
    assertThat(finding.advice()).startsWith("The service has another secret").endsWith("Look.");
  }

  @Test
  void aRefusalBeforeItSaysNothingAboutIt() {
    Refusal earlier = new Refusal(SERVICE.minusSeconds(1), "bad-signature");
    Finding finding =
        checkAfter(
            received(SERVICE, null, earlier, null),
            received(SERVICE.plusSeconds(2), null, earlier, null));
    assertThat(finding.found()).contains("did not arrive");
  }

  @Test
  void asksForNoTestWebhookThatNobodyCanReceive() {
    unreachable = "no service is reachable at http://localhost:8080";
    Finding finding = check("secret");
    assertThat(finding.status()).isEqualTo(Status.WARNING);
    assertThat(finding.found())
        .isEqualTo("not tested: no service is reachable at http://localhost:8080");
    assertThat(tested()).isEmpty();
  }

  /** By the service's answer alone a repeated webhook could be taken for a new one. */
  @Test
  void asksForNoTestWebhookWhereTheSystemStatesNoTime() {
    toy.answer(any(anyUrl()), okJson("{\"tickets\":[],\"more\":false}"));
    toy.answer(get(urlPathEqualTo("/")), okJson("[]"));
    toy.answer(get(urlPathEqualTo("/hooks")), okJson("{\"hooks\":[{\"id\":\"H1\",\"on\":true}]}"));
    Finding finding = checkAfter(nothing(SERVICE), received(SERVICE, null, null, test("E1")));
    assertThat(finding.status()).isEqualTo(Status.WARNING);
    assertThat(tested()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void aRefusedRequestProvesNothing(int status) {
    toy.answer(
        post(urlPathMatching("/hooks/.*/test")),
        dated(aResponse().withStatus(status).withBody("no")));
    Finding finding = checkAfter(nothing(SERVICE), nothing(SERVICE));
    assertThat(finding.status()).isEqualTo(Status.WARNING);
    assertThat(finding.found()).startsWith("no test webhook could be requested: refused with");
  }

  @Test
  void everySubscriptionIsTestedAndTheWorstCounts() {
    hooks("{\"id\":\"H1\",\"on\":true},{\"id\":\"H2\",\"on\":true}");
    Received both = received(SERVICE.plusSeconds(1), null, null, test("E1"));
    answers.addAll(List.of(nothing(SERVICE), both, both, both));
    Finding finding = check("secret");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found())
        .isEqualTo(
            "the test webhook of H1 was received and verified; the test webhook of H2 did not"
                + " arrive within 0 s");
    assertThat(tested()).containsExactly("/hooks/H1/test", "/hooks/H2/test");
  }

  /** That of the first one may come late. */
  @Test
  void aWebhookThatNamesNoSubscriptionPassesForNoneOfTwo() {
    hooks("{\"id\":\"H1\",\"on\":true},{\"id\":\"H2\",\"on\":true}");
    Received late =
        received(
            SERVICE.plusSeconds(1),
            null,
            null,
            new LastTest(SERVICE.plusSeconds(1), "E1", SYSTEM.plusSeconds(1), ""));
    answers.addAll(List.of(nothing(SERVICE), nothing(SERVICE), nothing(SERVICE), late));
    assertThat(check("secret").found())
        .isEqualTo(
            "the test webhook of H1 did not arrive within 0 s; the test webhook of H2 did not"
                + " arrive within 0 s");
  }

  @Test
  void anIdThatCouldAddressSomethingElseIsNotUsed() {
    hooks("{\"id\":\"../users/1\",\"on\":true}");
    assertThat(checkAfter(nothing(SERVICE), nothing(SERVICE)).status()).isEqualTo(Status.WARNING);
    assertThat(tested()).isEmpty();
  }

  @Test
  void aSubscriptionThatIsOffIsNotTested() {
    hooks("{\"id\":\"H1\",\"on\":false}");
    assertThat(checkAfter(nothing(SERVICE), nothing(SERVICE)).found())
        .isEqualTo("none of the 1 listed");
    assertThat(tested()).isEmpty();
  }

  private Finding last(Received received) {
    hooks("");
    answers.add(received);
    return check("last");
  }

  @Test
  void saysWhenTheLastWebhookWasVerified() {
    Finding finding =
        last(
            received(
                SERVICE,
                SERVICE.minusSeconds(180),
                new Refusal(SERVICE.minusSeconds(181), "bad-signature"),
                null));
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.found()).isEqualTo("last verified webhook 3 min ago");
  }

  @Test
  void oneThatWasVerifiedBeforeTheStartMayHaveHadAnotherSecret() {
    assertThat(last(received(SERVICE, STARTED.minusSeconds(1), null, null)))
        .extracting(Finding::status, Finding::found)
        .containsExactly(
            Status.WARNING,
            "none was verified since the service started 3 h ago, the last before that 3 h ago");
  }

  @Test
  void noneVerifiedIsNotProven() {
    assertThat(
            last(received(SERVICE, null, new Refusal(SERVICE.minusSeconds(5), "no-secret"), null)))
        .extracting(Finding::status, Finding::found)
        .containsExactly(
            Status.WARNING,
            "none was verified since the service started 3 h ago; one was refused 5 s ago"
                + " (no-secret)");
  }

  @Test
  void aRefusalSinceTheLastVerifiedOneIsAWarning() {
    assertThat(
            last(
                received(
                    SERVICE,
                    SERVICE.minusSeconds(60),
                    new Refusal(SERVICE.minusSeconds(5), "bad-signature"),
                    null)))
        .extracting(Finding::status, Finding::found)
        .containsExactly(
            Status.WARNING,
            "last verified webhook 60 s ago; one was refused 5 s ago (bad-signature) since");
  }

  @Test
  void withoutAServiceTheLastWebhookIsUnknown() {
    hooks("");
    unreachable = "no service is reachable";
    assertThat(check("last").status()).isEqualTo(Status.WARNING);
  }
}
