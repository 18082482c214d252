package dev.lockstep.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.RecordReader;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.inbox.WebhookReceipts.Kind;
import dev.lockstep.inbox.WebhookReceipts.Receipt;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutyPerson;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The real route file and the real connectors' files, over real HTTP; only the inbox is a fake. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.location=optional:classpath:/none/",
      "spring.security.filter.dispatcher-types=request",
      "camel.main.routes-include-pattern=file:routes/intake-webhook.yaml,file:routes/errors.yaml",
      "PAGERDUTY_WEBHOOK_SECRETS=a-secret-being-replaced, " + Signed.PAGERDUTY_SECRET,
      "SERVICENOW_WEBHOOK_SECRET=" + Signed.SERVICENOW_SECRET,
      "lockstep.connectors=connectors,src/test/resources/intake/connectors"
    })
class WebhookRouteTest {
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
  private static final int MIB = 1024 * 1024;
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final String RESOLVED =
      """
      {"event":{"id":"01EVENT","event_type":"incident.resolved",
      "occurred_at":"2026-11-24T02:59:58.123Z","agent":null,
      "data":{"id":"PINC","number":42,"title":"Störung ☎","assignees":[]}}}\
      """;

  @SpringBootConfiguration
  @EnableAutoConfiguration(
      exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
  @ComponentScan
  static class App {
    @Bean
    Spans spans() {
      return new Spans(Optional.empty());
    }

    @Bean
    FakeInbox inbox() {
      return new FakeInbox();
    }

    @Bean
    FakeActionItems actionItems() {
      return new FakeActionItems();
    }

    @Bean
    RecordReader recordReader() {
      return new FakeRecordReader();
    }

    @Bean
    Clock clock() {
      return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    @Bean
    WebhookReceipts receipts() {
      return new WebhookReceipts(JdbcClient.create(DATABASE));
    }

    @Bean
    MeterRegistry meterRegistry() {
      return new SimpleMeterRegistry();
    }
  }

  @LocalServerPort int port;
  @Autowired FakeInbox inbox;
  @Autowired FakeActionItems actionItems;
  @Autowired MeterRegistry meters;
  @Autowired CamelContext camel;
  @Autowired WebhookReceipts receipts;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void empty() {
    inbox.reset();
    actionItems.reset();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpRequest.Builder pagerduty(byte[] body) {
    return to("/webhooks/pagerduty")
        .header("Content-Type", "application/json")
        .header("X-PagerDuty-Signature", Signed.with(Signed.PAGERDUTY_SECRET, body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request, BodyPublisher body) {
    return http.sendAsync(request.POST(body).build(), BodyHandlers.ofString()).join();
  }

  private HttpResponse<String> sendSigned(byte[] body) {
    return send(pagerduty(body), BodyPublishers.ofByteArray(body));
  }

  private double counted(String system, WebhookOutcome outcome) {
    return meters
        .counter("lockstep.webhooks", "system", system, "outcome", outcome.label())
        .count();
  }

  private static void assertProblem(HttpResponse<String> answer, WebhookOutcome outcome) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(outcome.status());
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    try {
      JsonNode problem = new ObjectMapper().readTree(answer.body());
      assertThat(problem.path("status").asInt()).isEqualTo(outcome.status());
      assertThat(problem.path("title").asText()).isNotBlank();
    } catch (JsonProcessingException e) {
      throw new AssertionError(answer.body(), e);
    }
    assertThat(answer.body()).hasSizeLessThan(400).doesNotContain("Exception", "\tat ");
  }

  /** The port is open before the route is, and after it: a 404 would switch a subscription off. */
  @Test
  void asksForAnotherTryWhileTheRouteIsNotThere() throws Exception {
    camel.getRouteController().stopRoute("intake-webhook");
    try {
      HttpResponse<String> answer = sendSigned(RESOLVED.getBytes(StandardCharsets.UTF_8));
      assertProblem(answer, WebhookOutcome.UNAVAILABLE);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    } finally {
      camel.getRouteController().startRoute("intake-webhook");
    }
    assertThat(sendSigned(RESOLVED.getBytes(StandardCharsets.UTF_8)).statusCode()).isEqualTo(202);
  }

  @Test
  void aRightlySignedWebhookIsInTheInboxWhenItIsAnswered() {
    HttpResponse<String> answer = sendSigned(RESOLVED.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
    assertThat(inbox.events)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.record()).hasToString("pagerduty/incident/PINC");
              assertThat(event.receivedAt()).isEqualTo(NOW);
              assertThat(Objects.requireNonNull(event.state()).json().path("title").asText())
                  .isEqualTo("Störung ☎");
            });
  }

  @Test
  void theAnswerComesOnlyAfterTheInboxHasIt() {
    CountDownLatch gate = new CountDownLatch(1);
    inbox.gate = gate;
    byte[] body = RESOLVED.getBytes(UTF_8);
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            pagerduty(body).POST(BodyPublishers.ofByteArray(body)).build(),
            BodyHandlers.ofString());
    try {
      await().until(() -> inbox.entered.get() == 1);
      await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(5))
          .until(() -> !answer.isDone());
    } finally {
      gate.countDown();
    }
    assertThat(answer.join().statusCode()).isEqualTo(202);
    assertThat(inbox.events).hasSize(1);
  }

  @Test
  void serviceNowIsTakenInByTheSameRoute() {
    byte[] body =
        """
        {"delivery":"d1","event":"incident.updated","table":"incident",
        "record":{"sys_id":"9d38","sys_mod_count":"3"},"notes":[]}\
        """
            .getBytes(UTF_8);
    HttpRequest.Builder request =
        to("/webhooks/servicenow")
            .header("x-lockstep-signature", Signed.with(Signed.SERVICENOW_SECRET, body));
    assertThat(send(request, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
    assertThat(inbox.events).extracting(e -> e.record().id()).containsExactly("9d38");
  }

  @Test
  void oneSystemsSecretOpensNoOthersDoor() {
    byte[] body = RESOLVED.getBytes(UTF_8);
    HttpRequest.Builder request =
        to("/webhooks/pagerduty?system=servicenow")
            .header("X-PagerDuty-Signature", Signed.with(Signed.SERVICENOW_SECRET, body))
            .header("X-Lockstep-Signature", Signed.with(Signed.SERVICENOW_SECRET, body))
            .header("system", "servicenow");
    assertProblem(send(request, BodyPublishers.ofByteArray(body)), WebhookOutcome.BAD_SIGNATURE);
    assertThat(inbox.entered).hasValue(0);
  }

  @Test
  void signaturesMayBeSeveralInOneHeaderOrInSeveral() {
    byte[] body = RESOLVED.getBytes(UTF_8);
    String right = Signed.with(Signed.PAGERDUTY_SECRET, body);
    String wrong = Signed.with("another", body);
    HttpRequest.Builder oneHeader =
        to("/webhooks/pagerduty").header("X-PagerDuty-Signature", wrong + "," + right);
    HttpRequest.Builder twoHeaders =
        to("/webhooks/pagerduty")
            .header("X-PagerDuty-Signature", wrong)
            .header("X-PagerDuty-Signature", right);
    assertThat(send(oneHeader, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
    assertThat(send(twoHeaders, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1=", "garbage", "[a, b]", "v1=00,v1=11"})
  void unsignedOrWronglySignedIsRefused(String signature) {
    double before = counted("pagerduty", WebhookOutcome.BAD_SIGNATURE);
    HttpRequest.Builder request = to("/webhooks/pagerduty");
    if (!signature.isEmpty()) {
      request.header("X-PagerDuty-Signature", signature);
    }
    HttpResponse<String> answer = send(request, BodyPublishers.ofString(RESOLVED));

    assertProblem(answer, WebhookOutcome.BAD_SIGNATURE);
    assertThat(counted("pagerduty", WebhookOutcome.BAD_SIGNATURE)).isEqualTo(before + 1);
    assertThat(inbox.entered).hasValue(0);
  }

  @Test
  void aSystemWithoutASecretRefusesEverything() {
    byte[] body = RESOLVED.getBytes(UTF_8);
    HttpRequest.Builder request =
        to("/webhooks/toy").header("X-Toy-Signature", Signed.with("${TOY_SECRET}", body));
    HttpResponse<String> answer = send(request, BodyPublishers.ofByteArray(body));
    assertProblem(answer, WebhookOutcome.NO_SECRET);
    assertThat(answer.body()).contains("TOY_SECRET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/nobody",
        "/webhooks/",
        "/webhooks/pagerduty/",
        "/webhooks/pagerduty/x",
        "/webhooks/PagerDuty",
        "/webhooks/schema.json"
      })
  void otherNamesAreNotFound(String path) {
    double before = counted("unknown", WebhookOutcome.UNKNOWN_SYSTEM);
    assertProblem(send(to(path), BodyPublishers.ofString("x")), WebhookOutcome.UNKNOWN_SYSTEM);
    assertThat(counted("unknown", WebhookOutcome.UNKNOWN_SYSTEM)).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void onlyPostIsUnderstood(String method) {
    HttpRequest request =
        to("/webhooks/pagerduty").method(method, BodyPublishers.ofString("x")).build();
    HttpResponse<String> answer = http.sendAsync(request, BodyHandlers.ofString()).join();
    assertProblem(answer, WebhookOutcome.WRONG_METHOD);
    assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{\"event\":{\"event_type\":\"incident.resolved\"}}",
        "{\"event\":{\"event_type\":\"incident.resolved\",\"event_type\":\"pagey.ping\"}}",
        "event=x&y=z",
        "{\"event\":\"\u0000\"}"
      })
  void whatIsRightlySignedIsNeverRefused(String body) {
    HttpResponse<String> answer = sendSigned(body.getBytes(UTF_8));
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(inbox.aside).hasSize(1);
    assertThat(inbox.aside.get(0).body()).isEqualTo(body.replace('\u0000', '\uFFFD'));
    assertThat(inbox.events).isEmpty();
  }

  @Test
  void nestingThatWouldOverflowTheStackIsPutAside() {
    byte[] body = ("{\"event\":" + "[".repeat(300_000)).getBytes(UTF_8);
    assertThat(sendSigned(body).statusCode()).isEqualTo(202);
    assertThat(inbox.aside).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"pagey.ping,IGNORED", "incident.unsupported,UNKNOWN_EVENT"})
  void whatSaysNothingIsCountedAndForgotten(String type, WebhookOutcome outcome) {
    double before = counted("pagerduty", outcome);
    String body = "{\"event\":{\"id\":\"1\",\"event_type\":\"" + type + "\",\"data\":{}}}";
    assertThat(sendSigned(body.getBytes(UTF_8)).statusCode()).isEqualTo(202);
    assertThat(counted("pagerduty", outcome)).isEqualTo(before + 1);
    assertThat(inbox.entered).hasValue(0);
  }

  private static byte[] ping(String id) {
    return """
    {"event":{"id":"%s","event_type":"pagey.ping","resource_type":"pagey",
    "occurred_at":"2026-11-24T02:59:59.250Z","agent":null,"client":null,
    "data":{"message":"Hello","type":"ping"}}}\
    """
        .formatted(id)
        .getBytes(UTF_8);
  }

  private Optional<Receipt> receipt(Kind kind) {
    return WebhookReceipts.find(receipts.all(), "pagerduty", kind);
  }

  private Receipt awaitTest(String id) {
    await().until(() -> receipt(Kind.TEST).map(Receipt::detail).equals(Optional.of(id)));
    return receipt(Kind.TEST).orElseThrow();
  }

  @Test
  void aTestWebhookIsRecordedAndCausesNoWork() {
    double before = counted("pagerduty", WebhookOutcome.IGNORED);
    byte[] body = ping("01PING1");
    HttpRequest.Builder request = pagerduty(body).header("X-Webhook-Subscription", "PSUB1");
    assertThat(send(request, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);

    assertThat(awaitTest("01PING1"))
        .isEqualTo(
            new Receipt(
                "pagerduty",
                Kind.TEST,
                NOW,
                "01PING1",
                Instant.parse("2026-11-24T02:59:59.250Z"),
                "PSUB1"));
    assertThat(receipt(Kind.VERIFIED)).map(Receipt::at).contains(NOW);
    assertThat(counted("pagerduty", WebhookOutcome.IGNORED)).isEqualTo(before + 1);
    assertThat(inbox.entered).hasValue(0);
    assertThat(inbox.aside).isEmpty();
  }

  /** It proves nothing, and an operator can do nothing about it. */
  @ParameterizedTest
  @ValueSource(strings = {"occurred_at\":\"x", "occurred_at\":null,\"x\":\"", "id\":null,\"x\":\""})
  void aTestWebhookThatDoesNotSayWhichOneItIsCausesNoDeadLetter(String broken) {
    String key = broken.substring(0, broken.indexOf('"'));
    String text = new String(ping("01PING2"), UTF_8);
    byte[] body = text.replaceFirst("\"" + key + "\":\"[^\"]*", "\"" + broken).getBytes(UTF_8);
    assertThat(sendSigned(body).statusCode()).isEqualTo(202);
    byte[] next = ping("01AFTER");
    sendSigned(next);
    assertThat(awaitTest("01AFTER").sender()).isEmpty();
    assertThat(inbox.aside).isEmpty();
    assertThat(inbox.entered).hasValue(0);
  }

  @Test
  void aHeaderThatNamesNoSubscriptionIsNotStored() {
    byte[] body = ping("01PING3");
    send(
        pagerduty(body).header("X-Webhook-Subscription", "P SUB; drop"),
        BodyPublishers.ofByteArray(body));
    assertThat(awaitTest("01PING3").sender()).isEmpty();
  }

  @Test
  void aForgedTestWebhookIsRefusedAndRecordedAsThat() {
    byte[] body = ping("01FORGED");
    HttpRequest.Builder forged =
        to("/webhooks/pagerduty").header("X-PagerDuty-Signature", Signed.with("another", body));
    assertThat(send(forged, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(401);
    await()
        .until(
            () -> receipt(Kind.REFUSED).map(Receipt::detail).equals(Optional.of("bad-signature")));
    assertThat(receipt(Kind.TEST).map(Receipt::detail)).isNotEqualTo(Optional.of("01FORGED"));

    send(to("/webhooks/pagerduty"), BodyPublishers.ofByteArray(new byte[2 * MIB]));
    await()
        .until(() -> receipt(Kind.REFUSED).map(Receipt::detail).equals(Optional.of("too-large")));
    send(to("/webhooks/nobody"), BodyPublishers.ofByteArray(body));
    assertThat(receipts.all()).allMatch(receipt -> !receipt.system().equals("nobody"));
  }

  /** Each of these is taken apart by the container, Spring or Camel when left to them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain; charset=ISO-8859-1",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/json; charset=nonsense"
      })
  void theContentTypeDoesNotMatter(String contentType) {
    byte[] body = RESOLVED.getBytes(UTF_8);
    HttpRequest.Builder request = pagerduty(body).setHeader("Content-Type", contentType);
    assertThat(send(request, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
    assertThat(inbox.events)
        .singleElement()
        .satisfies(
            event ->
                assertThat(Objects.requireNonNull(event.state()).json().path("title").asText())
                    .isEqualTo("Störung ☎"));
  }

  /** A small body may unpack to gigabytes: it must not be, before its signature was checked. */
  @Test
  void nothingIsUnpacked() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(RESOLVED.getBytes(UTF_8));
    }
    byte[] body = packed.toByteArray();
    HttpRequest.Builder signed = pagerduty(body).header("Content-Encoding", "gzip");
    assertThat(send(signed, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
    assertThat(inbox.events).isEmpty();
    assertThat(inbox.aside).hasSize(1);
  }

  @Test
  void aBodyOfExactlyOneMebibyteIsTaken() {
    byte[] body = spaces(MIB);
    assertThat(sendSigned(body).statusCode()).isEqualTo(202);
    assertThat(send(pagerduty(body), chunked(body)).statusCode()).isEqualTo(202);
    assertThat(inbox.aside).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {MIB + 1, MIB + 100_000})
  void aLargerOneIsRefusedHoweverItIsSent(int size) {
    double before = counted("pagerduty", WebhookOutcome.TOO_LARGE);
    byte[] body = spaces(size);
    assertProblem(sendSigned(body), WebhookOutcome.TOO_LARGE);
    assertProblem(send(pagerduty(body), chunked(body)), WebhookOutcome.TOO_LARGE);
    assertThat(counted("pagerduty", WebhookOutcome.TOO_LARGE)).isEqualTo(before + 2);
    assertThat(inbox.entered).hasValue(0);
  }

  /** More senders than the server has threads, none of which ever sends a whole body. */
  @Test
  void slowBodiesHoldNoThreadAndAreGivenUp() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 250; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        slow.add(socket);
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write(
                ("POST /webhooks/pagerduty HTTP/1.1\r\nHost: localhost\r\n"
                        + "X-PagerDuty-Signature: v1="
                        + "0".repeat(64)
                        + "\r\nContent-Length: 1000\r\n\r\n{")
                    .getBytes(UTF_8));
      }
      assertThat(sendSigned(RESOLVED.getBytes(UTF_8)).statusCode()).isEqualTo(202);
      for (Socket socket : slow) {
        byte[] start = socket.getInputStream().readNBytes(12);
        assertThat(new String(start, UTF_8)).isEqualTo("HTTP/1.1 503");
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void aSignatureMayStandInTheSecondOfTwoHeaders() {
    byte[] body = RESOLVED.getBytes(UTF_8);
    HttpRequest.Builder request =
        to("/webhooks/pagerduty")
            .header("X-PagerDuty-Signature", "v1=none")
            .header("X-PagerDuty-Signature", Signed.with(Signed.PAGERDUTY_SECRET, body));
    assertThat(send(request, BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(202);
  }

  @Test
  void aBodyWithoutAnythingLikeASignatureIsNotReadAtAll() throws IOException {
    for (String header : List.of("", "X-PagerDuty-Signature: v1=none\r\n")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(
                ("POST /webhooks/pagerduty HTTP/1.1\r\nHost: localhost\r\n"
                        + header
                        + "Content-Length: 1000\r\n\r\n")
                    .getBytes(UTF_8));
        byte[] start = socket.getInputStream().readNBytes(12);
        assertThat(new String(start, UTF_8)).isEqualTo("HTTP/1.1 401");
      }
    }
  }

  /** Announces 1 GiB and sends nothing of it: the answer must not wait for the rest. */
  @Test
  void aHugeBodyIsRefusedBeforeItIsRead() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("POST /webhooks/pagerduty HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                      + 1024L * MIB
                      + "\r\n\r\n")
                  .getBytes(UTF_8));
      byte[] start = socket.getInputStream().readNBytes(12);
      assertThat(new String(start, UTF_8)).isEqualTo("HTTP/1.1 413");
    }
  }

  /** The container itself answers 400 to what is no HTTP; all we can do is to keep quiet. */
  @Test
  void aBodyThatDoesNotArriveReachesNobody() throws IOException {
    double before = counted("pagerduty", WebhookOutcome.INCOMPLETE);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("POST /webhooks/pagerduty HTTP/1.1\r\nHost: localhost\r\n"
                      + "X-PagerDuty-Signature: v1="
                      + "0".repeat(64)
                      + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX\r\n")
                  .getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 ").doesNotContain("Exception", "\tat ");
    }
    assertThat(counted("pagerduty", WebhookOutcome.INCOMPLETE)).isEqualTo(before + 1);
    assertThat(inbox.entered).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {RESOLVED, "not json"})
  void nothingIsAcknowledgedWhileTheInboxIsAway(String body) {
    double before = counted("pagerduty", WebhookOutcome.UNAVAILABLE);
    inbox.away = true;
    HttpResponse<String> answer = sendSigned(body.getBytes(UTF_8));
    assertProblem(answer, WebhookOutcome.UNAVAILABLE);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(answer.body()).doesNotContain("secret-db");
    assertThat(counted("pagerduty", WebhookOutcome.UNAVAILABLE)).isEqualTo(before + 1);

    inbox.away = false;
    assertThat(sendSigned(body.getBytes(UTF_8)).statusCode()).isEqualTo(202);
  }

  static Stream<RuntimeException> refusedData() {
    return Stream.of(
        new DataIntegrityViolationException(
            "insert", new SQLException("invalid byte sequence\nfor encoding UTF8: 0x00", "22021")),
        new BadSqlGrammarException("keep", "insert", new SQLException("no such column", "42703")),
        // Spring puts it among lost connections.
        new DataAccessResourceFailureException(
            "insert", new SQLException("index row size 3000 exceeds maximum", "54000")),
        new IllegalStateException("a programming error"));
  }

  /** Sent again, it would be refused again: its sender must not repeat it for ever. */
  @ParameterizedTest
  @MethodSource("refusedData")
  void whatTheDatabaseRefusesForItsContentIsADeadLetter(RuntimeException refusal) {
    double before = counted("pagerduty", WebhookOutcome.DEAD_LETTER);
    inbox.refuses = refusal;

    assertThat(sendSigned(RESOLVED.getBytes(UTF_8)).statusCode()).isEqualTo(202);

    assertThat(counted("pagerduty", WebhookOutcome.DEAD_LETTER)).isEqualTo(before + 1);
    assertThat(inbox.events).isEmpty();
    Throwable cause = refusal.getCause() == null ? refusal : refusal.getCause();
    assertThat(inbox.aside)
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.body()).isEqualTo(RESOLVED);
              assertThat(kept.deliveryId()).isEqualTo("01EVENT");
              assertThat(kept.problem())
                  .startsWith("storing it failed: ")
                  .contains(String.valueOf(cause.getMessage()).replace('\n', ' '))
                  .doesNotContain("\n");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "40001", "40P01", "53100", "57P01", "25006"})
  void aDatabaseThatIsAwayBusyOrFullIsNoFaultOfTheDelivery(String state) {
    inbox.refuses = new UncategorizedSQLException("keep", "insert", new SQLException("no", state));

    assertProblem(sendSigned(RESOLVED.getBytes(UTF_8)), WebhookOutcome.UNAVAILABLE);

    assertThat(inbox.aside).isEmpty();
  }

  @Test
  void anActionItemTheDatabaseRefusesIsADeadLetterToo() {
    actionItems.refuses = true;

    assertThat(sendSigned(TASK.getBytes(UTF_8)).statusCode()).isEqualTo(202);

    assertThat(inbox.aside)
        .singleElement()
        .satisfies(kept -> assertThat(kept.problem()).contains("value too long"));
  }

  private static final String TASK =
      """
      {"event":{"id":"01TASK","event_type":"incident.task.created",
      "occurred_at":"2026-11-24T02:59:58.123Z","data":{"id":"PTASK","name":"Add disk",
      "status":"todo","assignees":[],"incident":{"id":"PNOBODYKNOWS"}}}}\
      """;

  @Test
  void anActionItemIsKeptWhenItIsAnsweredWhateverItsIncident() {
    double before = counted("pagerduty", WebhookOutcome.ACCEPTED);
    assertThat(sendSigned(TASK.getBytes(UTF_8)).statusCode()).isEqualTo(202);
    assertThat(actionItems.items)
        .extracting(item -> item.incident().toString())
        .containsExactly("pagerduty/incident/PNOBODYKNOWS");
    assertThat(inbox.entered).hasValue(0);
    assertThat(counted("pagerduty", WebhookOutcome.ACCEPTED)).isEqualTo(before + 1);
  }

  @Test
  void anActionItemNobodyCouldKeepIsAskedForAgain() {
    actionItems.away = true;
    HttpResponse<String> answer = sendSigned(TASK.getBytes(UTF_8));
    assertProblem(answer, WebhookOutcome.UNAVAILABLE);
    assertThat(answer.body()).doesNotContain("secret-db");

    actionItems.away = false;
    assertThat(sendSigned(TASK.getBytes(UTF_8)).statusCode()).isEqualTo(202);
    assertThat(actionItems.items).hasSize(1);
  }

  @Test
  void aForgedOrIncompleteActionItemIsToldToNobody() {
    byte[] body = TASK.getBytes(UTF_8);
    HttpRequest.Builder forged =
        to("/webhooks/pagerduty").header("X-PagerDuty-Signature", Signed.with("another", body));
    assertProblem(send(forged, BodyPublishers.ofByteArray(body)), WebhookOutcome.BAD_SIGNATURE);
    assertThat(sendSigned(TASK.replace("Add disk", " ").getBytes(UTF_8)).statusCode())
        .isEqualTo(202);
    assertThat(actionItems.items).isEmpty();
    assertThat(inbox.aside)
        .extracting(UnparseableWebhook::problem)
        .containsExactly("the action item's event.data.name is missing");
  }

  @Test
  void tasksOfASimulatedAccountArriveWithWhatOrdersThem() {
    try (PagerDutySimulator account = PagerDutySimulator.start(PagerDutyOptions.defaults())) {
      account.user("Ana Alvarez", "ana@example.com");
      account.service("Records", account.escalationPolicy("On call", "ana@example.com"));
      String incident = account.alert("Records", "No chart opens").id();
      account.webhooks().secrets(List.of(Signed.PAGERDUTY_SECRET));
      account.webhooks().target(URI.create("http://127.0.0.1:" + port + "/webhooks/pagerduty"));
      account
          .faults()
          .next(
              1,
              Faults.Kind.WEBHOOK_REORDERED,
              call -> call.path().equals("incident.task.updated"));
      PagerDutyPerson ana = account.as("ana@example.com");
      String task = ana.addTask(incident, "Add disk", "").id();
      ana.updateTask(task, "Add more disk", "It filled up", "ana@example.com");
      ana.completeTask(task);
      await().until(account::webhooksIdle);

      assertThat(actionItems.items)
          .extracting(ReportedActionItem::title, ReportedActionItem::done)
          .containsExactly(
              tuple("Add disk", false),
              tuple("Add more disk", true),
              tuple("Add more disk", false));
      ReportedActionItem latest =
          actionItems.items.stream()
              .max(Comparator.comparing(ReportedActionItem::occurredAt))
              .orElseThrow();
      assertThat(latest.done()).isTrue();
      assertThat(latest.id()).isEqualTo(task);
      assertThat(latest.incident().id()).isEqualTo(incident);
      assertThat(Objects.requireNonNull(latest.owner()).name()).isEqualTo("Ana Alvarez");
    }
  }

  @Test
  void nothingOfTheRequestIsEchoed() {
    byte[] body = RESOLVED.getBytes(UTF_8);
    HttpResponse<String> answer =
        send(pagerduty(body).header("X-Mine", "y"), BodyPublishers.ofByteArray(body));
    assertThat(answer.headers().map().keySet())
        .doesNotContain("x-pagerduty-signature", "x-mine", "system", "set-cookie");
  }

  @Test
  void everyVendorSampleIsTakenIn() throws IOException {
    for (Path sample : VendorSamples.payloads()) {
      HttpResponse<String> answer = sendSigned(Files.readAllBytes(sample));
      assertThat(answer.statusCode()).as(sample.toString()).isEqualTo(202);
    }
    assertThat(inbox.aside).isEmpty();
    assertThat(inbox.events).hasSizeGreaterThan(5);
  }

  private static byte[] spaces(int size) {
    byte[] body = new byte[size];
    Arrays.fill(body, (byte) ' ');
    return body;
  }

  private static BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }
}
