package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.ops.StartupProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandsTest {
  private static final String LETTER =
      """
      {"id":"d1","subject":"pair:p1","title":"INC0010001 ⇄ #42","attempts":3,
       "since":"2026-11-24T03:00:00Z","problem":"refused","request":"PUT /x","answer":"400 no",
       "advice":"Mend it."}""";
  private static final String PAIR =
      """
      {"id":"p1","mapping":"incident","state":"LINKED","gaps":1,
       "changedAt":"2026-11-24T03:00:00Z",
       "left":{"ref":"ticketing/incident/9","system":"ticketing","key":"INC0010001","url":"http://t/9"},
       "right":null}""";
  private static final String WHOLE =
      """
      {"pair":%s,
       "fields":[{"name":"status","left":"6","right":"acknowledged","baseLeft":"2",
                  "baseRight":"acknowledged","gap":null},
                 {"name":"group","left":"Ops","right":null,"baseLeft":"Ops","baseRight":null,
                  "gap":"no word for Ops"}],
       "notes":[{"from":"left","id":"n1","author":"ann","createdAt":"2026-11-24T03:00:01Z",
                 "text":"looking\\ninto it @|red |@","state":"CARRIED"}],
       "history":[{"at":"2026-11-24T03:00:02Z","what":"created","text":"Created #42","details":{}}]}
      """
          .formatted(PAIR);

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private Rehearsal.Options played = new Rehearsal.Options(false, Optional.empty(), false);
  private List<String> measured = List.of();
  private Service service = warmUp -> {};
  private boolean terminal = true;
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/", 404, "{\"status\":404,\"detail\":\"There is no such thing\"}");
    answer("/api/pairs", 200, "{\"pairs\":[" + PAIR + "]}");
    answer("/api/pairs/", 404, "{\"status\":404,\"detail\":\"There is no pair nope\"}");
    answer("/api/pairs/p1", 200, WHOLE);
    answer("/api/pairs/#42", 200, WHOLE);
    answer("/api/dead-letters", 200, "{\"deadLetters\":[" + LETTER + "]}");
    answer("/api/dead-letters/", 404, "{\"status\":404,\"detail\":\"There is no dead letter x\"}");
    answer("/api/dead-letters/d1", 200, LETTER);
    answer("/api/dead-letters/d1/retry", 202, "{\"id\":\"d1\",\"outcome\":\"retrying\"}");
    server.start();
    environment.put("LOCKSTEP_PORT", Integer.toString(server.getAddress().getPort()));
    environment.put("LOCKSTEP_API_TOKEN", "secret");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void listsPairsAsATableOnATerminal() {
    assertThat(run("pairs", "list", "--limit", "7")).isZero();
    assertThat(asked).containsExactly("GET /api/pairs?limit=7 Bearer secret");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.contains("LEFT") && line.contains("CHANGED"))
        .anyMatch(line -> line.matches("p1 +INC0010001 +– +LINKED +1 +2026-11-24 03:00:00"));
  }

  @Test
  void printsJsonIntoAPipeAndWhenAsked() throws Exception {
    terminal = false;
    assertThat(run("pairs", "list")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).at("/pairs/0/id").asText())
        .isEqualTo("p1");
    out.getBuffer().setLength(0);
    assertThat(run("pairs", "list", "--no-json")).isZero();
    assertThat(out.toString()).contains("LEFT");
    terminal = true;
    for (String[] command :
        new String[][] {
          {"pairs", "show", "p1", "--json"},
          {"dead-letters", "list", "--json"},
          {"dead-letters", "show", "d1", "--json"},
          {"dead-letters", "retry", "d1", "--json"},
          {"dead-letters", "discard", "d1", "--json"}
        }) {
      out.getBuffer().setLength(0);
      assertThat(run(command)).as(String.join(" ", command)).isZero();
      assertThat(new ObjectMapper().readTree(out.toString()).isObject()).isTrue();
    }
  }

  @Test
  void showsBothSidesBesideTheBaseWithGapsNotesAndHistory() {
    environment.put("NO_COLOR", "1");
    assertThat(run("pairs", "show", "#42")).isZero();
    assertThat(asked).containsExactly("GET /api/pairs/%2342 Bearer secret");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.contains("INC0010001 ⇄ –"))
        .anyMatch(line -> line.contains("LEFT (ticketing)") && line.contains("AGREED LEFT"))
        .anyMatch(line -> line.matches("status +6 +2 +acknowledged +acknowledged +changing"))
        .anyMatch(line -> line.contains("group: no word for Ops"))
        .anyMatch(line -> line.contains("looking ⏎ into it @|red |@"))
        .anyMatch(line -> line.contains("03:00:02") && line.contains("Created #42"));
  }

  @Test
  void retriesAndDiscardsADeadLetter() {
    assertThat(run("dead-letters", "retry", "d1")).isZero();
    assertThat(run("dead-letters", "discard", "d1")).isZero();
    assertThat(asked)
        .containsExactly(
            "POST /api/dead-letters/d1/retry Bearer secret",
            "DELETE /api/dead-letters/d1 Bearer secret");
    assertThat(out.toString()).contains("d1 retrying");
  }

  @Test
  void saysWhatADeadLetterAskedAndWhatToDo() {
    assertThat(run("dead-letters", "show", "d1")).isZero();
    assertThat(out.toString()).contains("INC0010001 ⇄ #42", "refused", "PUT /x", "400 no", "Mend");
    assertThat(run("dead-letters", "list")).isZero();
    assertThat(out.toString()).contains("TRIES");
  }

  @Test
  void endsWithOneWhenThereIsNone() {
    assertThat(run("pairs", "show", "nope")).isEqualTo(1);
    assertError("lockstep: There is no pair nope");
    assertThat(run("dead-letters", "retry", "x")).isEqualTo(1);
  }

  @Test
  void endsWithTwoOnWrongUse() {
    assertThat(run("pairs", "show")).isEqualTo(2);
    assertError("./lockstep pairs show --help");
    assertThat(run("pairs")).isEqualTo(2);
    assertThat(run("dance")).isEqualTo(2);
    assertThat(run("pairs", "list", "--limit", "x")).isEqualTo(2);
    assertThat(run("pairs", "list", "--url", "no address")).isEqualTo(2);
    assertThat(run("demo", "--replay", "absent.csv")).isEqualTo(2);
  }

  @Test
  void endsWithThreeWhenNoServiceAnswers() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(run("pairs", "list", "--url", "http://localhost:" + free)).isEqualTo(3);
    assertError("no service answers at http://localhost:" + free);
  }

  @Test
  void saysWhereTheTokenComesFromWhenItIsRefused() {
    answer("/api/pairs/locked", 401, "{\"status\":401}");
    assertThat(run("pairs", "show", "locked")).isEqualTo(1);
    assertError("does not take the token");
  }

  @Test
  void readsTheTokenTheServiceMadeUp() throws IOException {
    environment.remove("LOCKSTEP_API_TOKEN");
    environment.put("LOCKSTEP_DATA_DIR", dir.toString());
    Files.writeString(dir.resolve("api-token"), "from-file\n");
    assertThat(run("pairs", "list")).isZero();
    assertThat(run("pairs", "list", "--token", "given")).isZero();
    assertThat(asked).anyMatch(line -> line.endsWith("Bearer from-file"));
    assertThat(asked).anyMatch(line -> line.endsWith("Bearer given"));
  }

  @Test
  void coloursOnlyATerminalThatWantsThem() {
    assertThat(run("pairs", "list")).isZero();
    assertThat(out.toString()).contains("\u001B[");
    out.getBuffer().setLength(0);
    environment.put("NO_COLOR", "1");
    assertThat(run("pairs", "show", "p1")).isZero();
    assertThat(out.toString()).doesNotContain("\u001B[");
    environment.remove("NO_COLOR");
    terminal = false;
    assertThat(run("pairs", "show", "p1", "--no-json")).isZero();
    assertThat(out.toString()).doesNotContain("\u001B[");
  }

  @Test
  void printsEveryStartProblemOnALineAndEndsWithTwo() {
    service =
        warmUp -> {
          throw new StartupProblem(List.of("A: missing", "B: wrong"), null);
        };
    assertThat(run("run")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("lockstep: A: missing", "lockstep: B: wrong");
  }

  @Test
  void handsItsOptionsToTheDemoAndTheBenchmark() throws IOException {
    Files.writeString(dir.resolve("log.csv"), "number\n");
    assertThat(run("demo", "--once", "--replay", "log.csv")).isEqualTo(5);
    assertThat(played.once()).isTrue();
    assertThat(played.replay()).contains(dir.resolve("log.csv"));
    assertThat(run("bench", "--rate", "50", "lag")).isEqualTo(6);
    assertThat(measured).containsExactly("--rate", "50", "lag");
  }

  private int run(String... arguments) {
    Rehearsal demo =
        (options, page) -> {
          played = options;
          return 5;
        };
    Benchmark bench =
        (given, page) -> {
          measured = given;
          return 6;
        };
    return Commands.create(
            service,
            demo,
            bench,
            new Surroundings(environment, dir, terminal),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
  }

  private void assertError(String part) {
    assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.contains(part));
    err.getBuffer().setLength(0);
  }

  private void answer(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
