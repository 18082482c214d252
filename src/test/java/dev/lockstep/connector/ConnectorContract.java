package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every system's folder must make of answers: the right exception, and never a second request,
 * for a repeated call is one nobody counted and a repeated create is a duplicate.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConnectorContract {
  static final String CORRELATION = "far/incident/42";

  final FakeSystem system = new FakeSystem();
  final SettableClock clock = new SettableClock();
  final ConnectorKit kit =
      new ConnectorKit(
          List.of(Path.of("connectors")),
          ConnectorKit.settings(system.port()),
          clock,
          Set.of("assigned_to", "assigned_to.email"));

  /** The record all calls are about. */
  abstract RecordRef ref();

  /** Another record of that kind. */
  final RecordRef primary() {
    return new RecordRef(ref().system(), ref().kind(), "primary");
  }

  /** One of the system's references. */
  String reference() {
    return "user";
  }

  /** An error body as the system writes it. */
  abstract String errorBody(String message);

  /** The body of a create. */
  String record() {
    return "{\"x\":\"1\"}";
  }

  /** The body of an update. */
  String change() {
    return "{\"x\":\"1\"}";
  }

  /** The answer about a record that does not exist. */
  ResponseDefinitionBuilder missing() {
    return refusal(404);
  }

  @BeforeEach
  void forget() {
    system.reset();
    kit.renew();
  }

  @AfterAll
  void close() {
    kit.close();
    system.close();
  }

  Connectors connectors() {
    return kit.connectors;
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private Map<String, Consumer<Connectors>> operations() {
    RecordRef ref = ref();
    Map<String, Consumer<Connectors>> operations = new HashMap<>();
    operations.put("fetch", c -> c.fetch(ref));
    operations.put(
        "create", c -> c.create(ref.system(), ref.kind(), json(record()), CORRELATION, "#42"));
    operations.put("update", c -> c.update(ref, json(change())));
    operations.put("find", c -> c.findByCorrelation(ref.system(), ref.kind(), CORRELATION));
    for (Visibility visibility : Visibility.values()) {
      if (connectors().takesNotes(ref, visibility)) {
        operations.put(note(visibility), c -> c.addNote(ref, "hello", visibility));
      }
    }
    operations.put("notes", c -> c.notes(ref));
    operations.put(
        "changes",
        c ->
            c.feeds(ref.system(), ref.kind())
                .forEach(
                    feed ->
                        c.listChanged(
                            ref.system(), ref.kind(), feed, Instant.EPOCH, Optional.empty())));
    operations.put("lookup", c -> c.idOf(ref.system(), reference(), "a@example.com"));
    if (connectors().consolidates(ref.system(), ref.kind())) {
      operations.put("consolidate", c -> c.consolidate(ref, primary()));
    }
    if (connectors().separates(ref.system(), ref.kind())) {
      operations.put("separate", c -> c.separate(ref, ""));
    }
    return operations;
  }

  private static String note(Visibility visibility) {
    return visibility.name().toLowerCase(Locale.ROOT) + " note";
  }

  Stream<String> everyOperation() {
    return operations().keySet().stream().sorted();
  }

  private void run(String operation) {
    Objects.requireNonNull(operations().get(operation)).accept(connectors());
  }

  final ResponseDefinitionBuilder refusal(int status) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/json")
        .withBody(errorBody("no"));
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void asksToWaitAsLongAsTheSystemSays(String operation) {
    system.answerAll(refusal(429).withHeader("Retry-After", "7"));

    RetryLaterException thrown =
        catchThrowableOfType(RetryLaterException.class, () -> run(operation));

    assertThat(thrown.delay()).isEqualTo(Duration.ofSeconds(7));
    system.onlyRequest();
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void tellsServerErrorsAsUnavailable(String operation) {
    system.answerAll(
        aResponse()
            .withStatus(503)
            .withHeader("Content-Type", "text/html")
            .withHeader("Retry-After", "1")
            .withBody("<html>maintenance</html>"));
    assertThatThrownBy(() -> run(operation)).isInstanceOf(SystemUnavailableException.class);
    system.onlyRequest();
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void tellsAnInternalErrorAsUnavailable(String operation) {
    system.answerAll(refusal(500));
    assertThatThrownBy(() -> run(operation)).isInstanceOf(SystemUnavailableException.class);
    system.onlyRequest();
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void tellsABrokenConnectionAsUnavailable(String operation) {
    system.answerAll(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    assertThatThrownBy(() -> run(operation)).isInstanceOf(SystemUnavailableException.class);
    system.onlyRequest();
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void tellsAnEmptyAnswerAsUnavailable(String operation) {
    system.answerAll(aResponse().withFault(Fault.EMPTY_RESPONSE));
    assertThatThrownBy(() -> run(operation)).isInstanceOf(SystemUnavailableException.class);
    system.onlyRequest();
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void takesAPageForPeopleAsUnavailable(String operation) {
    system.answerAll(
        aResponse()
            .withStatus(200)
            .withHeader("Content-Type", "text/html")
            .withBody("<html>Your instance is hibernating</html>"));
    assertThatThrownBy(() -> run(operation)).isInstanceOf(SystemUnavailableException.class);
    system.onlyRequest();
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void waitsRatherThanDeadLettersWhenCredentialsAreRefused(String operation) {
    system.answerAll(refusal(401));
    assertThatThrownBy(() -> run(operation)).isInstanceOf(RetryLaterException.class);
    system.onlyRequest();
    assertThat(kit.connectors.health())
        .filteredOn(health -> health.system().equals(ref().system()))
        .allSatisfy(
            health -> {
              assertThat(health.up()).isFalse();
              assertThat(health.trouble())
                  .contains(ref().system().toUpperCase(Locale.ROOT).replace('-', '_'));
            });
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void rejectsWhatIsForbiddenForGood(String operation) {
    system.answerAll(refusal(403));

    RequestRejectedException thrown =
        catchThrowableOfType(RequestRejectedException.class, () -> run(operation));

    assertThat(thrown.status()).isEqualTo(403);
    assertThat(thrown.advice()).isNotEmpty();
    assertThat(thrown.answer()).contains("no");
    assertThat(thrown.request())
        .contains(ref().system())
        .doesNotContain("secret-token", "pass {{word}}");
    system.onlyRequest();
  }

  @ParameterizedTest
  @MethodSource("everyOperation")
  void rejectsABadRequestForGood(String operation) {
    system.answerAll(refusal(400));
    assertThatThrownBy(() -> run(operation)).isInstanceOf(RequestRejectedException.class);
    system.onlyRequest();
  }

  @Test
  void tellsATimeoutAsUnavailable() {
    system.answerAll(okJson("{}").withFixedDelay(3500));
    for (String operation : Set.of("fetch", "create", "update")) {
      system.reset();
      system.answerAll(okJson("{}").withFixedDelay(3500));
      assertThatThrownBy(() -> run(operation))
          .as(operation)
          .isInstanceOf(SystemUnavailableException.class);
    }
  }

  @Test
  void tellsAMissingRecordAsGone() {
    system.answerAll(missing());
    Set<String> aboutIt = new TreeSet<>(Set.of("fetch", "update", "notes"));
    Stream.of(Visibility.values())
        .filter(visibility -> connectors().takesNotes(ref(), visibility))
        .forEach(visibility -> aboutIt.add(note(visibility)));
    if (connectors().consolidates(ref().system(), ref().kind())) {
      aboutIt.add("consolidate");
    }
    for (String operation : aboutIt) {
      assertThatThrownBy(() -> run(operation))
          .as(operation)
          .isInstanceOf(RecordNotFoundException.class);
    }
    assertThatThrownBy(() -> run("create")).isInstanceOf(RequestRejectedException.class);
    assertThat(connectors().idOf(ref().system(), reference(), "a@example.com")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {402, 403})
  void namesThePermissionThatARefusedLookUpNeedsAndAsksAgainAfterAMinute(int status) {
    system.answerAll(refusal(status));

    for (int i = 0; i < 3; i++) {
      RequestRejectedException refused =
          catchThrowableOfType(RequestRejectedException.class, () -> run("lookup"));
      assertThat(refused.advice()).contains("Lockstep's account needs");
      assertThat(refused.request()).contains("find-" + reference()).contains("a@example.com");
      assertThat(refused.request()).doesNotContain("until", "offset");
    }

    system.onlyRequest();
    clock.advance(Duration.ofMinutes(2));
    assertThatThrownBy(() -> run("lookup")).isInstanceOf(RequestRejectedException.class);
    assertThat(system.requests()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "\"text\"", "{}"})
  void takesAnAnswerWithoutItsListForNoAnswerToALookUp(String body) {
    Assumptions.assumeFalse(body.equals("{}") && listsAtTheRoot());
    system.answerAll(aResponse().withStatus(200).withBody(body));
    assertThatThrownBy(() -> run("lookup"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> assertThat(e.answer()).contains("without what was asked for"));
  }

  /** An object is then a list of one. */
  boolean listsAtTheRoot() {
    return false;
  }

  /** The credentials are right, as other calls show: only this endpoint is closed to them. */
  @Test
  void takesALookUpThatAloneDoesNotAcceptTheCredentialsForARefusal() {
    system.answerAll(refusal(401));
    assertThatThrownBy(() -> run("lookup")).isInstanceOf(RetryLaterException.class);
    clock.advance(Duration.ofMinutes(2));
    system.answerAll(okJson("{}"));
    catchThrowable(() -> run("fetch"));
    system.answerAll(refusal(401));

    assertThatThrownBy(() -> run("lookup")).isInstanceOf(RequestRejectedException.class);

    assertThatThrownBy(() -> run("fetch")).isInstanceOf(RetryLaterException.class);
    clock.advance(Duration.ofMinutes(2));
    assertThatThrownBy(() -> run("lookup")).isInstanceOf(RetryLaterException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../problem/9d38",
        "..",
        ".",
        "%2e%2e",
        "a/b",
        "a\\b",
        "x;x=1",
        "x?y=1",
        "x#y",
        "a b",
        "a\nb",
        "x&y",
        "'",
        "{id}",
        "${x}",
        "é"
      })
  void sendsNoRequestForWhatIsNoId(String id) {
    RecordRef ref = new RecordRef(ref().system(), ref().kind(), id);
    assertThatThrownBy(() -> connectors().fetch(ref)).isInstanceOf(RecordNotFoundException.class);
    List<ThrowableAssert.ThrowingCallable> calls = new ArrayList<>();
    calls.add(() -> connectors().update(ref, json(change())));
    calls.add(() -> connectors().notes(ref));
    if (connectors().takesNotes(ref, Visibility.INTERNAL)) {
      calls.add(() -> connectors().addNote(ref, "hello", Visibility.INTERNAL));
    }
    for (ThrowableAssert.ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              RequestRejectedException.class,
              e -> assertThat(e.answer()).contains("is no id of a"));
    }
    assertThatThrownBy(() -> kit.records.ref(ref.system(), ref.kind(), id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no id of a " + ref.system() + " " + ref.kind());
    assertThat(system.requests()).isEmpty();
  }

  @Test
  void consolidatesNothingAcrossSystemsOrKinds() {
    for (RecordRef other :
        List.of(
            new RecordRef("elsewhere", ref().kind(), "primary"),
            new RecordRef(ref().system(), "problem", "primary"))) {
      assertThatThrownBy(() -> connectors().consolidate(ref(), other))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(system.requests()).isEmpty();
  }

  @Test
  void makesNoCallWhileToldToWait() {
    system.answerAll(refusal(429).withHeader("Retry-After", "7"));
    assertThatThrownBy(() -> run("fetch")).isInstanceOf(RetryLaterException.class);
    clock.advance(Duration.ofSeconds(2));

    RetryLaterException second =
        catchThrowableOfType(RetryLaterException.class, () -> run("update"));

    assertThat(second.delay()).isEqualTo(Duration.ofSeconds(5));
    system.onlyRequest();
    clock.advance(Duration.ofSeconds(5));
    assertThatThrownBy(() -> run("update")).isInstanceOf(RetryLaterException.class);
    assertThat(system.requests()).hasSize(2);
  }

  @Test
  void stopsCallingASystemThatKeepsFailing() {
    system.answerAll(refusal(500));
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> run("fetch")).isInstanceOf(SystemUnavailableException.class);
    }
    RetryLaterException refused =
        catchThrowableOfType(RetryLaterException.class, () -> run("fetch"));

    assertThat(refused.delay()).isEqualTo(Duration.ofSeconds(10));
    assertThat(system.requests()).hasSize(10);

    clock.advance(Duration.ofSeconds(11));
    assertThatThrownBy(() -> run("fetch")).isInstanceOf(SystemUnavailableException.class);
    assertThat(system.requests()).hasSize(11);
  }

  @Test
  void countsCallsByOutcome() {
    system.answerAll(refusal(403));
    long before = count("create", "write", "rejected");
    assertThatThrownBy(() -> run("create")).isInstanceOf(RequestRejectedException.class);
    assertThat(count("create", "write", "rejected")).isEqualTo(before + 1);
  }

  private long count(String operation, String access, String outcome) {
    var timer =
        kit.metrics
            .find("lockstep.calls")
            .tags("system", ref().system(), "operation", operation, "access", access)
            .tag("outcome", outcome)
            .timer();
    return timer == null ? 0 : timer.count();
  }
}
