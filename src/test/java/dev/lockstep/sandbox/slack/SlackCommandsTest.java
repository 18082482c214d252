package dev.lockstep.sandbox.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Slash commands, buttons and addresses for answers keep the rules by which an app can be wrong.
 */
class SlackCommandsTest {
  private record Received(String type, String timestamp, String signature, String body) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final SettableClock clock = new SettableClock();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch late = new CountDownLatch(1);
  private SlackSimulator slack;
  private SlackPerson ann;
  private HttpServer app;

  /** An app that acknowledges everything with 200, but {@code /late} after the test only. */
  @BeforeEach
  void start() throws IOException {
    slack = SlackSimulator.start(SlackOptions.defaults().clock(clock));
    ann = slack.person("ann", "Ann Example", "ann@example.com");
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        call -> {
          received.add(
              new Received(
                  call.getRequestHeaders().getFirst("Content-Type"),
                  call.getRequestHeaders().getFirst("X-Slack-Request-Timestamp"),
                  call.getRequestHeaders().getFirst("X-Slack-Signature"),
                  new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          if (call.getRequestURI().getPath().equals("/late")) {
            await();
          }
          call.sendResponseHeaders(200, -1);
          call.close();
        });
    app.start();
    target("/");
  }

  private void await() {
    try {
      late.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void target(String path) {
    slack.commands().target(URI.create("http://127.0.0.1:" + app.getAddress().getPort() + path));
  }

  @AfterEach
  void stop() {
    late.countDown();
    app.stop(0);
    slack.close();
  }

  private HttpResponse<String> answer(URI url, String type, String body) {
    try {
      return http.send(
          HttpRequest.newBuilder(url)
              .header("Content-Type", type)
              .POST(BodyPublishers.ofString(body.replace('\'', '"')))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String answer(SlackCommand command, String body) {
    return answer(command.responseUrl(), "application/json", body).body();
  }

  private Map<String, List<String>> form() {
    return Request.form(received.get(received.size() - 1).body());
  }

  @Test
  void aSlashCommandIsASignedFormWithEscapedMentions() {
    SlackCommand command =
        slack.commands().slash(ann, "C123", "assign @ann a & b <!channel> https://example.com/x");

    assertThat(command.acknowledged().isInTime()).isTrue();
    Received request = received.get(0);
    assertThat(request.type()).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.signature())
        .isEqualTo(
            SlackEvents.signature(
                "sandbox-signing-secret",
                request.timestamp(),
                request.body().getBytes(StandardCharsets.UTF_8)));
    assertThat(form())
        .containsEntry("command", List.of("/incident"))
        .containsEntry("user_id", List.of(ann.user().id()))
        .containsEntry("channel_id", List.of("C123"))
        .containsEntry(
            "text",
            List.of(
                "assign <@%s|ann> a &amp; b &lt;!channel&gt; <https://example.com/x>"
                    .formatted(ann.user().id())))
        .containsKeys("trigger_id", "response_url");
  }

  @Test
  void aRepeatedRequestIsTheSame() {
    SlackCommand command = slack.commands().slash(ann, "C123", "status");
    slack.commands().repeat(command);

    assertThat(received).hasSize(2);
    assertThat(received.get(1).body()).isEqualTo(received.get(0).body());
  }

  @Test
  void whatIsNotAcknowledgedWithinThreeSecondsHasFailed() {
    target("/late");
    assertThat(slack.commands().slash(ann, "C123", "status").acknowledged().isInTime()).isFalse();
  }

  @Test
  void fiveAnswersWithinThirtyMinutes() {
    SlackCommand command = slack.commands().slash(ann, "C123", "status");
    for (int i = 0; i < 5; i++) {
      assertThat(answer(command, "{'text':'Hello'}")).contains("\"ok\":true");
    }
    assertThat(answer(command, "{'text':'Hello'}")).contains("used_url");
    assertThat(command.answers()).hasSize(5);

    SlackCommand other = slack.commands().slash(ann, "C123", "status");
    clock.advance(Duration.ofMinutes(30));
    assertThat(answer(other, "{'text':'Hello'}")).contains("expired_url");
    URI unknown = URI.create(other.responseUrl() + "0");
    HttpResponse<String> refused = answer(unknown, "application/json", "{'text':'Hello'}");
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("no_service");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; no_text",
        "[]; invalid_payload",
        "{'text'; invalid_payload",
        "{'text':'a','response_type':'secret'}; invalid_response_type",
        "{'text':'a','blocks':[{'type':'section','text':{'type':'mrkdwn','text':''}}]};"
            + " invalid_blocks",
        "{'text':'a','blocks':[{'type':'actions','elements':[]}]}; invalid_blocks",
        "{'text':'a','blocks':[{'type':'actions','elements':[{'type':'button','action_id':'a',"
            + "'text':{'type':'mrkdwn','text':'b'},'value':'c'}]}]}; invalid_blocks",
        "{'text':'a','blocks':[{'type':'actions','elements':["
            + "{'type':'button','action_id':'a','text':{'type':'plain_text','text':'b'}},"
            + "{'type':'button','action_id':'a','text':{'type':'plain_text','text':'c'}}]}]};"
            + " invalid_blocks"
      })
  void anAnswerThatIsNotOneIsRefused(String body, String error) {
    SlackCommand command = slack.commands().slash(ann, "C123", "status");

    assertThat(answer(command, body)).contains(error);
    assertThat(command.answers()).isEmpty();
  }

  @Test
  void anAnswerIsJson() {
    SlackCommand command = slack.commands().slash(ann, "C123", "status");

    assertThat(answer(command.responseUrl(), "text/plain", "{'text':'Hello'}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void aButtonSendsItsValueAndWhoPressedIt() {
    SlackCommand command = slack.commands().slash(ann, "C123", "status");
    String button =
        "{'type':'button','action_id':'a1','value':'INC1 resolve',"
            + "'text':{'type':'plain_text','text':'Resolve'}}";
    answer(command, "{'text':'a','blocks':[{'type':'actions','elements':[" + button + "]}]}");
    assertThat(command.labels()).containsExactly("Resolve");

    slack.commands().press(ann, command, "Resolve");
    assertThat(form().get("payload").get(0))
        .contains(
            "\"type\":\"block_actions\"",
            "\"value\":\"INC1 resolve\"",
            "\"id\":\"" + ann.user().id() + "\"");
    assertThatThrownBy(() -> slack.commands().press(ann, command, "Other"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
