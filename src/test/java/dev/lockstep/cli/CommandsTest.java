package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.ops.StartupException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandsTest {
  private static final String LETTER =
      """
      {"id":"d1","subject":"correlation:p1","title":"INC0010001 ⇄ #42","attempts":3,
       "since":"2026-11-24T03:00:00Z","problem":"refused","request":"PUT /x","answer":"400 no",
       "advice":"Mend it."}\
      """;
  private static final String PAIR =
      """
      {"id":"p1","mapping":"incident","state":"LINKED","gaps":1,
       "changedAt":"2026-11-24T03:00:00Z",
       "left":{"ref":"ticketing/incident/9","system":"ticketing","key":"INC0010001","url":"http://t/9"},
       "right":null}\
      """;
  private static final String WHOLE =
      """
      {"pair":%s,
       "fields":[{"name":"status","left":"6","right":"acknowledged","baseLeft":"2",
                  "baseRight":"acknowledged","gap":null,"changing":true},
                 {"name":"category","left":"","right":"x","baseLeft":"old","baseRight":null,
                  "gap":null,"changing":false},
                 {"name":"group","left":"Ops","right":null,"baseLeft":"Ops","baseRight":null,
                  "gap":"no mapped value for Ops"}],
       "notes":[{"from":"left","id":"n1","author":"ann","createdAt":"2026-11-24T03:00:01Z",
                 "text":"looking\\ninto it @|red |@","state":"SENT"}],
       "history":[{"at":"2026-11-24T03:00:02Z","what":"created","text":"Created #42","details":{}}]}
      """
          .formatted(PAIR);

  private static final String DUPLICATE =
      """
      {"id":12,"state":"PROPOSED","score":0.8734,"decidedBy":"","problem":"",
       "changedAt":"2026-11-24T03:00:05Z",
       "duplicate":{"ref":"ticketing/incident/b7","key":"INC0010007",
                    "title":"Patient portal login times out \\u001b[31mfor everyone on the third floor",
                    "url":"http://t/b7","openedAt":"2026-11-24T02:58:00Z"},
       "primary":{"ref":"ticketing/incident/a1","key":"INC0010001","title":"Portal is down",
                  "url":"","openedAt":"2026-11-24T02:50:00Z"}}\
      """;
  private static final String LINKED =
      """
      {"id":11,"state":"LINKING","score":null,"decidedBy":"ann","problem":"its primary was deleted",
       "changedAt":"2026-11-24T03:00:06Z",
       "duplicate":{"ref":"ticketing/incident/b6","key":"INC0010006","title":"No e-mail",
                    "url":"","openedAt":"2026-11-24T02:58:00Z"},
       "primary":{"ref":"ticketing/incident/a1","key":"INC0010001","title":"Portal is down",
                  "url":"","openedAt":"2026-11-24T02:50:00Z"}}\
      """;
  private static final String WHY =
      """
      {"duplicate":%s,
       "reasons":[{"signal":"EMBEDDING","points":0.412,"text":"their texts mean nearly the same thing, by 0.93 of 1"},
                  {"signal":"TIME","points":-0.05,"text":"opened 3 days apart"}],
       "history":[{"at":"2026-11-24T03:00:05Z","what":"proposed","text":"Scored 0.87","by":""},
                  {"at":"2026-11-24T03:00:07Z","what":"accepted","text":"As proposed","by":"ann"}]}
      """
          .formatted(DUPLICATE);

  private static final String USER =
      """
      {"name":"eve","role":"operator","createdBy":"local:ann","createdAt":"2026-11-24T03:00:05Z"}\
      """;
  private static final String TOKEN =
      """
      {"name":"ci","role":"operator","createdBy":"eve","createdAt":"2026-11-24T03:00:05Z",
       "expiresAt":"2026-12-24T03:00:05Z","lastUsedAt":null}\
      """;

  private static final String RECONCILIATION =
      """
      {"id":4,"mode":"%s","startedBy":"ann smith","startedAt":"2026-11-24T03:00:00Z",
       "finishedAt":%s,"total":9,"checked":%d,"postponed":1,"found":%d,"drift":[%s]}\
      """;
  private static final String DRIFT =
      """
      {"record":"ticketing/incident/9","key":"INC0010001","problem":"CHANGED","reason":"",
       "fields":[{"field":"incident.title","known":"Down","shown":"Up \\u001b[31m"}]},
      {"record":"paging/incident/7","key":"#7","problem":"UNREADABLE","reason":"403 for fetch: no",
       "fields":[]}\
      """;

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> users = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private ServiceRunner service = warmUp -> {};
  private JsonNode findings = JsonNodeFactory.instance.arrayNode();
  private JsonNode plan = JsonNodeFactory.instance.objectNode();
  private boolean terminal = true;
  private int columns = 0;
  private String user = "ann smith";
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/", 404, "{\"status\":404,\"detail\":\"There is no such thing\"}");
    answer("/api/pairs", 200, "{\"pairs\":[" + PAIR + "]}");
    answer("/api/pairs/", 404, "{\"status\":404,\"detail\":\"There is no pair nope\"}");
    answer("/api/pairs/p1", 200, WHOLE);
    answer("/api/pairs/#42", 200, WHOLE);
    answer("/api/dead-letters", 200, "{\"deadLetters\":[" + LETTER + "],\"total\":7}");
    answer("/api/dead-letters/retry", 202, "{\"retrying\":7}");
    answer(
        "/api/dead-letters/decisions",
        200,
        """
        {"decisions":[{"id":"17","subject":"correlation:p1","at":"2026-11-24T03:00:05Z","what":"retried",
          "decidedBy":"ann smith","problem":"refused with 400"}]}\
        """);
    answer("/api/dead-letters/", 404, "{\"status\":404,\"detail\":\"There is no dead letter x\"}");
    answer("/api/dead-letters/d1", 200, LETTER);
    answer("/api/dead-letters/d1/retry", 202, "{\"id\":\"d1\",\"outcome\":\"retrying\"}");
    answer("/api/duplicates", 200, "{\"duplicates\":[" + DUPLICATE + "," + LINKED + "]}");
    answer("/api/duplicates/", 404, "{\"status\":404,\"detail\":\"There is no duplicate 99\"}");
    answer("/api/duplicates/12", 200, WHY);
    for (String verb : List.of("accept", "reject", "split")) {
      answer(
          "/api/duplicates/12/" + verb,
          202,
          "{\"duplicate\":" + DUPLICATE + ",\"text\":\"" + verb + "ed; now told the systems\"}");
    }
    server.start();
    environment.put("LOCKSTEP_PORT", Integer.toString(server.getAddress().getPort()));
    environment.put("LOCKSTEP_API_TOKEN", "secret");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void saysWhyThereMayBeNoPairs() {
    server.removeContext("/api/pairs");
    answer("/api/pairs", 200, "{\"pairs\":[]}");
    assertThat(run("pairs", "list", "--no-json")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines("No pairs yet.");
    answer(
        "/health/ready",
        200,
        """
        {"status":"UP","components":{"systems":{"status":"DEGRADED","details":{
          "a":{"title":"Apex","status":"DEGRADED","problem":"Check APEX_TOKEN.",
               "feeds":{"x":{"problem":"403. Grant read."},"y":{"problem":"403. Grant read."}}},
          "b":{"title":"Bravo","status":"UP","feeds":{"z":{"lagSeconds":3}}}}}}}\
        """);
    assertThat(run("pairs", "list", "--no-json")).isZero();
    assertThat(out.toString().lines())
        .contains("Apex cannot be read: Check APEX_TOKEN.", "Apex cannot be read: 403. Grant read.")
        .noneMatch(line -> line.contains("Bravo"));
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
          {"duplicates", "list", "--json"},
          {"duplicates", "show", "12", "--json"},
          {"duplicates", "accept", "12", "--json"},
          {"duplicates", "reject", "12", "--json"},
          {"duplicates", "split", "12", "--json"},
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
        .anyMatch(line -> line.contains("LEFT (ticketing)") && line.contains("BASE LEFT"))
        .anyMatch(line -> line.matches("status +6 +2 +acknowledged +acknowledged +changing"))
        .anyMatch(line -> line.matches("category +old +– +x"))
        .anyMatch(line -> line.contains("group: no mapped value for Ops"))
        .anyMatch(line -> line.contains("looking ⏎ into it @|red |@"))
        .anyMatch(line -> line.contains("03:00:02") && line.contains("Created #42"));
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 120})
  void fitsPairsToTheTerminal(int width) {
    environment.put("NO_COLOR", "1");
    columns = width;
    String id = "7b1c2f0e-8a35-4d0e-9b44-0c1d2e3f4a5b";
    String tooLong = "a value that is far too long for a column of a terminal of this width";
    server.removeContext("/api/pairs");
    answer("/api/pairs", 200, "{\"pairs\":[" + PAIR.replace("\"p1\"", "\"" + id + "\"") + "]}");
    answer(
        "/api/pairs/long",
        200,
        WHOLE.replace("acknowledged", tooLong).replace("Created #42", tooLong + " " + tooLong));
    assertThat(run("pairs", "list")).isZero();
    assertThat(run("pairs", "show", "long")).isZero();
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
    assertThat(out.toString()).contains("INC0010001");
    if (width == 120) {
      assertThat(out.toString()).contains(id);
    }
  }

  @Test
  void saysThatAPortSpeaksNoTls() {
    String plain = "https://localhost:" + server.getAddress().getPort();
    assertThat(run("pairs", "list", "--url", plain)).isEqualTo(3);
    assertError(plain + " does not support TLS");
  }

  private static String reconciliation(String mode, boolean finished, int found) {
    return RECONCILIATION.formatted(
        mode,
        finished ? "\"2026-11-24T03:01:00Z\"" : "null",
        finished ? 8 : 2,
        found,
        found == 0 ? "" : DRIFT);
  }

  @Test
  void reconcilesAndShowsWhatDiffersWhenItHasFinished() {
    environment.put("NO_COLOR", "1");
    answerInTurn(
        "/api/reconciliation",
        List.of(
            reconciliation("report", false, 0),
            reconciliation("report", false, 0),
            reconciliation("report", true, 2)));

    assertThat(run("reconcile", "--report")).isEqualTo(1);

    assertThat(asked)
        .containsExactly(
            "POST /api/reconciliation?mode=report Bearer secret",
            "GET /api/reconciliation?limit=1000 Bearer secret",
            "GET /api/reconciliation?limit=1000 Bearer secret");
    assertThat(err.toString()).contains("3 of 9 compared, 0 differ", "9 of 9 compared, 2 differ");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("INC0010001 +CHANGED +incident.title +Down +Up .\\[31m"))
        .anyMatch(line -> line.matches("#7 +UNREADABLE +403 for fetch: no"))
        .anyMatch(line -> line.contains("8 compared, 2 differ, nothing was synced. 1 not compared"))
        .noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void reconcilesWithoutWaitingAndShowsTheRunLater() {
    answer("/api/reconciliation", 202, reconciliation("repair", false, 0));
    assertThat(run("reconcile", "--no-wait")).isZero();
    assertThat(run("reconcile", "show")).isZero();
    assertThat(asked)
        .containsExactly(
            "POST /api/reconciliation?mode=repair Bearer secret",
            "GET /api/reconciliation?limit=1000 Bearer secret");
    assertThat(out.toString())
        .contains("Running since 2026-11-24 03:00:00: 3 of 9 compared, 0 differ.");
    terminal = false;
    out.getBuffer().setLength(0);
    assertThat(run("reconcile", "show")).isZero();
    assertThat(out.toString()).startsWith("{");
  }

  @Test
  void saysThatAReconciliationIsRunning() {
    answer("/api/reconciliation", 409, "{\"status\":409,\"detail\":\"One is running\"}");
    assertThat(run("reconcile")).isEqualTo(1);
    assertError("One is running");
  }

  private static final String BACKFILL =
      """
      {"id":4,"source":"changed","since":"2026-11-01T00:00:00Z","kind":"","notes":"none","adoptBy":"",
       "startedBy":"ann smith","startedAt":"2026-11-24T03:00:00Z","finishedAt":%s,"stoppedBy":null,
       "found":12,"waiting":%d,"pending":%d,"done":%s,"problem":%s,"refused":[%s]}\
      """;

  private static String backfill(boolean finished, int waiting, String problem, String refused) {
    return BACKFILL.formatted(
        finished ? "\"2026-11-24T03:10:00Z\"" : "null",
        waiting,
        finished ? 0 : 1,
        finished ? "1.0" : "0.5",
        problem,
        refused);
  }

  private static final String INCIDENT =
      """
      {"ref":"ticketing/incident/9","key":"INC0010001","title":"Portal \\u001b[31mdown","url":"","level":"P1",
       "stage":"open","service":"Portal","team":"","manager":"ann"}\
      """;
  private static final String DUE =
      """
      {"incident":%s,"audience":"executives","audienceTitle":"Executives","dueAt":"2026-11-24T03:15:00Z",
       "state":"OVERDUE","isLast":true,"snoozedBy":"","reason":"","lastSentAt":null}\
      """
          .formatted(INCIDENT);
  private static final String UPDATE =
      """
      {"number":2,"audience":"executives","audienceTitle":"Executives","sentAt":"2026-11-24T03:16:00Z",
       "sentBy":"ann","subject":"P1","text":"We found it.\\nMore soon.","dueAt":null,"late":true,
       "targets":[{"target":"channel mail","state":"DEAD_LETTER","gap":""},
                  {"target":"itsm (public)","state":"GAP","gap":"it has no record in itsm"}]}\
      """;

  @Test
  void listsAndShowsUpdatesOfIncidents() {
    environment.put("NO_COLOR", "1");
    answer("/api/communications", 200, "{\"updates\":[%s]}".formatted(DUE));
    assertThat(run("communications", "list")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(
            line ->
                line.matches(
                    "2026-11-24 03:15:00 +OVERDUE +executives +INC0010001 +P1 +Portal"
                        + " .\\[31mdown"));
    answer(
        "/api/communications/INC0010001",
        200,
        "{\"incident\":%s,\"due\":[%s],\"updates\":[%s],\"audiences\":[]}"
            .formatted(INCIDENT, DUE, UPDATE));
    assertThat(run("communications", "show", "INC0010001")).isZero();
    assertThat(out.toString())
        .contains(
            "2026-11-24 03:15:00 UTC for executives, OVERDUE, the last one",
            "Update 2 for executives, 2026-11-24 03:16:00 UTC by ann (late)",
            "channel mail: dead letter",
            "itsm (public): NOT SENT: it has no record in itsm",
            "    We found it.\n    More soon.");
  }

  /** So that what is redirected into a file is the text and nothing else. */
  @Test
  void printsTheTextOfADraftApartFromWhatIsKnownOfIt() {
    answer(
        "/api/communications/INC0010001/draft",
        200,
        """
        {"incident":%s,"audience":"executives","audienceTitle":"Executives","subject":"P1 down",
         "text":"We look.","dueAt":"2026-11-24T03:15:00Z","basedOn":0,
         "targets":[{"target":"channel mail","gap":""},{"target":"manager","gap":"it has none"}]}
        """
            .formatted(INCIDENT));
    assertThat(
            run(
                "communications",
                "preview",
                "INC0010001",
                "--audience",
                "executives",
                "--next",
                "a b"))
        .isZero();
    assertThat(asked)
        .containsExactly(
            "GET /api/communications/INC0010001/draft?audience=executives&next=a%20b Bearer"
                + " secret");
    assertThat(out.toString()).isEqualTo("We look." + System.lineSeparator());
    assertThat(err.toString())
        .contains(
            "Subject: P1 down", "To: manager: NOT SENT: it has none", "Due: 2026-11-24 03:15:00");
  }

  @Test
  void sendsAFileAsAnUpdate() throws IOException {
    Files.writeString(dir.resolve("u.txt"), "We found it.\n");
    answer(
        "/api/communications/INC0010001/updates",
        200,
        "{\"update\":%s,\"repeated\":true}".formatted(UPDATE));
    assertThat(
            run(
                "communications",
                "send",
                "INC0010001",
                "--audience",
                "executives",
                "--file",
                "u.txt"))
        .isZero();
    assertThat(out.toString()).startsWith("It was sent before; nothing was sent now.");
    assertThat(
            run("communications", "send", "INC0010001", "--audience", "executives", "--file", "no"))
        .isEqualTo(2);
    assertError("no: file not found");
    assertThat(asked).hasSize(1);
  }

  @Test
  void saysHowToRepeatAnUpdateThatMayHaveBeenSent() throws IOException {
    Files.writeString(dir.resolve("u.txt"), "We found it.\n");
    assertThat(
            run(
                "communications",
                "send",
                "INC0010001",
                "--url",
                "http://127.0.0.1:1",
                "--audience",
                "executives",
                "--key",
                "k1",
                "--file",
                "u.txt"))
        .isEqualTo(3);
    assertThat(err.toString()).contains("repeat it with --key k1: it is sent once");
  }

  @Test
  void postponesAnUpdate() {
    answer("/api/communications/INC0010001/snooze", 200, DUE);
    assertThat(
            run(
                "communications",
                "snooze",
                "INC0010001",
                "--audience",
                "executives",
                "--for",
                "30m",
                "--reason",
                "in a call"))
        .isZero();
    assertThat(out.toString())
        .contains("The update of INC0010001 for Executives is due at 2026-11-24 03:15:00 UTC.");
    assertThat(run("communications")).isEqualTo(2);
    assertError("communications: missing subcommand; use list, show, preview, send or snooze");
  }

  private static final String LED =
      """
      {"incident":%s,"state":"OVERDUE","manager":"","source":"","assignedAt":null,"assignedBy":"",
       "withoutSince":"2026-11-24T03:10:00Z","problem":"","proposed":"gil@example.com",
       "why":"on call \\u001b[31m","onCall":"cyd@example.com"}\
      """
          .formatted(INCIDENT);
  private static final String CHANGE =
      """
      {"kind":"handed over","at":"2026-11-24T03:16:00Z","by":"ann","from":"ann@example.com",
       "to":"gil@example.com","reason":"lunch","openPoints":"- Call the vendor\\n- Wait"}\
      """;

  @Test
  void listsAndShowsWhoLeadsIncidents() {
    environment.put("NO_COLOR", "1");
    answer("/api/incident-managers", 200, "{\"incidents\":[%s]}".formatted(LED));
    assertThat(run("incident-manager", "list")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(
            line ->
                line.matches(
                    "OVERDUE +INC0010001 +P1 +.* +gil@example.com +cyd@example.com +Portal .*"));
    answer(
        "/api/incident-managers/INC0010001",
        200,
        "{\"led\":%s,\"changes\":[%s]}".formatted(LED, CHANGE));
    assertThat(run("incident-manager", "show", "INC0010001")).isZero();
    assertThat(out.toString())
        .contains(
            "OVERDUE",
            "none",
            "2026-11-24 03:16:00 UTC by ann: handed over from ann@example.com to gil@example.com",
            "    - Call the vendor\n    - Wait")
        .doesNotContain("\u001b");
  }

  @Test
  void assignsHandsOverAndReleases() throws IOException {
    Files.writeString(dir.resolve("p.txt"), "Call them.\n");
    answer(
        "/api/incident-managers/INC0010001/handover",
        200,
        "{\"change\":%s,\"repeated\":true}".formatted(CHANGE));
    String[] command = {
      "incident-manager", "hand-over", "INC0010001", "--to", "gil@example.com", "--file", "p.txt"
    };
    assertThat(run(command)).isZero();
    assertThat(out.toString()).startsWith("It was done before; nothing was changed now.");
    answer(
        "/api/incident-managers/INC0010001/assign",
        201,
        "{\"change\":%s,\"repeated\":false}".formatted(CHANGE));
    assertThat(run("incident-manager", "assign", "INC0010001", "--to", "gil@example.com")).isZero();
    answer(
        "/api/incident-managers/INC0010001/release",
        409,
        "{\"detail\":\"Nobody leads INC0010001.\"}");
    assertThat(run("incident-manager", "release", "INC0010001", "--reason", "ill")).isEqualTo(1);
    assertThat(err.toString()).contains("Nobody leads INC0010001.");
    assertThat(run("incident-manager", "release", "INC0010001")).isEqualTo(2);
    assertThat(
            run(
                "incident-manager",
                "assign",
                "INC0010001",
                "--url",
                "http://127.0.0.1:1",
                "--to",
                "x",
                "--key",
                "k1"))
        .isEqualTo(3);
    assertThat(err.toString()).contains("repeat it with --key k1: it is done once");
  }

  @Test
  void incidentManagerNeedsASubcommand() {
    assertThat(run("incident-manager")).isEqualTo(2);
    assertError(
        "incident-manager: missing subcommand; use list, show, preview, assign, hand-over or"
            + " release");
  }

  @Test
  void printsTheOpenPointsAlone() {
    answer(
        "/api/incident-managers/INC0010001/handover",
        200,
        "{\"led\":%s,\"openPoints\":\"- Call them\"}".formatted(LED));
    assertThat(run("incident-manager", "preview", "INC0010001")).isZero();
    assertThat(out.toString()).isEqualTo("- Call them" + System.lineSeparator());
  }

  @Test
  void backfillsAndShowsHowFarItIs() {
    answerInTurn(
        "/api/backfill",
        List.of(
            backfill(false, 5, "null", ""),
            backfill(false, 5, "\"Desk answered 503\"", ""),
            backfill(true, 0, "null", "")));
    assertThat(
            run(
                "backfill",
                "--since",
                "30d",
                "--notes",
                "since-link",
                "--adopt-by",
                "u alert",
                "--system",
                "servicenow",
                "--query",
                "priority=1^active=true"))
        .isZero();
    assertThat(asked.get(0))
        .matches(
            "POST /api/backfill\\?since=20[0-9T%A-Z-]+&system=servicenow&kind=&query=priority%3D1%5Eactive%3Dtrue&notes=since-link&adoptBy=u%20alert"
                + " Bearer secret");
    assertThat(asked.subList(1, asked.size())).containsOnly("GET /api/backfill Bearer secret");
    assertThat(err.toString())
        .contains("[#####...............]  25 %  12 found, 6 to go", "waits: Desk answered 503");
    assertThat(out.toString())
        .contains("Finished at 2026-11-24 03:10:00: 12 found, 12 processed, 0 to go, 0 refused.");
  }

  @Test
  void saysWhatABackfillNeeds() {
    assertThat(run("backfill")).isEqualTo(2);
    assertError("--since, --query: say which records, for example --since 30d");
    assertThat(run("backfill", "--query", "priority=1")).isEqualTo(2);
    assertError("--query: say whose query it is with --system");
    assertThat(run("backfill", "--since", "soon")).isEqualTo(2);
    assertError("'soon' is not a time");
    assertThat(run("backfill", "--since", "1d", "--notes", "some")).isEqualTo(2);
    assertError("'some': use none, since-link or all");
    assertThat(asked).isEmpty();
  }

  @Test
  void stopsABackfill() {
    answer(
        "/api/backfill",
        200,
        backfill(true, 3, "null", "").replace("\"stoppedBy\":null", "\"stoppedBy\":\"ann\""));
    assertThat(run("backfill", "stop")).isZero();
    assertThat(asked).containsExactly("DELETE /api/backfill Bearer secret");
    assertThat(out.toString()).contains("Stopped at 2026-11-24 03:10:00");
  }

  @Test
  void appliesASavedPlanAndListsWhatChangedSince() throws IOException {
    Files.writeString(dir.resolve("plan.json"), "{}");
    answer("/api/backfill/plan", 202, backfill(false, 1, "null", ""));
    answer(
        "/api/backfill",
        200,
        backfill(
            true,
            0,
            "null",
            "{\"record\":\"desk/incident/9\",\"reason\":\"INC0010001 was changed\\u001b[31m\"}"));
    assertThat(run("apply", "plan.json")).isEqualTo(1);
    assertThat(asked)
        .containsExactly(
            "POST /api/backfill/plan Bearer secret", "GET /api/backfill Bearer secret");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("desk/incident/9 +INC0010001 was changed.\\[31m"))
        .noneMatch(line -> line.contains("\u001b[31m"))
        .anyMatch(line -> line.contains("12 found, 11 processed, 0 to go, 1 refused"));
    err.getBuffer().setLength(0);
    assertThat(run("apply", "none.json")).isEqualTo(2);
    assertError("save a plan with");
  }

  private static final String PAUSE =
      """
      {"scope":"system:ticketing","reason":"import \\u001b[31m","by":"ann smith",
       "since":"2026-11-24T03:00:00Z","until":"2026-11-24T11:00:00Z","freeze":false,"waiting":12}\
      """;

  @Test
  void pausesAndResumes() {
    answerInTurn(
        "/api/pauses",
        List.of(
            PAUSE, PAUSE, "{\"resumed\":\"all\",\"scheduled\":1,\"stillPaused\":[" + PAUSE + "]}"));
    assertThat(run("pause", "ticketing", "--reason", "import & test", "--for", "8h")).isZero();
    assertThat(out.toString())
        .contains("system ticketing is paused until 2026-11-24 11:00:00: import ")
        .doesNotContain("\u001b");
    assertThat(run("pause")).isZero();
    assertThat(run("resume", "mapping:incident")).isZero();
    assertThat(out.toString()).contains("Everything is resumed; 1 entry waited.");
    assertThat(asked)
        .containsExactly(
            "POST /api/pauses?scope=ticketing&reason=import%20%26%20test&for=8h" + " Bearer secret",
            "POST /api/pauses?scope=&reason=&for= Bearer secret",
            "DELETE /api/pauses?scope=mapping%3Aincident Bearer secret");
  }

  @Test
  void listsPauses() {
    environment.put("NO_COLOR", "1");
    answerInTurn("/api/pauses", List.of("{\"pauses\":[" + PAUSE + "]}", "{\"pauses\":[]}"));
    assertThat(run("pause", "--list")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(
            line ->
                line.matches(
                    "system:ticketing +2026-11-24 03:00:00 +2026-11-24 11:00:00 +ann smith +12"
                        + " +import .*"));
    assertThat(run("pause", "--list")).isZero();
    assertThat(out.toString()).contains("Nothing is paused.");
    assertThat(run("pause", "--list", "ticketing")).isEqualTo(2);
    assertError("--list takes nothing else; `./lockstep pause --help` shows the usage");
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
  void retriesAllDeadLettersOfASystem() {
    assertThat(run("dead-letters", "retry", "--all", "--system", "tracker")).isZero();
    assertThat(asked)
        .containsExactly("POST /api/dead-letters/retry?system=tracker&kind= Bearer secret");
    assertThat(out.toString()).contains("Retrying 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "d1 --all", "--system tracker", "d1 --kind incident"})
  void retriesNeitherMoreNorLessThanWasMeant(String arguments) {
    List<String> line = new ArrayList<>(List.of("dead-letters", "retry"));
    line.addAll(List.of(arguments.split(" ")).stream().filter(word -> !word.isEmpty()).toList());

    assertThat(run(line.toArray(String[]::new))).isEqualTo(2);

    assertThat(asked).isEmpty();
    assertThat(err.toString()).contains("specify an ID, or --all");
  }

  @Test
  void listsDeadLettersInPagesAndWhoDecidedAboutThem() {
    columns = 80;
    assertThat(run("dead-letters", "list", "--limit", "1", "--after", "16")).isZero();
    assertThat(asked)
        .containsExactly("GET /api/dead-letters?system=&kind=&after=16&limit=1 Bearer secret");
    assertThat(out.toString()).contains("1 of 7; next page: --after d1");
    assertThat(run("dead-letters", "decisions")).isZero();
    assertThat(out.toString()).contains("ann smith", "retried", "correlation:p1");
  }

  @Test
  void saysWhatADeadLetterAskedAndWhatToDo() {
    assertThat(run("dead-letters", "show", "d1")).isZero();
    assertThat(out.toString()).contains("INC0010001 ⇄ #42", "refused", "PUT /x", "400 no", "Mend");
    assertThat(run("dead-letters", "list")).isZero();
    assertThat(out.toString()).contains("TRIES");
  }

  @Test
  void listsDuplicatesThatWaitOrAreInForce() {
    environment.put("NO_COLOR", "1");
    columns = 80;
    assertThat(run("duplicates", "list")).isZero();
    assertThat(asked).containsExactly("GET /api/duplicates?limit=100 Bearer secret");
    assertThat(out.toString().lines().limit(3))
        .containsExactly(
            "ID  STATE     SCORE  DUPLICATE   PRIMARY     TITLE            SINCE (UTC)",
            "12  PROPOSED  0.87   INC0010007  INC0010001  Patient portal…  2026-11-24 03:00:05",
            "11  LINKING   –      INC0010006  INC0010001  No e-mail        2026-11-24 03:00:06");
    assertThat(out.toString())
        .contains("1 cannot proceed; show displays the problem.")
        .contains(
            "`./lockstep duplicates show ID` shows the reasons; then accept ID, reject ID or split")
        .doesNotContain("--limit");
  }

  @Test
  void listsDuplicatesByState() {
    assertThat(run("duplicates", "list", "--state", "split,REJECTED", "--limit", "2")).isZero();
    assertThat(out.toString()).contains("Only the latest 2 are shown; --limit shows more.");
    assertThat(run("duplicates", "list", "--all")).isZero();
    assertThat(asked)
        .containsExactly(
            "GET /api/duplicates?limit=2&state=split%2CREJECTED Bearer secret",
            "GET /api/duplicates?limit=100&state=ALL Bearer secret");
  }

  @Test
  void saysThatThereAreNoDuplicates() {
    server.removeContext("/api/duplicates");
    answer("/api/duplicates", 200, "{\"duplicates\":[]}");
    assertThat(run("duplicates", "list")).isZero();
    assertThat(run("duplicates", "list", "--state", "SPLIT")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "No proposed or active duplicates; --all also shows past ones.",
            "No duplicates in these states.");
  }

  @Test
  void showsWhyTwoTicketsAreThoughtToBeTheSame() {
    environment.put("NO_COLOR", "1");
    assertThat(run("duplicates", "show", "12")).isZero();
    assertThat(out.toString().lines())
        .contains(
            "INC0010007 → INC0010001  PROPOSED",
            "Score 0.87",
            "+0.41   embedding  their texts mean nearly the same thing, by 0.93 of 1",
            "-0.05   time       opened 3 days apart",
            "record    ticketing/incident/b7  http://t/b7",
            "opened    2026-11-24 02:50:00 UTC",
            "`./lockstep duplicates accept 12` if they are the same, `reject 12` if not.")
        .anyMatch(line -> line.matches(" *2026-11-24 03:00:05 +proposed +Scored 0.87"))
        .anyMatch(line -> line.matches(" *2026-11-24 03:00:07 +accepted +As proposed +by ann"))
        .noneMatch(line -> line.startsWith("problem") || line.startsWith("decided"));
  }

  @Test
  void showsWhatPeopleJoinedAndWhyItIsStuck() {
    answer(
        "/api/duplicates/11", 200, "{\"duplicate\":" + LINKED + ",\"reasons\":[],\"history\":[]}");
    environment.put("NO_COLOR", "1");
    assertThat(run("duplicates", "show", "11")).isZero();
    assertThat(out.toString().lines())
        .contains(
            "Score –",
            "  Linked by a user; no score was computed.",
            "decided   ann",
            "problem   its primary was deleted",
            "`./lockstep duplicates split 11` undoes it.");
  }

  @Test
  void decidesInTheNameOfTheUser() {
    assertThat(run("duplicates", "accept", "12")).isZero();
    assertThat(run("duplicates", "accept", "12", "--primary", "INC 7&x")).isZero();
    assertThat(run("duplicates", "reject", "12")).isZero();
    user = "?";
    assertThat(run("duplicates", "split", "12")).isZero();
    assertThat(asked)
        .containsExactly(
            "POST /api/duplicates/12/accept Bearer secret",
            "POST /api/duplicates/12/accept?primary=INC%207%26x Bearer secret",
            "POST /api/duplicates/12/reject Bearer secret",
            "POST /api/duplicates/12/split Bearer secret");
    assertThat(out.toString().lines())
        .contains("INC0010007 → INC0010001: rejected; now told the systems");
  }

  @Test
  void endsWithOneWhenADuplicateIsUnknownOrCannotBeDecided() {
    for (String verb : List.of("show", "accept", "reject", "split")) {
      assertThat(run("duplicates", verb, "99")).as(verb).isEqualTo(1);
      assertError("lockstep: There is no duplicate 99");
    }
    answer(
        "/api/duplicates/13/split",
        409,
        "{\"status\":409,\"detail\":\"13 is only proposed; reject it instead\"}");
    assertThat(run("duplicates", "split", "13")).isEqualTo(1);
    assertError("lockstep: 13 is only proposed; reject it instead");
  }

  @Test
  void endsWithTwoWhenTheServiceDoesNotUnderstand() {
    answer("/api/duplicates/14/accept", 400, "{\"status\":400,\"detail\":\"by: too long\"}");
    assertThat(run("duplicates", "accept", "14")).isEqualTo(2);
    assertError("lockstep: by: too long");
    assertThat(run("duplicates")).isEqualTo(2);
    assertError("use list, show, accept, reject or split");
    assertThat(run("duplicates", "accept")).isEqualTo(2);
    assertError("./lockstep duplicates accept --help");
    assertThat(run("duplicates", "list", "--all", "--state", "LINKED")).isEqualTo(2);
    assertError("--all and --state are mutually exclusive");
    assertThat(asked).hasSize(1);
  }

  @Test
  void letsNoTicketSteerTheTerminal() {
    assertThat(run("duplicates", "show", "12")).isZero();
    assertThat(out.toString()).contains("times out \uFFFD[31mfor", "\u001B[33mPROPOSED");
    String hostile = "a\\u001b]0;x\\u0007b\\u009b31mc\\u202ed\\u2066e";
    String shown = "a\uFFFD]0;x\uFFFDb\uFFFD31mc\uFFFDd\uFFFDe";
    answer("/api/dead-letters/9", 200, "{\"request\":\"%s\"}".formatted(hostile));
    assertThat(run("dead-letters", "show", "9")).isZero();
    assertThat(out.toString()).contains(shown);
    assertThat(run("dead-letters", "show", "9", "--json")).isZero();
    assertThat(out.toString()).contains(shown);
    answer(
        "/api/duplicates/15/accept", 400, "{\"status\":400,\"detail\":\"%s\"}".formatted(hostile));
    assertThat(run("duplicates", "accept", "15")).isEqualTo(2);
    assertError("lockstep: " + shown);
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
  }

  @Test
  void endsWithThreeWhenNoServiceAnswers() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(run("pairs", "list", "--url", "http://localhost:" + free)).isEqualTo(3);
    assertError("no service is reachable at http://localhost:" + free);
  }

  @Test
  void saysWhereTheTokenComesFromWhenItIsRefused() {
    answer("/api/pairs/locked", 401, "{\"status\":401}");
    assertThat(run("pairs", "show", "locked")).isEqualTo(1);
    assertError("rejects the token");
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
  void namesTheUserOnlyWithTheTokenOfThisMachine() {
    assertThat(run("pairs", "list")).isZero();
    assertThat(run("pairs", "list", "--token", "given")).isZero();
    user = "?";
    assertThat(run("pairs", "list")).isZero();
    assertThat(users).containsExactly("ann%20smith", "", "");
  }

  @Test
  void saysWhichRoleIsMissingAndThatATokenExpired() {
    answer("/api/pairs/mine", 403, "{\"status\":403,\"detail\":\"This needs the role admin.\"}");
    assertThat(run("pairs", "show", "mine")).isEqualTo(1);
    assertError("This needs the role admin.");
    answer("/api/pairs/late", 401, "{\"status\":401,\"detail\":\"The API token 'ci' expired\"}");
    assertThat(run("pairs", "show", "late")).isEqualTo(1);
    assertError("The API token 'ci' expired");
  }

  @Test
  void managesUsersWithoutShowingAPassword() {
    answer("/api/users", 200, "{\"users\":[" + USER + "]}");
    assertThat(run("users", "list", "--no-json")).isZero();
    assertThat(out.toString()).contains("eve", "operator", "local:ann", "2026-11-24 03:00:05");
    server.removeContext("/api/users");
    answer("/api/users", 201, USER);
    assertThat(
            runWithInput(
                "correct horse\nx",
                "users",
                "add",
                "eve",
                "--role",
                "operator",
                "--password-stdin"))
        .isZero();
    assertThat(bodies).containsExactly("{email=, name=eve, password=correct horse, role=operator}");
    assertThat(out.toString()).doesNotContain("horse");
    answer("/api/users/eve/password", 200, "{\"name\":\"eve\",\"outcome\":\"changed\"}");
    assertThat(runWithInput("battery staple", "users", "password", "eve", "--password-stdin"))
        .isZero();
    assertThat(bodies).last().isEqualTo("{password=battery staple}");
    answer("/api/users/eve", 200, "{\"name\":\"eve\",\"outcome\":\"removed\"}");
    assertThat(run("users", "remove", "eve")).isZero();
    assertThat(asked)
        .containsExactly(
            "GET /api/users Bearer secret",
            "POST /api/users Bearer secret",
            "PUT /api/users/eve/password Bearer secret",
            "DELETE /api/users/eve Bearer secret");
    assertThat(run("users", "add", "eve")).isEqualTo(2);
    assertError("there is no terminal to ask for the password");
    assertThat(run("users")).isEqualTo(2);
    assertError("users: no subcommand; use add, list, remove, password or email");
  }

  @Test
  void printsATokenOnce() {
    answer("/api/tokens", 200, "{\"secret\":\"lockstep_abc\",\"tokens\":[" + TOKEN + "]}");
    assertThat(run("tokens", "create", "ci", "--role", "operator", "--days", "30")).isZero();
    assertThat(out.toString()).isEqualTo("lockstep_abc\n");
    assertThat(bodies).containsExactly("{days=30, name=ci, role=operator}");
    out.getBuffer().setLength(0);
    assertThat(run("tokens", "list", "--no-json")).isZero();
    assertThat(out.toString()).contains("ci", "operator", "never").doesNotContain("lockstep_abc");
    answer("/api/tokens/ci", 200, "{\"name\":\"ci\",\"outcome\":\"revoked\"}");
    assertThat(run("tokens", "revoke", "ci", "--no-json")).isZero();
    assertThat(asked).last().isEqualTo("DELETE /api/tokens/ci Bearer secret");
    assertThat(run("tokens")).isEqualTo(2);
    assertError("tokens: missing subcommand; use create, list or revoke");
  }

  private int runWithInput(String input, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return run(arguments);
    } finally {
      System.setIn(before);
    }
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
          throw new StartupException(List.of("A: missing", "B: wrong"), null);
        };
    assertThat(run("run")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("lockstep: A: missing", "lockstep: B: wrong");
  }

  @Test
  void printsFindingsOnALineEachAndEndsWithOneIfOneFails() throws IOException {
    findings =
        new ObjectMapper()
            .readTree(
                """
                [{"system":"a","title":"Desk","check":"connection","status":"PASS","found":"answers","advice":""},
                 {"system":"a","title":"Desk","check":"webhook","status":"WARNING","found":"off\\nnow","advice":"Switch it on."},
                 {"system":"b","title":"Pager","check":"x","status":"FAIL","found":"\\u001b[31m\\u009b2J @|red a|@","advice":"Look."}]
                """);
    terminal = false;
    assertThat(run("check", "--no-json")).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "",
            "Desk",
            "PASS  connection  answers",
            "WARN  webhook     off now. Switch it on.",
            "",
            "Pager",
            "FAIL  x           \uFFFD[31m\uFFFD2J @|red a|@. Look.",
            "",
            "1 passed, 1 to look at, 1 failed. No record was written to any system.");
    out.getBuffer().setLength(0);
    terminal = true;
    columns = 50;
    assertThat(run("check")).isEqualTo(1);
    assertThat(out.toString()).contains("\u001B[32mPASS").contains("\u001B[31mFAIL");
    out.getBuffer().setLength(0);
    assertThat(run("check", "--json")).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(out.toString())).hasSize(3);
    out.getBuffer().setLength(0);
    terminal = false;
    assertThat(run("check")).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(out.toString())).hasSize(3);
  }

  @Test
  void aCheckEndsWithZeroUnlessSomethingFails() throws IOException {
    findings =
        new ObjectMapper()
            .readTree("[{\"title\":\"Desk\",\"check\":\"x\",\"status\":\"WARNING\"}]");
    assertThat(run("check")).isZero();
  }

  /** Its reader, the service, was killed: nobody would use the plan or stop it. */
  @Test
  void aPlanWhoseProgressNobodyReadsEnds() {
    AtomicInteger said = new AtomicInteger();
    Writer broken =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };

    int ended =
        Commands.create(
                service,
                (running, within) -> findings,
                (request, observer) -> {
                  for (int open = 3; open > 0; open--) {
                    observer.progress(open, said.incrementAndGet());
                  }
                  return plan;
                },
                new CliEnvironment(environment, dir, false, columns, user),
                new PrintWriter(out, true),
                new PrintWriter(broken, true))
            .execute("plan", "--json", "--progress");

    assertThat(said).hasValue(1);
    assertThat(ended).isEqualTo(1);
  }

  private int run(String... arguments) {
    return Commands.create(
            service,
            (running, within) -> findings,
            (request, observer) -> plan,
            new CliEnvironment(environment, dir, terminal, columns, user),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
  }

  private void assertError(String part) {
    assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.contains(part));
    err.getBuffer().setLength(0);
  }

  private void answer(String path, int status, String body) {
    answer(path, status, () -> body);
  }

  /** One answer after the other; the last one is repeated. */
  private void answerInTurn(String path, List<String> bodies) {
    Iterator<String> next = bodies.iterator();
    String last = bodies.get(bodies.size() - 1);
    answer(path, 200, () -> next.hasNext() ? next.next() : last);
  }

  private void answer(String path, int status, Supplier<String> answer) {
    server.createContext(
        path,
        exchange -> {
          String body = answer.get();
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          String caller = exchange.getRequestHeaders().getFirst("X-Lockstep-User");
          users.add(caller == null ? "" : caller);
          String sent =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (!sent.isEmpty()) {
            bodies.add(new TreeMap<>(new ObjectMapper().readValue(sent, Map.class)).toString());
          }
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  @Test
  void takesTheWidthTheUserWantsBeforeTheTerminals() {
    assertThat(CliEnvironment.columns("60", 120)).isEqualTo(60);
    assertThat(CliEnvironment.columns("", 120)).isEqualTo(120);
    assertThat(CliEnvironment.columns("wide", 120)).isEqualTo(120);
  }
}
