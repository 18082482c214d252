package dev.lockstep.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.trace.ActionReports.Filter;
import dev.lockstep.trace.Traces.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the commands print of a real chain. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TraceCommandsTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Story story;
  private HttpServer server;
  private boolean terminal;
  private int columns;
  private String noColor;
  private boolean empty;

  @BeforeAll
  void serve() throws IOException {
    story = new Story();
    story.outage();
    story.reportedByMany();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/trace/", this::trace);
    server.createContext("/api/report/actions", this::report);
    server.start();
  }

  @AfterAll
  void stop() {
    server.stop(0);
    story.close();
  }

  @BeforeEach
  void onATerminal() {
    terminal = true;
    columns = 0;
    noColor = "1";
    empty = false;
    asked.clear();
  }

  private void trace(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestURI().getPath().substring("/api/trace/".length());
    Optional<Trace> found = story.traces.find(id);
    if (found.isEmpty()) {
      answer(exchange, 404, "{\"detail\":\"Nothing is known as that.\"}");
    } else {
      answer(
          exchange,
          200,
          wantsCsv(exchange) ? Csv.toCsv(found.get()) : story.json.writeValueAsString(found.get()));
    }
  }

  private void report(HttpExchange exchange) throws IOException {
    var report = story.reports.report(new Filter(empty ? "none" : "", "", false));
    answer(
        exchange,
        200,
        wantsCsv(exchange) ? Csv.toCsv(report) : story.json.writeValueAsString(report));
  }

  private static boolean wantsCsv(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Accept").contains("text/csv");
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Map<String, String> environment =
        Map.of(
            "LOCKSTEP_PORT",
            String.valueOf(server.getAddress().getPort()),
            "LOCKSTEP_API_TOKEN",
            "secret",
            "NO_COLOR",
            noColor);
    return Commands.create(
            warmUp -> {},
            (running, within) -> MissingNode.getInstance(),
            (request, observer) -> MissingNode.getInstance(),
            new CliEnvironment(environment, Path.of("."), terminal, columns, "ann"),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void printsTheChainAsTheDocumentShowsIt() throws IOException {
    assertThat(run("trace", "INC0010007")).isZero();
    assertThat(Files.readString(Path.of("docs/trace.md"))).contains(out.toString());
  }

  @Test
  void makesOneLineOfManyDuplicates() throws IOException {
    run("trace", "INC0010050");
    assertThat(out.toString())
        .contains(
            "├─ duplicate INC0010053 ",
            "└─ and 5 more duplicates; --all lists them\n",
            "The history of duplicates is not shown; --all shows it.\n")
        .doesNotContain("INC0010054", "INC0010051  linked");
    run("trace", "INC0010050", "--all");
    assertThat(out.toString())
        .contains("└─ duplicate INC0010058 ", "INC0010058  linked")
        .doesNotContain("--all");
    run("trace", "INC0010050", "--json");
    assertThat(story.json.readTree(out.toString()).path("duplicates")).hasSize(8);
  }

  @Test
  void alwaysShowsTheDuplicateThatWasAskedFor() {
    run("trace", "INC0010058");
    assertThat(out.toString())
        .contains("├─ duplicate INC0010058 ", "INC0010058  linked", "and 5 more duplicates")
        .doesNotContain("INC0010051  linked");
  }

  @Test
  void fitsTheTerminalUnlessAllIsWanted() {
    columns = 80;
    run("trace", "INC0010001");
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    assertThat(out.toString())
        .contains(
            "│  ├─ AI-2  \"Alert on it\"  FAILED, reopened  bob@example.com, due 2026-12-01,\n"
                + "│  │  │  issue OPS-7\n",
            "open again: CHG0030002 was clos…  bob\n");
    run("trace", "INC0010001", "--all");
    assertThat(out.toString()).contains("open again: CHG0030002 was closed unsuccessful  bob\n");
  }

  @Test
  void printsTheReportAsTheDocumentShowsIt() throws IOException {
    assertThat(run("report", "actions")).isEqualTo(1);
    assertThat(Files.readString(Path.of("docs/trace.md"))).contains(out.toString());
  }

  @Test
  void printsAFailedChangeBesideItsSuccessor() {
    Story shared = story;
    try (Story own = new Story()) {
      own.outage();
      own.succeeded();
      story = own;
      run("trace", "AI-2");
      assertThat(out.toString())
          .containsSubsequence(
              "AI-2  \"Alert on it\"  in change",
              "├─ change CHG0030002  closed unsuccessful by bob",
              "└─ change CHG0030003  assess by bob");
      run("report", "actions");
      assertThat(out.toString()).contains("CHG0030003 after CHG0030002");
    } finally {
      story = shared;
    }
  }

  @Test
  void coloursWhatIsDeployedWhatFailedAndWhatIsLate() {
    noColor = "";
    run("trace", "AI-1");
    assertThat(out.toString())
        .contains("\u001B[32mDEPLOYED", "\u001B[31mFAILED", "\u001B[31m, overdue since 2026-11-01");
    run("report", "actions");
    assertThat(out.toString()).contains("\u001B[31m23 days overdue");
  }

  @Test
  void printsJsonIntoAPipeAndCsvWhenAsked() throws IOException {
    terminal = false;
    assertThat(run("trace", "#12")).isZero();
    assertThat(story.json.readTree(out.toString()).at("/asked/id").asText()).isEqualTo("#12");
    assertThat(run("trace", "itsm/incident/a1", "--csv")).isZero();
    assertThat(out.toString()).startsWith("time,of,what,text,by\r\n");
    assertThat(run("report", "actions")).isEqualTo(1);
    assertThat(story.json.readTree(out.toString()).at("/total/overdue").asInt()).isEqualTo(1);
    assertThat(run("report", "actions", "--csv")).isEqualTo(1);
    assertThat(out.toString()).startsWith("item,title,");
    assertThat(asked)
        .startsWith("/api/trace/%2312", "/api/trace/itsm/incident/a1")
        .contains("/api/report/actions?overdue=false");
  }

  @Test
  void asksForTheFilteredOnly() {
    run("report", "actions", "--service", "A & B", "--owner", "ann@example.com", "--overdue");
    assertThat(asked)
        .containsExactly(
            "/api/report/actions?overdue=true&service=A%20%26%20B&owner=ann%40example.com");
  }

  @Test
  void endsWithOneOnlyWhereSomethingIsWrong() {
    assertThat(run("trace", "INC9999999")).isEqualTo(1);
    assertThat(err.toString()).isEqualToIgnoringNewLines("lockstep: Nothing is known as that.");
    assertThat(run("report", "actions", "--exit-zero")).isZero();
    assertThat(run("report", "actions", "--csv", "--exit-zero")).isZero();
    assertThat(out.toString()).startsWith("item,title,");
    empty = true;
    assertThat(run("report", "actions")).isZero();
    assertThat(out.toString()).isEqualTo("0 action items, 0 open: no problems.\n");
    out.getBuffer().setLength(0);
    assertThat(run("report", "actions", "--service", "Nope")).isEqualTo(1);
    assertThat(out.toString()).isEqualTo("No action items of service 'Nope'.\n");
    assertThat(run("report")).isEqualTo(2);
    assertThat(run("trace")).isEqualTo(2);
  }

  @Test
  void saysTheExitCodesInItsHelpWithoutAServer() {
    assertThat(run("trace", "--help")).isZero();
    assertThat(out.toString()).contains("Exit codes: 0 found, 1 not found");
    assertThat(run("report", "actions", "--help")).isZero();
    assertThat(out.toString()).contains("Exit codes: 0 nothing is overdue", "--exit-zero");
    assertThat(asked).isEmpty();
  }
}
