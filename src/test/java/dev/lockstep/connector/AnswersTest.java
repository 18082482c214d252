package dev.lockstep.connector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Answers that no honest system gives: whatever comes, the call ends and the next one works. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AnswersTest {
  private static final int LIMIT = 64 * 1024;
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";

  private final RawServer server = new RawServer();
  private final ConnectorKit kit =
      new ConnectorKit(
          List.of(Path.of("connectors")),
          ConnectorKit.settings(server.port()),
          new SettableClock(),
          Set.of(),
          new ResponseLimits(new CallSettings(DataSize.ofBytes(LIMIT), Duration.ofMillis(1500))));

  @BeforeEach
  void forget() {
    kit.renew();
  }

  @AfterAll
  void close() {
    server.close();
    kit.close();
  }

  private static RecordRef record(String system) {
    return new RecordRef(system, "incident", "abc");
  }

  /** One way of speaking HTTP each. */
  private void worksAgain(String system) {
    server.answers(out -> write(out, whole(good(system))));
    assertThat(kit.connectors.fetch(record(system)).ref().system()).isEqualTo(system);
  }

  private static String good(String system) {
    return system.equals("servicenow")
        ? "{\"result\":{\"sys_id\":\"abc\",\"number\":\"INC1\",\"sys_mod_count\":\"1\","
            + "\"sys_updated_on\":\"2026-11-24 03:00:00\"}}"
        : "{\"incident\":{\"id\":\"abc\",\"updated_at\":\"2026-11-24T03:00:00Z\"}}";
  }

  private static String whole(String body) {
    return HEAD + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  private static void endlessly(OutputStream out, byte[] chunk) throws IOException {
    while (true) {
      out.write(chunk);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void cutsAnAnswerThatIsTooLarge(String system) {
    server.answers(
        out -> {
          write(out, HEAD + "Content-Length: 400000000\r\n\r\n{\"result\":\"");
          endlessly(out, "x".repeat(1000).getBytes(US_ASCII));
        });
    assertThatThrownBy(() -> kit.connectors.fetch(record(system)))
        .isInstanceOf(RequestRejectedException.class)
        .hasMessageContaining("larger than " + LIMIT);
    worksAgain(system);
  }

  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void cutsAnErrorThatNeverEnds(String system) {
    server.answers(
        out -> {
          write(
              out,
              "HTTP/1.1 500 no\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n");
          endlessly(out, ("400\r\n" + "x".repeat(1024) + "\r\n").getBytes(US_ASCII));
        });
    assertThatThrownBy(() -> kit.connectors.fetch(record(system)))
        .isInstanceOf(SystemUnavailableException.class)
        .hasMessageContaining("500");
    worksAgain(system);
  }

  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void takesAWriteWithAnAnswerTooLargeForOneInDoubt(String system) {
    server.answers(
        out -> {
          write(out, HEAD + "\r\n{\"result\":\"");
          endlessly(out, "x".repeat(1000).getBytes(US_ASCII));
        });
    assertThatThrownBy(
            () -> kit.connectors.update(record(system), ConnectorContract.json("{\"a\":\"b\"}")))
        .isInstanceOf(SystemUnavailableException.class)
        .hasMessageContaining("larger than");
    worksAgain(system);
  }

  /** 64 MB of spaces are 64 kB compressed. */
  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void countsWhatIsDecompressed(String system) throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      byte[] spaces = " ".repeat(1 << 20).getBytes(US_ASCII);
      for (int i = 0; i < 40; i++) {
        zip.write(spaces);
      }
    }
    server.answers(
        out -> {
          write(
              out, HEAD + "Content-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n\r\n");
          bomb.writeTo(out);
        });
    assertThatThrownBy(() -> kit.connectors.fetch(record(system)))
        .isInstanceOfAny(RequestRejectedException.class, SystemUnavailableException.class);
    worksAgain(system);
  }

  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void endsAnAnswerThatDrips(String system) {
    server.answers(
        out -> {
          write(out, HEAD + "Content-Length: 40000\r\n\r\n{\"result\":\"");
          while (true) {
            write(out, "x");
            server.pause(20);
          }
        });
    assertThatThrownBy(() -> kit.connectors.fetch(record(system)))
        .isInstanceOf(SystemUnavailableException.class)
        .hasMessageContaining("not complete after");
    worksAgain(system);
  }

  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void endsAnAnswerThatStops(String system) {
    server.answers(
        out -> {
          write(out, HEAD + "Content-Length: 40000\r\n\r\n{\"result\":");
          server.pause(20_000);
        });
    assertThatThrownBy(() -> kit.connectors.fetch(record(system)))
        .isInstanceOf(SystemUnavailableException.class)
        .hasMessageMatching(".*(not complete after|longer than the time limit).*");
    worksAgain(system);
  }

  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void endsHeadersThatDripOrNeverEnd(String system) {
    server.answers(
        out -> {
          write(out, HEAD + "X-Slow: ");
          while (true) {
            write(out, "x");
            server.pause(20);
          }
        });
    assertThatThrownBy(() -> kit.connectors.fetch(record(system)))
        .isInstanceOf(SystemUnavailableException.class);
    server.answers(
        out -> {
          write(out, HEAD + "X-Long: ");
          endlessly(out, "x".repeat(1000).getBytes(US_ASCII));
        });
    assertThatThrownBy(() -> kit.connectors.fetch(record(system)))
        .isInstanceOf(SystemUnavailableException.class);
    worksAgain(system);
  }

  @ParameterizedTest
  @ValueSource(strings = {"servicenow", "pagerduty"})
  void takesNulOutOfEveryText(String system) {
    String body = good(system).replace("\"abc\"", "\"abc\",\"te\\u0000xt\":[\"a\\u0000b\",1]");
    server.answers(out -> write(out, whole(body)));
    assertThat(kit.connectors.fetch(record(system)).json().path("text"))
        .isEqualTo(ConnectorContract.json("[\"ab\",1]"));
  }

  /** HttpClient closes its pool when a call ends in an Error, and with it all calls to come. */
  @Test
  void outlivesAnErrorInACall() throws IOException {
    try (DefaultCamelContext camel = new DefaultCamelContext();
        ResponseLimits limits =
            new ResponseLimits(new CallSettings(DataSize.ofBytes(LIMIT), Duration.ofSeconds(5)))) {
      ConnectorConfiguration.prepare(camel.getComponent("http", HttpComponent.class), limits);
      camel.start();
      server.answers(out -> write(out, whole("{}")));
      String url = "http://localhost:" + server.port();
      var producer = camel.createProducerTemplate();
      assertThatThrownBy(
              () -> producer.send(url, exchange -> exchange.getMessage().setBody(new Exhausted())))
          .isInstanceOf(StackOverflowError.class);
      assertThat(producer.requestBody(url, null, String.class)).isEqualTo("{}");
    }
  }

  private static final class Exhausted extends InputStream {
    @Override
    public int read() {
      throw new StackOverflowError("as if");
    }
  }

  @Test
  void saysInOneLineWhyASystemIsNotReached() {
    Map<String, String> settings = new HashMap<>(ConnectorKit.settings(server.port()));
    settings.put("SERVICENOW_URL", "http://no-such-host.invalid");
    settings.put("PAGERDUTY_URL", "http://127.0.0.1:1");
    settings.put("JIRA_URL", "https://localhost:" + server.port());
    server.answers(out -> write(out, whole("{}")));
    try (ConnectorKit away =
        new ConnectorKit(List.of(Path.of("connectors")), settings, new SettableClock(), Set.of())) {
      assertThatThrownBy(() -> away.connectors.fetch(record("servicenow")))
          .isInstanceOf(SystemUnavailableException.class)
          .hasMessageContainingAll("ServiceNow", "DNS");
      assertThatThrownBy(() -> away.connectors.fetch(record("pagerduty")))
          .isInstanceOf(SystemUnavailableException.class)
          .hasMessageContainingAll("PagerDuty", "no connection", "refused");
      assertThatThrownBy(() -> away.connectors.fetch(record("jira")))
          .isInstanceOf(SystemUnavailableException.class)
          .hasMessageContainingAll("Jira", "TLS");
    }
  }

  /** A server that misbehaves on request. */
  private static final class RawServer implements AutoCloseable {
    private final ServerSocket socket;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Answering answering = out -> {};

    private interface Answering {
      void write(OutputStream out) throws IOException;
    }

    RawServer() {
      try {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      start(
          () -> {
            while (!socket.isClosed()) {
              Socket client = socket.accept();
              start(() -> answer(client));
            }
          });
    }

    private interface Work {
      void run() throws IOException;
    }

    private static void start(Work work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (IOException e) {
                  // The client went away, as it should.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private void answer(Socket client) throws IOException {
      try (client) {
        // All of the request's head must have been read, or the answer may be reset.
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int next = client.getInputStream().read();
          if (next < 0) {
            return;
          }
          head.append((char) next);
          if (head.charAt(0) == 0x16) {
            // A TLS handshake, to which plain HTTP is no answer.
            break;
          }
        }
        answering.write(client.getOutputStream());
      }
    }

    int port() {
      return socket.getLocalPort();
    }

    void answers(Answering how) {
      answering = how;
    }

    /** Between two bytes; over when the test is. */
    void pause(long millis) throws IOException {
      try {
        if (closed.await(millis, TimeUnit.MILLISECONDS)) {
          throw new IOException("over");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      closed.countDown();
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
