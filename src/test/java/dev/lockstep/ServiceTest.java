package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.ops.database.EmbeddedDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ServiceTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext service;
  private Path data;
  private String token;
  private String oneTimePassword;
  private String user = "";

  @BeforeAll
  void start(@TempDir Path dir, CapturedOutput output) throws Exception {
    data = dir.resolve("data");
    service =
        Application.start(
            Map.of(
                "LOCKSTEP_PORT",
                "0",
                "LOCKSTEP_DATA_DIR",
                data.toString(),
                "camel.main.routes-include-pattern",
                "false"),
            SlimApplication.class);
    token = Files.readString(data.resolve("api-token")).strip();
    Matcher printed = Pattern.compile("one-time password (\\S{20}) ").matcher(output.getOut());
    assertThat(printed.find()).isTrue();
    oneTimePassword = printed.group(1);
  }

  @BeforeEach
  void forgetUser() {
    user = "";
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void keepsTheMadeUpTokenFromOtherUsers() throws Exception {
    assertThat(token).hasSizeGreaterThan(40);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("api-token"))))
        .isEqualTo("rw-------");
  }

  /** They log headers, tokens and bodies, whatever level an operator sets for everything. */
  @Test
  void keepsWhatClientsSendOutOfTheLogAtEveryLevel() {
    LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
    logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.TRACE);
    try {
      for (String logger :
          List.of(
              "org.apache.hc.client5.http.headers",
              "org.apache.hc.client5.http.wire",
              "org.apache.cxf.transport.http.HTTPConduit",
              "org.apache.camel.component.http.HttpProducer")) {
        assertThat(LoggerFactory.getLogger(logger).isDebugEnabled()).as(logger).isFalse();
      }
    } finally {
      logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
    }
  }

  @Test
  void refusesTheApiWithoutTheToken() throws Exception {
    for (String wrong : new String[] {"", "Bearer guess", "Basic " + token, "Bearer "}) {
      HttpResponse<String> response = call("GET", "/api/pairs", wrong);
      assertThat(response.statusCode()).as(wrong).isEqualTo(401);
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/problem+json");
      assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  @Test
  void showsPairsByIdAndByEitherKey() throws Exception {
    JsonNode list = json(call("GET", "/api/pairs?limit=5", bearer()));
    assertThat(list.at("/pairs/0/left/ref").asText()).isEqualTo("ticketing/incident/9d38");
    assertThat(list.at("/pairs/0/right").isNull()).isTrue();
    for (String id : new String[] {"p1", "INC0010001", "%2342"}) {
      JsonNode pair = json(call("GET", "/api/pairs/" + id, bearer()));
      assertThat(pair.at("/pair/id").asText()).isEqualTo("p1");
      assertThat(pair.at("/fields/0/gap").asText()).isEqualTo("no mapped value for it");
      assertThat(pair.at("/notes/0/from").asText()).isEqualTo("left");
      assertThat(pair.at("/history/0/at").asText()).isEqualTo("2026-11-24T03:00:00Z");
    }
  }

  @Test
  void saysInProblemJsonWhatIsWrongWithARequest() throws Exception {
    assertProblem(call("GET", "/api/pairs/nope", bearer()), 404, "There is no pair nope");
    assertProblem(call("GET", "/api/pairs?limit=0", bearer()), 400, "limit: 0 is not between");
    assertProblem(call("GET", "/api/pairs?limit=x", bearer()), 400, "limit");
    assertProblem(
        call("GET", "/api/postmortems?limit=0", bearer()), 400, "limit: 0 is not between");
    assertProblem(call("PUT", "/api/pairs", bearer()), 405, "PUT");
    assertProblem(call("GET", "/api/dead-letters/nope", bearer()), 404, "no dead letter nope");
  }

  @Test
  void startsOneReconciliationAtATimeAndShowsWhatItFound() throws Exception {
    HttpResponse<String> response = call("POST", "/api/reconciliation?mode=report", bearer());
    assertThat(response.statusCode()).isEqualTo(202);
    JsonNode started = new ObjectMapper().readTree(response.body());
    assertThat(started.path("id").asInt()).isEqualTo(3);
    assertThat(started.path("finishedAt").isNull()).isTrue();
    assertProblem(
        call("POST", "/api/reconciliation", bearer()), 409, "A reconciliation is running");
    assertProblem(
        call("POST", "/api/reconciliation?mode=fix", bearer()), 400, "mode: use repair or report");
    assertProblem(
        call("GET", "/api/reconciliation?limit=0", bearer()), 400, "limit: 0 is not between");

    JsonNode shown = json(call("GET", "/api/reconciliation", bearer()));

    assertThat(shown.path("mode").asText()).isEqualTo("report");
    assertThat(shown.path("found").asInt()).isEqualTo(1);
    assertThat(shown.at("/drift/0/key").asText()).isEqualTo("INC0010001");
    assertThat(shown.at("/drift/0/problem").asText()).isEqualTo("CHANGED");
    assertThat(shown.at("/drift/0/fields/0/field").asText()).isEqualTo("incident.title");
    assertThat(shown.at("/drift/0/fields/0/shown").asText()).isEqualTo("<b>Up</b>");
  }

  @Test
  void retriesAndDiscardsDeadLetters() throws Exception {
    assertThat(
            json(call("GET", "/api/dead-letters", bearer())).at("/deadLetters/0/advice").asText())
        .isEqualTo("Mend it.");
    assertThat(call("POST", "/api/dead-letters/d1/retry", bearer()).statusCode()).isEqualTo(202);
    assertThat(call("DELETE", "/api/dead-letters/d1", bearer()).statusCode()).isEqualTo(200);
    assertThat(call("POST", "/api/dead-letters/d2/retry", bearer()).statusCode()).isEqualTo(404);
    assertThat(call("DELETE", "/api/dead-letters/d2", bearer()).statusCode()).isEqualTo(404);
    assertThat(json(call("GET", "/api/dead-letters?limit=1", bearer())).path("total").asInt())
        .isEqualTo(1);
    assertProblem(call("GET", "/api/dead-letters?limit=0", bearer()), 400, "limit: 0 is not");
    assertThat(call("POST", "/api/dead-letters/retry", bearer()).body())
        .isEqualTo("{\"retrying\":1}");
    assertThat(call("POST", "/api/dead-letters/retry?system=nowhere", bearer()).body())
        .isEqualTo("{\"retrying\":0}");
    assertThat(
            json(call("GET", "/api/dead-letters/decisions", bearer()))
                .at("/decisions/0/decidedBy")
                .asText())
        .isEqualTo("ann");
  }

  @Test
  void listsDuplicatesByState() throws Exception {
    JsonNode first = json(call("GET", "/api/duplicates", bearer())).path("duplicates").path(0);
    assertThat(first.path("id").asLong()).isEqualTo(12);
    assertThat(first.path("score").asDouble()).isEqualTo(0.87);
    assertThat(first.at("/duplicate/key").asText()).isEqualTo("INC0010007");
    assertThat(first.at("/primary/openedAt").asText()).isEqualTo("2026-11-24T03:00:00Z");
    assertThat(states("")).isEqualTo("[]");
    assertThat(states("&state=proposed,LINKED")).isEqualTo("[PROPOSED, LINKED]");
    assertThat(states("&state=UNLINKING&state=SPLIT")).isEqualTo("[UNLINKING, SPLIT]");
    assertThat(states("&state=all")).isEqualTo(List.of(Duplicates.State.values()).toString());
    assertThat(call("GET", "/api/duplicates", "").statusCode()).isEqualTo(401);
  }

  private String states(String query) throws Exception {
    JsonNode answer = json(call("GET", "/api/duplicates?limit=7" + query, bearer()));
    assertThat(answer.at("/duplicates/0/score").isNull()).isTrue();
    return answer.at("/duplicates/0/decidedBy").asText();
  }

  @Test
  void showsADuplicateByNumberAndByKey() throws Exception {
    for (String id : new String[] {"12", "INC0010007"}) {
      JsonNode whole = json(call("GET", "/api/duplicates/" + id, bearer()));
      assertThat(whole.at("/duplicate/id").asLong()).isEqualTo(12);
      assertThat(whole.path("reasons").toString())
          .isEqualTo("[{\"signal\":\"TIME\",\"points\":-0.05,\"text\":\"opened 3 days apart\"}]");
      assertThat(whole.at("/history/0/by").asText()).isEqualTo("lockstep");
    }
  }

  @Test
  void acceptsAndRejectsADuplicateAsToldByWhoever() throws Exception {
    String path = "/api/duplicates/12/";
    assertDecided(post(path + "accept", ""), "accepted with null by local:unnamed");
    assertDecided(post(path + "accept?primary=", "{}"), "accepted with null by local:unnamed");
    user = "J%C3%B6rg";
    assertDecided(
        post(path + "accept?primary=INC0010007", ""), "accepted with INC0010007 by local:Jörg");
    assertDecided(
        post(path + "accept", "{\"primary\":\"INC0010007\"}"),
        "accepted with INC0010007 by local:Jörg");
    user = "a%0Ab%E2%80%AEc" + "x".repeat(100);
    assertDecided(
        post("/api/duplicates/INC0010007/reject", ""), "rejected by local:a?b?c" + "x".repeat(59));
  }

  /** A caller cannot choose the name in the audit. */
  @Test
  void ignoresANameThatTheCallerTypes() throws Exception {
    assertDecided(post("/api/duplicates/12/reject?by=ann", ""), "rejected by local:unnamed");
    assertProblem(post("/api/duplicates/12/accept", "{\"by\":\"ann\"}"), 400, "by: unknown key");
  }

  @Test
  void saysWhyADuplicateCannotBeDecided() throws Exception {
    assertProblem(
        post("/api/duplicates/12/split", ""), 409, "12 is only proposed; reject it instead");
    for (String verb : new String[] {"accept", "reject", "split"}) {
      assertProblem(post("/api/duplicates/99/" + verb, ""), 404, "There is no duplicate 99");
    }
    String accept = "/api/duplicates/12/accept";
    assertProblem(
        post(accept, "{\"Primary\":\"x\"}"), 400, "Primary: unknown key; allowed: primary");
    assertProblem(post(accept, "{"), 400, "");
    assertProblem(post(accept + "?primary=" + "x".repeat(101), ""), 400, "primary: longer");
    assertProblem(post(accept + "?primary=a%0Ab", ""), 400, "primary: contains a control");
    assertProblem(post(accept + "?primary=a%E2%80%AEb", ""), 400, "primary: contains a control");
    assertProblem(call("GET", "/api/duplicates/99", bearer()), 404, "There is no duplicate 99");
    assertProblem(
        call("GET", "/api/duplicates?state=LINKED,OPEN", bearer()),
        400,
        "state: OPEN is not a state; allowed: PROPOSED, LINKING,");
    assertProblem(call("GET", "/api/duplicates?limit=1001", bearer()), 400, "limit: 1001");
  }

  private void assertDecided(HttpResponse<String> response, String text) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    JsonNode answer = new ObjectMapper().readTree(response.body());
    assertThat(answer.path("text").asText()).isEqualTo(text);
    assertThat(answer.at("/duplicate/id").asLong()).isEqualTo(12);
  }

  @Test
  void tracesByAKeyAndByARecordWhoseNameIsAPath() throws Exception {
    for (String id : new String[] {"%2342", "ticketing/incident/9d38"}) {
      JsonNode trace = json(call("GET", "/api/trace/" + id, bearer()));
      assertThat(trace.at("/asked/key").asText()).isEqualTo("INC0010001");
      assertThat(trace.at("/incident").isNull()).isTrue();
      assertThat(trace.at("/events/0/at").asText()).isEqualTo("2026-11-24T03:00:00Z");
    }
    assertProblem(
        call("GET", "/api/trace/nope", bearer()), 404, "'nope'. Accepted ids: an incident's");
    assertThat(call("GET", "/api/trace/%2342", "").statusCode()).isEqualTo(401);
  }

  @Test
  void reportsActionItemsAsAskedFor() throws Exception {
    JsonNode report =
        json(call("GET", "/api/report/actions?service=a%20b&owner=ann%40x&overdue=true", bearer()));
    assertThat(report.at("/total/name").asText())
        .isEqualTo("Filter[service=a b, owner=ann@x, overdue=true]");
    assertProblem(call("GET", "/api/report/actions?overdue=x", bearer()), 400, "overdue");
  }

  @Test
  void answersWithCommaSeparatedValuesToWhomAsksForThem() throws Exception {
    HttpResponse<String> trace = csv("/api/trace/%2342");
    assertThat(trace.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
    assertThat(trace.body())
        .isEqualTo("time,of,what,text,by\r\n2026-11-24T03:00:00Z,INC0010001,opened,'=1+1,ann\r\n");
    assertThat(csv("/api/report/actions").body()).startsWith("item,title,service,");
    assertProblem(csv("/api/trace/nope"), 404, "Accepted ids");
  }

  private HttpResponse<String> csv(String path) throws Exception {
    return http.send(
        request(path).header("Authorization", bearer()).header("Accept", "text/csv").build(),
        BodyHandlers.ofString());
  }

  private static List<String> namesOfOthers(String file) throws Exception {
    List<String> names =
        Pattern.compile("\\b(hikaricp|jvm|process|camel)_[a-z_]+")
            .matcher(Files.readString(Path.of(file)))
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    assertThat(names).isNotEmpty();
    return names;
  }

  @Test
  void answersProbesAndScrapersWithoutAToken() throws Exception {
    assertThat(call("GET", "/health/live", "").body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(call("GET", "/health/ready", "").body())
        .startsWith("{\"status\":\"UP\",\"components\":{");
    HttpResponse<String> metrics = call("GET", "/metrics", "");
    assertThat(metrics.statusCode()).isEqualTo(200);
    // Lockstep's own are OperationsTest's.
    assertThat(metrics.body()).contains(namesOfOthers("config/prometheus-rules.yaml"));
    assertThat(metrics.body()).contains(namesOfOthers("config/grafana-dashboard.json"));
  }

  /** Nobody can log in yet: there are neither users nor an identity provider. */
  @Test
  void letsTheFirstUserInFromThisMachineWithAPasswordThatWorksOnce() throws Exception {
    Browser browser = new Browser(url());
    assertThat(browser.get("/login").body()).contains("Enter the one-time password");
    assertThat(browser.logIn("setup", "wrong password")).isEqualTo("/login?failed");
    assertThat(browser.logIn("someone", oneTimePassword)).isEqualTo("/login?failed");
    assertThat(browser.logIn("setup", oneTimePassword)).isEqualTo("/");
    assertThat(browser.get("/users").body()).contains("No users.");
    assertThat(new Browser(url()).logIn("setup", oneTimePassword)).isEqualTo("/login?failed");
  }

  @Test
  void keepsTheConsoleFromOtherMachinesUntilSomebodyCanLogIn() throws Exception {
    // The proxy is this machine, which is trusted; a sender may claim to be one, too.
    for (String sender : List.of("192.0.2.1", "127.0.0.1", "192.0.2.1, 127.0.0.1", "::1")) {
      Browser browser = new Browser(url(), Map.of("X-Forwarded-For", sender));
      for (String path : List.of("/", "/login", "/assets/console.css", "/oauth2/authorization/x")) {
        HttpResponse<String> response = browser.get(path);
        assertThat(response.statusCode()).as(sender + path).isEqualTo(403);
        assertThat(response.body()).contains("./lockstep users add");
      }
      assertThat(browser.get("/health/live").statusCode()).isEqualTo(200);
    }
    assertThat(new Browser(url()).get("/login").statusCode()).isEqualTo(200);
  }

  @Test
  void hidesEverythingElse() throws Exception {
    for (String path : new String[] {"/", "/env", "/actuator", "/beans", "/info", "/error"}) {
      for (String token : new String[] {"", bearer()}) {
        HttpResponse<String> response = call("GET", path, token);
        assertThat(Browser.location(response)).as(path).isEqualTo("/login");
      }
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void isAliveButNotReadyWhileTheDatabaseIsAway() throws Exception {
    service.getBean(EmbeddedDatabase.class).close();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(call("GET", "/health/ready", "").statusCode()).isEqualTo(503));
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThat(call("GET", "/health/live", "").statusCode()).isEqualTo(200));
    // It cannot be known who may call.
    assertProblem(
        call("GET", "/api/pairs", "Bearer lockstep_x"), 503, "The database is not reachable");
    assertThat(call("GET", "/api/duplicates", bearer()).statusCode()).isEqualTo(200);
  }

  private void assertProblem(HttpResponse<String> response, int status, String detail)
      throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(new ObjectMapper().readTree(response.body()).path("detail").asText())
        .contains(detail);
  }

  private JsonNode json(HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  private String bearer() {
    return "Bearer " + token;
  }

  private HttpResponse<String> call(String method, String path, String authorization)
      throws Exception {
    HttpRequest.Builder request = request(path).method(method, BodyPublishers.noBody());
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    HttpRequest.Builder request = request(path).header("Authorization", bearer());
    if (!user.isEmpty()) {
      request.header("X-Lockstep-User", user);
    }
    if (body.isEmpty()) {
      request.POST(BodyPublishers.noBody());
    } else {
      request.POST(BodyPublishers.ofString(body)).header("Content-Type", "application/json");
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path));
  }

  private String url() {
    return "http://localhost:" + service.getEnvironment().getProperty("local.server.port");
  }
}
