package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handing postmortems in, and asking for them. That the service answers so, an IT shows. */
final class PostmortemServiceCommandsTest {
  private static final String RECEIPT =
      """
      {"incident":"INC0010001","waiting":false,"added":2,"updated":0,"cancelled":0,
       "items":[{"key":"AI-1","line":9,"title":"Add an index","stage":"ready","owner":"ann@example.com","due":"2026-12-01","problems":[]},
                {"key":"AI-2","line":10,"title":"Say \\u001b[31mwho","stage":"needs owner","owner":null,"due":"","problems":["the due date \\"soon\\" is not a day"]}],
       "problems":[{"line":14,"text":"\\"Why?\\" is a question"}]}
      """;

  private static final String OVERVIEW =
      """
      {"postmortems":[{"name":"portal.md","title":"Portal","url":"","incident":"INC0010001","waiting":false,"problem":"","unread":["line 14: \\"Why?\\" is a question"],"items":2,"open":1,"receivedAt":"2026-11-24T03:02:00Z","changedAt":"2026-11-24T03:02:00Z"},
                      {"name":"","title":"Printing","url":"","incident":"INC0010009","waiting":true,"problem":"incident \\"INC0010009\\" was not found","unread":[],"items":0,"open":0,"receivedAt":"2026-11-24T03:02:00Z","changedAt":"2026-11-24T03:02:00Z"}],
       "refused":[{"file":"lost.md","line":3,"problem":"it names no incident","at":"2026-11-24T03:02:00Z"}]}
      """;

  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new ArrayList<>();
  private boolean terminal = true;
  private String overview = OVERVIEW;
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/postmortems", this::answer);
    server.start();
    Files.writeString(dir.resolve("portal.md"), "# INC0010001\n");
    Files.writeString(dir.resolve("bad.md"), "# nothing\n");
    Files.writeString(dir.resolve("retro.json"), "{}");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    asked.add("%s %s %s".formatted(exchange.getRequestMethod(), exchange.getRequestURI(), type));
    boolean refused = body.contains("nothing");
    String answer = exchange.getRequestMethod().equals("GET") ? overview : RECEIPT;
    byte[] bytes =
        (refused ? "{\"detail\":\"line 1: it names no incident\"}" : answer)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(refused ? 422 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void handsAFileInAndSaysWhatBecameOfIt() {
    assertThat(run("send", "portal.md", "--link", "https://wiki/a b")).isZero();

    assertThat(asked)
        .containsExactly(
            "POST /api/postmortems?name=portal.md&url=https%3A%2F%2Fwiki%2Fa%20b&incident="
                + " text/markdown");
    assertThat(out.toString().lines())
        .containsExactly(
            "",
            "portal.md",
            "incident  INC0010001",
            "ITEM  TITLE         OWNER            DUE         STATE",
            "AI-1  Add an index  ann@example.com  2026-12-01  ready",
            "AI-2  Say \uFFFD[31mwho  –                –           needs owner",
            "AI-2: the due date \"soon\" is not a day",
            "line 14: \"Why?\" is a question",
            "2 added, 0 changed, 0 cancelled.");
  }

  @Test
  void sendsTheOthersWhenOneIsRefused() {
    terminal = false;
    assertThat(run("send", "bad.md", "missing.md", "retro.json")).isEqualTo(2);

    assertThat(asked).hasSize(2).anyMatch(call -> call.endsWith("application/json"));
    assertThat(err.toString().lines())
        .containsExactly(
            "lockstep: bad.md: line 1: it names no incident",
            "lockstep: missing.md: file not found");
    assertThat(out.toString().lines()).hasSize(1).allMatch(line -> line.contains("retro.json"));
    assertThat(run("send", "bad.md")).isEqualTo(1);
  }

  @Test
  void takesOneNameForOneFileOnly() {
    assertThat(run("send", "portal.md", "bad.md", "--name", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("apply to one file");
    assertThat(asked).isEmpty();
  }

  @Test
  void endsWithThreeWhenNoServiceAnswers() {
    server.stop(0);
    assertThat(run("send", "portal.md", "bad.md")).isEqualTo(3);
    assertThat(err.toString().lines())
        .hasSize(1)
        .allMatch(l -> l.contains("no service is reachable"));
  }

  @Test
  void listsWhatWasTakenInAndWhatSomebodyHasToMend() {
    assertThat(run("list")).isEqualTo(1);

    assertThat(out.toString().lines())
        .containsExactly(
            "POSTMORTEM  INCIDENT    ITEMS  OPEN  CHANGED              STATE",
            "portal.md   INC0010001  2      1     2026-11-24 03:02:00  linked",
            "Printing    INC0010009  0      0     2026-11-24 03:02:00  waits for its incident",
            "portal.md, line 14: \"Why?\" is a question",
            "Printing: incident \"INC0010009\" was not found",
            "rejected: lost.md:3: it names no incident");
  }

  @Test
  void endsWithZeroWhenAllIsWell() throws IOException {
    overview = "{\"postmortems\":[],\"refused\":[]}";
    assertThat(run("list", "--limit", "5")).isZero();
    assertThat(out.toString()).contains("No postmortems yet");
    assertThat(asked).containsExactly("GET /api/postmortems?limit=5 null");

    terminal = false;
    out.getBuffer().setLength(0);
    assertThat(run("list")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).path("refused")).isEmpty();
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "postmortem";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Map<String, String> environment =
        Map.of(
            "NO_COLOR", "1",
            "LOCKSTEP_PORT", Integer.toString(server.getAddress().getPort()),
            "LOCKSTEP_API_TOKEN", "secret");
    return Commands.create(
            warmUp -> {},
            (running, within) -> MissingNode.getInstance(),
            (request, observer) -> MissingNode.getInstance(),
            new CliEnvironment(environment, dir, terminal, 120, "ann"),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(all);
  }
}
