package dev.lockstep.publish;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.DeadLetters.DeadLetter;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.pause.PauseScope;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.ExampleIncidents;
import dev.lockstep.testkit.FakeSystems;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages through the inbox and the routes, to a mail server and a webhook on this machine. */
class OutboxTest {
  private static final RecordRef ABOUT = RecordRef.parse("itsm/incident/1");
  private static final String SECRET = "sig=hunter2";

  @TempDir private static Path dir;
  private static final FakeSystems systems = new FakeSystems();
  private static final WireMockServer teams = new WireMockServer(wireMockConfig().dynamicPort());
  private static GreenMail mail;
  private static int mailPort;
  private static Engine engine;

  private static final Channel MAIL =
      new Channel("executives", "email", List.of("cio@example.com", "ceo@example.com"), "");
  private static final Channel ONE = new Channel("one", "email", List.of("cio@example.com"), "");
  private static Channel card;

  @BeforeAll
  static void start() throws IOException {
    teams.start();
    card =
        new Channel(
            "ops",
            "teams",
            List.of(),
            "http://localhost:%d/workflows/1/invoke?api-version=1&%s"
                .formatted(teams.port(), SECRET));
    try (ServerSocket free = new ServerSocket(0)) {
      mailPort = free.getLocalPort();
    }
    Path file = dir.resolve("communications.yaml");
    Files.createDirectory(dir.resolve("templates"));
    Files.writeString(dir.resolve("templates/t.txt"), "{{title}}");
    Files.writeString(
        file,
        """
        audiences:
          ops: {every: {P1: 15m}, template: t.txt, to: [{channel: ops}]}
        channels:
          ops: {kind: teams, url: "${OPS_TEAMS_URL}"}
        """);
    engine =
        new Engine(
            ExampleIncidents.mapping(),
            systems,
            Map.of(
                "lockstep.communications",
                file.toString(),
                "OPS_TEAMS_URL",
                card.url(),
                "lockstep.smtp.host",
                "127.0.0.1",
                "lockstep.smtp.port",
                mailPort,
                "lockstep.smtp.security",
                "none",
                "lockstep.smtp.from",
                "Lockstep <lockstep@example.com>"));
  }

  @AfterAll
  static void stop() {
    engine.close();
    teams.stop();
    stopMail();
  }

  @BeforeEach
  void empty() {
    engine.forget();
    teams.resetAll();
    stopMail();
  }

  private static void startMail() {
    mail = new GreenMail(new ServerSetup(mailPort, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
  }

  private static void stopMail() {
    if (mail != null) {
      mail.stop();
      mail = null;
    }
  }

  private static List<UUID> send(Channel channel, String title, String text) {
    return engine
        .bean(Outbox.class)
        .add(channel, new Outbox.Content(title, text, "https://itsm.example.com/1", ABOUT));
  }

  private static MessageState state(UUID id) {
    return engine.bean(Outbox.class).states(List.of(id)).get(id);
  }

  private static List<DeadLetter> letters() {
    return engine.bean(DeadLetters.class).list();
  }

  private static void await(UUID id, MessageState state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(state(id)).isEqualTo(state));
  }

  @Test
  void eachRecipientGetsAnEmailOfItsOwnInItsOwnWords() throws Exception {
    startMail();
    List<UUID> sent = send(MAIL, "P1 Störung: ERP 🚑", "Zeile 1\n\n.\nÄnderung → läuft");
    engine.settle();

    assertThat(mail.getReceivedMessages()).hasSize(2);
    MimeMessage first = mail.getReceivedMessages()[0];
    assertThat(first.getAllRecipients()).hasSize(1);
    assertThat(
            List.of(mail.getReceivedMessages()).stream().flatMap(OutboxTest::recipients).toList())
        .containsExactlyInAnyOrder("cio@example.com", "ceo@example.com");
    assertThat(first.getSubject()).isEqualTo("P1 Störung: ERP 🚑");
    assertThat(first.getFrom()[0]).hasToString("Lockstep <lockstep@example.com>");
    assertThat(first.getContent().toString().replace("\r", "").strip())
        .isEqualTo("Zeile 1\n\n.\nÄnderung → läuft");
    assertThat(first.getContentType()).startsWith("text/plain").containsIgnoringCase("utf-8");
    assertThat(List.of(mail.getReceivedMessages()).stream().map(OutboxTest::messageId))
        .containsExactlyInAnyOrderElementsOf(
            sent.stream().map(id -> "<" + id + "@example.com>").toList());
    assertThat(sent).allSatisfy(id -> assertThat(state(id)).isEqualTo(MessageState.SENT));
  }

  private static java.util.stream.Stream<String> recipients(MimeMessage message) {
    try {
      return java.util.stream.Stream.of(message.getAllRecipients()).map(Object::toString);
    } catch (jakarta.mail.MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String messageId(MimeMessage message) {
    try {
      return message.getMessageID();
    } catch (jakarta.mail.MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTitleCannotAddHeadersOrRecipients() throws Exception {
    startMail();
    send(ONE, "Down\r\nBcc: eve@example.com\r\n\r\nbody", "text\r\nCc: eve@example.com");
    engine.settle();

    MimeMessage received = mail.getReceivedMessages()[0];
    assertThat(mail.getReceivedMessages()).hasSize(1);
    assertThat(received.getSubject()).isEqualTo("Down Bcc: eve@example.com body");
    assertThat(received.getHeader("Bcc")).isNull();
    assertThat(received.getRecipients(Message.RecipientType.CC)).isNull();
    assertThat(received.getAllRecipients()).hasSize(1);
  }

  @Test
  void aMessageWaitsForItsMailServerAndOthersDoNot() {
    UUID waiting = send(ONE, "Down", "text").get(0);
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke")).willReturn(aResponse().withStatus(202)));
    UUID card2 = send(card, "Down", "text").get(0);
    await(card2, MessageState.SENT);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        engine
                            .jdbc
                            .sql("select state from inbox_entry where subject = ?")
                            .param("message:" + waiting)
                            .query(String.class)
                            .optional())
                    .hasValue("FAILED"));
    assertThat(state(waiting)).isEqualTo(MessageState.WAITING);
    assertThat(letters()).isEmpty();

    startMail();
    await(waiting, MessageState.SENT);
    assertThat(mail.getReceivedMessages()).hasSize(1);
  }

  @Test
  void aRestartedProcessSendsWhatWaited() {
    UUID waiting = send(ONE, "Down", "text").get(0);
    engine.stop();
    startMail();
    engine.start();
    await(waiting, MessageState.SENT);
    engine.settle();
    assertThat(mail.getReceivedMessages()).hasSize(1);
  }

  @Test
  void aRefusedRecipientIsOneDeadLetterAndTheOtherGetsTheMessage() throws Exception {
    try (RefusingMailServer server = new RefusingMailServer(mailPort, "ceo@example.com")) {
      send(MAIL, "Down", "text");
      engine.settle();

      assertThat(server.accepted()).containsExactly("cio@example.com");
      assertThat(letters()).hasSize(1);
      DeadLetter letter = letters().get(0);
      assertThat(letter.title()).isEqualTo("message to ceo@example.com: Down");
      assertThat(letter.problem()).isEqualTo("The call was rejected with 550");
      assertThat(letter.answer()).contains("no such mailbox");

      server.acceptAll();
      engine.bean(DeadLetters.class).retry(letter.id(), "ann");
      engine.settle();
      assertThat(server.accepted()).containsExactly("cio@example.com", "ceo@example.com");
      assertThat(letters()).isEmpty();
    }
  }

  @Test
  void aDiscardedMessageIsNotSent() throws Exception {
    UUID refused;
    try (RefusingMailServer server = new RefusingMailServer(mailPort, "cio@example.com")) {
      refused = send(ONE, "Down", "text").get(0);
      engine.settle();
      assertThat(state(refused)).isEqualTo(MessageState.DEAD_LETTER);
      engine.bean(DeadLetters.class).discard(letters().get(0).id(), "ann");
    }
    assertThat(state(refused)).isEqualTo(MessageState.DISCARDED);
  }

  @Test
  void aCardSaysWhatItSaysAndNothingInItIsMarkup() throws Exception {
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke")).willReturn(aResponse().withStatus(202)));
    String hostile =
        "<!channel> <at>all</at> [click](https://evil.example.com) **x** \u001b[31m\u202e";
    UUID id = send(card, "P1 " + hostile, hostile + "\n\nsecond\nthird \"quoted\"").get(0);
    engine.settle();

    teams.verify(1, postRequestedFor(urlEqualTo("/workflows/1/invoke?api-version=1&" + SECRET)));
    JsonNode sent =
        new ObjectMapper().readTree(teams.getAllServeEvents().get(0).getRequest().getBody());
    JsonNode content = sent.at("/attachments/0/content");
    assertThat(sent.path("type").asText()).isEqualTo("message");
    assertThat(sent.at("/attachments/0/contentType").asText())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    assertThat(content.findValuesAsText("type"))
        .containsOnly("AdaptiveCard", "RichTextBlock", "TextRun", "Action.OpenUrl");
    String shown = "<!channel> <at>all</at> [click](https://evil.example.com) **x**";
    assertThat(content.path("body").findValuesAsText("text"))
        .containsExactly("P1 " + shown, shown, "second", "third \"quoted\"", "Message " + id);
    assertThat(content.has("msteams")).as("mentions").isFalse();
  }

  @Test
  void aRefusedCardIsOneDeadLetterWithoutTheAddress() {
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke"))
            .willReturn(
                aResponse()
                    .withStatus(400)
                    .withBody("bad card at " + card.url() + " and again " + SECRET)));
    send(card, "Down", "text");
    engine.settle();

    assertThat(letters()).hasSize(1);
    assertThat(letters().get(0).title()).isEqualTo("message to the channel ops: Down");
    assertThat(letters().get(0).toString()).contains("400", "bad card").doesNotContain("hunter2");
    teams.verify(1, postRequestedFor(urlPathEqualTo("/workflows/1/invoke")));
  }

  @Test
  void aCardLargerThanTeamsTakesIsADeadLetterAndNotSent() {
    send(card, "Down", "\"é\n".repeat(700));
    engine.settle();
    assertThat(letters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.answer()).contains("Teams takes 28672"));
    assertThat(teams.getAllServeEvents()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503, 408})
  void anAnswerThatSaysLaterIsTriedLater(int status) {
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke"))
            .inScenario("later")
            .whenScenarioStateIs("Started")
            .willSetStateTo("open")
            .willReturn(aResponse().withStatus(status).withHeader("Retry-After", "0")));
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke"))
            .inScenario("later")
            .whenScenarioStateIs("open")
            .willReturn(aResponse().withStatus(202)));
    UUID id = send(card, "Down", "text").get(0);
    await(id, MessageState.SENT);
    teams.verify(2, postRequestedFor(urlPathEqualTo("/workflows/1/invoke")));
  }

  @Test
  void aConnectionThatBreaksIsTriedAgainWithTheSameId() throws Exception {
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke"))
            .inScenario("broken")
            .whenScenarioStateIs("Started")
            .willSetStateTo("open")
            .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke"))
            .inScenario("broken")
            .whenScenarioStateIs("open")
            .willReturn(aResponse().withStatus(202)));
    UUID id = send(card, "Down", "text").get(0);
    await(id, MessageState.SENT);
    assertThat(teams.getAllServeEvents())
        .hasSizeGreaterThan(1)
        .allSatisfy(
            event -> assertThat(event.getRequest().getBodyAsString()).contains("Message " + id));
  }

  @Test
  void aChannelThatIsNoLongerConfiguredIsADeadLetter() {
    send(new Channel("gone", "teams", List.of(), "https://example.com"), "Down", "text");
    engine.settle();
    assertThat(letters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.advice()).startsWith("Configure the channel"));
  }

  @Test
  void nothingIsSentWhileEverythingIsPaused() {
    teams.stubFor(
        post(urlPathEqualTo("/workflows/1/invoke")).willReturn(aResponse().withStatus(202)));
    PauseOperations pauses = engine.bean(PauseOperations.class);
    pauses.pause(PauseScope.ALL, "", "ann", null);
    UUID id = send(card, "Down", "text").get(0);
    engine.settleUnpaused();
    assertThat(state(id)).isEqualTo(MessageState.WAITING);
    assertThat(teams.getAllServeEvents()).isEmpty();
    pauses.resume(PauseScope.ALL, "ann");
    await(id, MessageState.SENT);
  }
}
