package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.cli.ConfigurationCheck.RunningService;
import dev.lockstep.cli.ConfigurationCheck.UnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code check} is given to ask the running service with. */
class CheckCommandTest {
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private int status = 200;
  private String body = "{}";
  private String token = "";
  private @Nullable RunningService service;
  private @Nullable Duration within;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/systems",
        exchange -> {
          token = exchange.getRequestHeaders().getFirst("Authorization");
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "check";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Commands.create(
            warmUp -> {},
            (running, patience) -> {
              service = running;
              within = patience;
              return JsonNodeFactory.instance.arrayNode();
            },
            (request, observer) -> MissingNode.getInstance(),
            new CliEnvironment(
                Map.of(
                    "LOCKSTEP_PORT",
                    Integer.toString(server.getAddress().getPort()),
                    "LOCKSTEP_API_TOKEN",
                    "t0"),
                Path.of("."),
                false,
                0,
                "ann"),
            new PrintWriter(new StringWriter(), true),
            new PrintWriter(err, true))
        .execute(all);
  }

  private RunningService service() {
    return Objects.requireNonNull(service);
  }

  @Test
  void asksTheServiceWithTheSettingsOfTheOtherCommands() {
    body = "{\"systems\":[{\"system\":\"a\\u009b2J\"}]}";
    assertThat(run()).isZero();
    assertThat(service().systems().toString())
        .isEqualTo("{\"systems\":[{\"system\":\"a\uFFFD2J\"}]}");
    assertThat(token).isEqualTo("Bearer t0");
    assertThat(within).isEqualTo(Duration.ofSeconds(30));
    assertThat(run("--token", "t1", "--webhook-within", "2m")).isZero();
    service().systems();
    assertThat(token).isEqualTo("Bearer t1");
    assertThat(within).isEqualTo(Duration.ofMinutes(2));
  }

  /** The check goes on without it. */
  @ParameterizedTest
  @CsvSource({
    "401, {}, rejects the token",
    "403, '{\"detail\":\"This needs the role viewer.\"}', This needs the role viewer.",
    "404, {}, is it Lockstep?",
    "503, {}, cannot reach its database",
    "200, <html>, did not return JSON",
  })
  void aServiceThatDoesNotAnswerIsUnavailable(int code, String answer, String why) {
    status = code;
    body = answer;
    assertThat(run()).isZero();
    assertThatThrownBy(() -> service().systems())
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }

  @Test
  void noServiceIsUnavailable() {
    assertThat(run("--url", "http://127.0.0.1:9")).isZero();
    assertThatThrownBy(() -> service().systems())
        .isInstanceOf(UnavailableException.class)
        .hasMessageStartingWith("no service is reachable at http://127.0.0.1:9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "0s", "soon", "-5s"})
  void refusesADurationThatIsNone(String text) {
    assertThat(run("--webhook-within", text)).isEqualTo(2);
    assertThat(err.toString()).contains("--webhook-within: '" + text + "' is not a duration");
    assertThat(service).isNull();
  }
}
