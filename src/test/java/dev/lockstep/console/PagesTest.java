package dev.lockstep.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditQueries;
import dev.lockstep.audit.AuditQueries.Filter;
import dev.lockstep.backfill.MappingFingerprints;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.inbox.WebhookReceipts.Kind;
import dev.lockstep.pair.Pair;
import dev.lockstep.testkit.TestDatabase;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every page and every button, over HTTP. */
class PagesTest {
  private static final List<String> LISTS =
      List.of(
          "/",
          "/overview",
          "/incidents",
          "/communications",
          "/reports",
          "/dead-letters",
          "/conflicts",
          "/duplicates",
          "/problems",
          "/action-items",
          "/postmortems",
          "/audit",
          "/audit.csv",
          "/plans",
          "/maintenance",
          "/mappings");

  private final ConsoleRig rig = new ConsoleRig();

  /** Logged in once: log-ins are limited. */
  private static final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  @BeforeAll
  static void logIn() throws Exception {
    assertThat(
            post("/login", Map.of("username", ConsoleRig.USER, "password", ConsoleRig.PASSWORD))
                .headers()
                .firstValue("Location"))
        .hasValueSatisfying(to -> assertThat(to).doesNotContain("login"));
  }

  @BeforeEach
  void empty() {
    rig.empty();
  }

  private static HttpRequest get(String path) {
    return HttpRequest.newBuilder(URI.create(ConsoleRig.address() + path))
        .header("Accept", "text/html, text/csv")
        .build();
  }

  private HttpResponse<String> response(String path) throws Exception {
    return http.send(get(path), BodyHandlers.ofString());
  }

  private Document page(String path) throws Exception {
    HttpResponse<String> response = response(path);
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
    return Jsoup.parse(response.body());
  }

  /** Presses a button on its confirmation page. */
  private Document confirm(String path, Map<String, String> filled) throws Exception {
    Document asked = page(path);
    assertThat(asked.select("main form[method=post] button").text()).isNotBlank();
    assertThat(asked.select(".confirm li").eachText()).isNotEmpty();
    Map<String, String> fields = new LinkedHashMap<>();
    asked
        .select(".confirm input[type=hidden]")
        .forEach(input -> fields.put(input.attr("name"), input.val()));
    fields.putAll(filled);
    HttpResponse<String> response =
        post(asked.select("main form[method=post]").attr("action"), fields);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(302);
    URI shown = URI.create(response.headers().firstValue("Location").orElseThrow());
    return page(shown.getRawPath());
  }

  private static HttpResponse<String> post(String path, Map<String, String> fields)
      throws Exception {
    Map<String, String> sent = new LinkedHashMap<>(fields);
    String page =
        http.send(get(path.equals("/login") ? path : "/settings"), BodyHandlers.ofString()).body();
    sent.putIfAbsent("_csrf", Jsoup.parse(page).select("[name=_csrf]").attr("content"));
    if (path.equals("/login")) {
      sent.put("_csrf", Jsoup.parse(page).select("input[name=_csrf]").val());
    }
    String body =
        sent.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return http.send(
        HttpRequest.newBuilder(URI.create(ConsoleRig.address() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", ConsoleRig.address())
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private List<AuditQueries.Row> audit(String what) {
    return ConsoleRig.bean(AuditQueries.class)
        .search(new Filter("", false, what, "", null, null), Long.MAX_VALUE, 100);
  }

  @Test
  void overviewCountsWhatNeedsAnOperatorAndSaysSoWhenNothingDoes() throws Exception {
    rig.pair("Portal down", "Portal", "ann");
    assertThat(page("/").select(".tile strong").eachText())
        .containsExactly("1", "0", "0", "0", "0", "0", "0");

    Pair other = rig.gap(rig.pair("Mail", "Mail", "bob"), "status", "no mapped value for '9'");
    rig.conflict(other, "title", "a", "b");
    rig.deadLetter(other, "rejected", "PUT /x", "403", "Grant it.");

    Document page = page("/overview");
    assertThat(page.select(".tile strong").eachText())
        .containsExactly("1", "0", "1", "1", "0", "1", "0");
    assertThat(page.select(".headline").text()).startsWith("1 dead letter, 1 gap");
    assertThat(page.select("table tbody th").eachText()).contains("ServiceNow", "PagerDuty");
    assertThat(page.select("table tbody").text()).containsPattern("\\d+ of 900 left per 1 min");
  }

  /** What the card of webhooks says about a system. */
  private Element webhooks(String title) throws Exception {
    return page("/overview").select("[aria-labelledby=webhooks-title] li").stream()
        .filter(item -> item.select("strong").text().equals(title))
        .findFirst()
        .orElseThrow();
  }

  /** What was read of the database is used for a moment. */
  private void awaitState(String state) {
    await()
        .untilAsserted(
            () -> assertThat(webhooks("PagerDuty").select(".state").text()).isEqualTo(state));
  }

  @Test
  void overviewShowsWhatNobodyAskedAsUnknownAndNeverAsGood() throws Exception {
    awaitState("unknown");
    Element cell = webhooks("PagerDuty");
    assertThat(cell.select(".state").hasClass("good")).isFalse();
    assertThat(cell.text())
        .isEqualTo("PagerDuty unknown webhook subscription: never asked none was verified yet");
    assertThat(webhooks("ServiceNow").text()).isEqualTo("ServiceNow none was verified yet");
    assertThat(page("/overview").select("[aria-labelledby=webhooks-title] li")).hasSize(2);
    assertThat(page("/overview").select(".headline").hasClass("good")).isTrue();

    rig.check("PASS", "as required", "", "20 min");
    await()
        .untilAsserted(() -> assertThat(webhooks("PagerDuty").text()).contains("asked 20 min ago"));
    assertThat(webhooks("PagerDuty").select(".state").text()).isEqualTo("unknown");
    assertThat(webhooks("PagerDuty").select(".good")).isEmpty();
  }

  @Test
  void overviewShowsTheSubscriptionAndTheLastWebhooks() throws Exception {
    rig.check("PASS", "as required", "", "2 min");
    rig.receipt(ConsoleRig.PLATFORM, Kind.REFUSED, "bad-signature", Duration.ofMinutes(9));
    rig.receipt(ConsoleRig.PLATFORM, Kind.VERIFIED, "", Duration.ofMinutes(3));
    rig.receipt(ConsoleRig.TICKET, Kind.VERIFIED, "", Duration.ofMinutes(9));
    rig.receipt(ConsoleRig.TICKET, Kind.REFUSED, "bad-signature", Duration.ofMinutes(1));
    awaitState("pass");
    Element platform = webhooks("PagerDuty");
    assertThat(platform.select(".state").hasClass("good")).isTrue();
    assertThat(platform.text())
        .matches(
            "PagerDuty pass webhook subscription: as required, asked 2 min ago; switched on again 3"
                + " h ago last verified \\d min ago");
    assertThat(webhooks("ServiceNow").text())
        .matches(
            "ServiceNow last verified \\d+ min ago one was refused \\d min ago: bad signature");
  }

  @Test
  void overviewSaysWhatToDoAboutASubscriptionThatIsOff() throws Exception {
    rig.check("FAIL", "active is false", "Switch it on.", "1 min");
    awaitState("fail");
    Element platform = webhooks("PagerDuty");
    assertThat(platform.text()).contains("active is false, asked 1 min ago");
    assertThat(platform.select(".warn-text").text()).isEqualTo("Switch it on.");
    Document page = page("/overview");
    assertThat(page.select(".headline").text()).startsWith("1 system needs you");
    assertThat(page.select("table tbody tr:contains(PagerDuty) .state").text())
        .isEqualTo("degraded");
  }

  @Test
  void drawsTheLagOfTheLastDay() throws Exception {
    assertThat(page("/").select("svg.chart").text()).contains("No measurements yet");
    rig.backlog();
    assertThat(page("/").select("svg.chart path.line")).hasSize(1);
  }

  @Test
  void findsIncidentsAndPagesThroughThem() throws Exception {
    for (int i = 0; i < 60; i++) {
      rig.pair("Disk full on app" + i, "Platform", "ann");
    }
    Document first = page("/incidents?q=disk&service=platform");
    assertThat(first.select("table tbody tr")).hasSize(50);
    String next = first.select("a[rel=next]").attr("href");
    assertThat(next).startsWith("/incidents?q=disk&service=platform&after=");

    Document second = page(next);

    assertThat(second.select("table tbody tr")).hasSize(10);
    assertThat(second.select("a[rel=next]")).isEmpty();
    assertThat(page("/incidents?q=INC0010007").select("table tbody td.title").eachText())
        .containsExactly("Disk full on app6");
    assertThat(page("/incidents?q=nowhere").select(".empty").text()).contains("Nothing matches");
  }

  @Test
  void sendsOnlyTheResultsToHtmx() throws Exception {
    rig.pair("Portal down", "Portal", "ann");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ConsoleRig.address() + "/incidents?q=portal"))
            .header("HX-Request", "true")
            .header("HX-Target", "results")
            .build();

    String body = http.send(request, BodyHandlers.ofString()).body();

    assertThat(body).contains("Portal down").doesNotContain("<nav class=\"side\"");
  }

  @Test
  void showsBothRecordsBesideTheBaseAndWhoOwnsWhatDiffers() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.gap(pair, "status", "no mapped value for it");
    rig.conflict(pair, "priority", "1/2", "2/2");
    rig.note(pair, "ann", "Looking");

    for (String name :
        List.of(
            pair.id().toString(),
            pair.correlation().toString(),
            "INC0010001",
            "%2341",
            pair.records().get(0).toString())) {
      Document page = page("/incidents/" + name);
      assertThat(page.select("h1").text()).isEqualTo("INC0010001 ⇄ #41");
      assertThat(page.select("table.compare tbody tr:has(th:contains(priority)) td").eachText())
          .containsExactly("1/2", "1/2 ↔ P2", "P2", "ServiceNow", "agreed");
      assertThat(page.select("table.compare tr.GAP").text()).contains("no mapped value for it");
      assertThat(page.select(".notes").text()).contains("Looking").contains("to PagerDuty sent");
    }
  }

  @Test
  void timelineHasThreeLevelsOfDetail() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    String path = "/incidents/" + pair.id() + "?detail=";

    assertThat(page(path + 1).select(".timeline strong").eachText())
        .containsExactlyInAnyOrder("created", "started");
    Document events = page(path + 2);
    assertThat(events.select(".timeline strong").eachText()).contains("updated");
    assertThat(events.select(".timeline details[open]")).isEmpty();
    assertThat(page(path + 3).select(".timeline details[open]").text()).contains("triggered");
  }

  @Test
  void downloadsTheTimelineWithOrWithoutInternalNotes() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.note(pair, "=ann", "=1+1 secret");
    assertThat(page("/incidents/INC0010001").select(".timeline").text()).contains("=1+1 secret");
    String path = "/incidents/" + pair.correlation() + "/timeline?format=";

    HttpResponse<String> csv = response(path + "csv");
    assertThat(csv.headers().firstValue("Content-Disposition").orElse("")).contains("timeline.csv");
    assertThat(csv.body()).contains(",note,'=ann,'=1+1 secret,internal,event");
    assertThat(response(path + "csv&public=true").body()).doesNotContain("secret");
    assertThat(response(path + "markdown").body()).startsWith("---\nincident: INC0010001\n");
    assertThat(response(path + "json").body()).contains("\"key\":\"INC0010001\"");
    assertThat(response(path + "pdf").statusCode()).isEqualTo(400);
    assertThat(response("/incidents/INC404/timeline").statusCode()).isEqualTo(404);
  }

  @Test
  void reconcilesAnIncidentOnConfirmation() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");

    Document after = confirm("/incidents/" + pair.correlation() + "/reconcile", Map.of());

    assertThat(after.select(".done").text()).contains("being fetched and reconciled");
    assertThat(after.select("h1").text()).contains("INC0010001");
    assertThat(
            rig.jdbc
                .sql("select count(*) from inbox_entry, jsonb_object_keys(hints) where subject = ?")
                .param("correlation:" + pair.correlation())
                .query(Long.class)
                .single())
        .isEqualTo(2);
    assertThat(audit("requested"))
        .singleElement()
        .satisfies(row -> assertThat(row.event().entry().actor()).isEqualTo(ConsoleRig.USER));
  }

  @Test
  void unlinksAPairOnConfirmationWithAReason() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    String path = "/incidents/" + pair.correlation() + "/pairs/" + pair.id() + "/unlink";
    HttpResponse<String> refused = post(path, Map.of("reason", " "));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Jsoup.parse(refused.body()).select(".problem").text()).contains("reason: missing");

    Document after = confirm(path, Map.of("reason", "wrong\u001b[31m ticket"));

    assertThat(after.select(".title-line .state").eachText()).containsOnly("ended", "unlinked");
    assertThat(after.select("a:contains(Unlink)")).isEmpty();
    assertThat(audit("unlinked"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.event().entry().actor()).isEqualTo(ConsoleRig.USER);
              assertThat(row.event().entry().details()).containsEntry("reason", "wrong ticket");
            });
    assertThat(post(path, Map.of("reason", "again")).statusCode()).isEqualTo(409);
  }

  @Test
  void choosesTheValueThatLostAConflict() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.conflict(pair, "priority", "1/2", "P2", "P1");
    String choose = page("/conflicts").select("a:contains(Choose)").attr("href");
    assertThat(page(choose).select(".confirm li").text())
        .contains("Writes 'P1' to priority of pagerduty/incident/PT4KHL1")
        .contains("synced to servicenow/incident/9d385011");

    Document after = confirm(choose, Map.of());

    assertThat(after.select(".done").text()).contains("is being written");
    assertThat(rig.jdbc.sql("select value from chosen_value").query(String.class).list())
        .containsExactly("P1");
    assertThat(audit("decided"))
        .singleElement()
        .satisfies(row -> assertThat(row.event().entry().actor()).isEqualTo(ConsoleRig.USER));
    rig.conflict(pair, "priority", "1/2", "P2", "P2");
    assertThat(page("/conflicts").select("tbody tr").get(0).text())
        .endsWith("priority of #41 is 'P2' already.");
    String same = latestConflict();
    assertThat(post(same, Map.of()).statusCode()).isEqualTo(409);
    assertThat(response("/conflicts/1/choose").statusCode()).isEqualTo(404);
  }

  private String latestConflict() {
    return "/conflicts/" + audit("conflict").get(0).id() + "/choose";
  }

  @Test
  void aConflictWhoseFieldWasEditedSinceCannotBeChosen() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.conflict(pair, "title", "Portal is down", "Portal?");
    String choose = latestConflict();
    assertThat(page("/conflicts").select("tbody tr").text()).contains("title was edited since");
    assertThat(page("/conflicts").select("a:contains(Choose)")).isEmpty();

    for (HttpResponse<String> answer : List.of(response(choose), post(choose, Map.of()))) {
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(Jsoup.parse(answer.body()).select(".problem").text())
          .contains("title was edited since: #41 has 'Portal down', INC0010001 has 'Portal down'.")
          .contains("Nothing was changed.");
    }
    assertThat(rig.jdbc.sql("select count(*) from chosen_value").query(Long.class).single())
        .isZero();
    assertThat(audit("decided")).isEmpty();
  }

  @Test
  void retriesAndDiscardsADeadLetterWithAReason() throws Exception {
    Pair first = rig.pair("Portal down", "Portal", "ann");
    Pair second = rig.pair("Mail", "Mail", "bob");
    String one = rig.deadLetter(first, "rejected", "PUT /x", "403 no", "Grant it.");
    String other = rig.deadLetter(second, "rejected", "PUT /y", "403 no", "Grant it.");
    Document list = page("/dead-letters");
    assertThat(list.select("article pre").eachText())
        .containsExactly("PUT /x", "403 no", "PUT /y", "403 no");
    assertThat(list.select("article .advice").eachText()).contains("Grant it.");

    confirm("/dead-letters/" + one + "/retry", Map.of("reason", "granted"));
    Document after = confirm("/dead-letters/" + other + "/discard", Map.of("reason", "obsolete"));

    assertThat(after.select("article")).isEmpty();
    assertThat(after.select("table tbody tr").eachText())
        .satisfiesExactly(
            row -> assertThat(row).contains("discarded ann obsolete"),
            row -> assertThat(row).contains("retried ann granted"));
    assertThat(rig.jdbc.sql("select state from inbox_entry").query(String.class).list())
        .containsExactly("RECEIVED");
    assertThat(response("/dead-letters/" + other + "/retry").statusCode()).isEqualTo(404);
    assertThat(post("/dead-letters/" + other + "/retry", Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void decidesAllDeadLettersOfAFilter() throws Exception {
    for (int i = 0; i < 3; i++) {
      rig.deadLetter(rig.pair("T" + i, "S", "a"), "rejected", "PUT", "403", "Grant.");
    }
    assertThat(page("/dead-letters?system=nowhere").select("article")).isEmpty();
    assertThat(page("/dead-letters?system=pagerduty&kind=incident").select("article")).hasSize(3);

    Document none =
        confirm("/dead-letters/all/discard?system=nowhere", Map.of("reason", "not these"));
    assertThat(none.select("article")).hasSize(3);
    Document after =
        confirm(
            "/dead-letters/all/discard?system=pagerduty&kind=incident", Map.of("reason", "known"));

    assertThat(after.select(".done").text()).isEqualTo("3 dead letters are discarded.");
    assertThat(audit("discarded"))
        .hasSize(3)
        .allSatisfy(
            row -> assertThat(row.event().entry().details()).containsEntry("reason", "known"));
  }

  @Test
  void problemsAreAcceptedAndRejected() throws Exception {
    long accepted = problem("Portal slow again", "itsm/incident/p1");
    long rejected = problem("<b>Portal</b> down again", "itsm/incident/p2");

    Document list = page("/problems");
    assertThat(list.select("article.card h2").eachText())
        .anyMatch(title -> title.contains("<b>Portal</b> down again"));
    // No mapping of this rig creates problems.
    HttpResponse<String> refused = post("/problems/" + accepted + "/accept", Map.of());
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("No mapping in use creates records of problems");
    Document after = confirm("/problems/" + rejected + "/reject", Map.of());
    assertThat(after.text()).contains("Problem " + rejected + " was rejected.");
    assertThat(page("/problems").text()).doesNotContain("down again").contains("slow again");
    assertThat(page("/problems?all=true").text()).contains("down again");
    assertThat(post("/problems/404404/reject", Map.of()).statusCode()).isEqualTo(404);
  }

  private static long problem(String title, String incident) {
    return ConsoleRig.bean(JdbcClient.class)
        .sql(
            """
            with added as (
              insert into problem (state, service, title, proposed_at, changed_at)
              values ('PROPOSED', 'Portal', ?, now(), now()) returning id),
            member as (
              insert into problem_incident (incident, problem, added_at)
              select ?, id, now() from added)
            select id from added
            """)
        .params(title, incident)
        .query(Long.class)
        .single();
  }

  @Test
  void decidesDuplicates() throws Exception {
    Pair primary = rig.pair("Portal down", "Portal", "ann");
    Pair second = rig.pair("Portal slow", "Portal", "bob");
    Pair third = rig.pair("Portal?", "Portal", "cy");
    Pair fourth = rig.pair("Portal!", "Portal", "dee");
    String accepted = rig.duplicate(second, primary, "PROPOSED");
    String rejected = rig.duplicate(third, primary, "PROPOSED");
    String split = rig.duplicate(fourth, primary, "LINKED");
    Document list = page("/duplicates");
    assertThat(list.select("article")).hasSize(1);
    assertThat(list.select("article tbody tr")).hasSize(3);
    assertThat(page("/duplicates/" + accepted).text())
        .contains("words in common: portal, login")
        .contains("opened 4 minutes apart");

    confirm("/duplicates/" + accepted + "/accept", Map.of("primary", "INC0010001"));
    confirm("/duplicates/" + rejected + "/reject", Map.of());
    Document after = confirm("/duplicates/" + split + "/split", Map.of());

    assertThat(after.select(".done").text()).contains("INC0010004 is being unlinked");
    Duplicates duplicates = ConsoleRig.bean(Duplicates.class);
    assertThat(List.of(accepted, rejected, split))
        .extracting(id -> duplicates.find(id).orElseThrow().summary())
        .allSatisfy(summary -> assertThat(summary.decidedBy()).isEqualTo(ConsoleRig.USER))
        .extracting(Duplicates.Summary::state)
        .containsExactly(
            Duplicates.State.LINKING, Duplicates.State.REJECTED, Duplicates.State.UNLINKING);
    HttpResponse<String> refused = post("/duplicates/" + rejected + "/accept", Map.of());
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Jsoup.parse(refused.body()).select(".problem").text()).contains("REJECTED");
  }

  @Test
  void approvesATextThatWaitsExactlyAsItIsShown() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    String id = rig.waitingText(pair, "bob.ray", "Half of all requests fail");
    assertThat(page("/overview").select("section:has(#texts-title) li").text())
        .contains("INC0010001 for PagerDuty", "Half of all requests fail");
    assertThat(page("/overview").text()).contains("1 waiting text");
    Document incident = page("/incidents/" + pair.correlation());
    assertThat(incident.select("section:has(#waiting-title) li").text())
        .contains("bob.ray on INC0010001", "#41", "public", "Half of all requests fail");

    String path = "/incidents/notes/" + id + "/approve";
    assertThat(page(path).select(".confirm li").eachText())
        .anyMatch(text -> text.contains("#41: Half of all requests fail"));
    Document after = confirm(path, Map.of());

    assertThat(after.select(".done").text()).contains("Approved");
    assertThat(after.select("#waiting-title")).isEmpty();
    assertThat(page("/overview").select("#texts-title")).isEmpty();
    assertThat(deliveries()).containsExactly("READY Half of all requests fail");
    assertThat(page("/audit?text=approved").select("tbody tr").text())
        .contains("An operator approved a text of INC0010001 for #41", ConsoleRig.USER);
    HttpResponse<String> again = post(path, Map.of());
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(Jsoup.parse(again.body()).select(".problem, .error, main").text())
        .contains("decided on, or edited since");
  }

  private List<String> deliveries() {
    return rig.jdbc
        .sql("select state || ' ' || text from note_delivery where waiting_since is not null")
        .query(String.class)
        .list();
  }

  @Test
  void rejectsATextForAReason() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    String id = rig.waitingText(pair, "bob.ray", "My number is 555");
    String path = "/incidents/notes/" + id + "/reject";
    assertThat(post(path, Map.of("reason", " ")).statusCode()).isEqualTo(400);
    assertThat(deliveries()).containsExactly("WAITING My number is 555");

    Document after = confirm(path, Map.of("reason", "a private number"));

    assertThat(after.select(".done").text()).contains("Rejected");
    assertThat(deliveries()).containsExactly("SKIPPED My number is 555");
    assertThat(
            rig.jdbc
                .sql("select details ->> 'reason' from audit where what = 'rejected'")
                .query(String.class)
                .list())
        .containsExactly("a private number");
  }

  @Test
  void aTextThatWasEditedMeanwhileIsNotApproved() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    String id = rig.waitingText(pair, "bob.ray", "Half of all requests fail");
    String path = "/incidents/notes/" + id + "/approve";
    assertThat(page(path).text()).contains("Half of all requests fail");
    rig.jdbc.sql("update note_delivery set mark = 'other', text = 'All requests fail'").update();

    assertThat(post(path, Map.of()).statusCode()).isEqualTo(404);
    assertThat(deliveries()).containsExactly("WAITING All requests fail");
  }

  @Test
  void listsActionItemsPostmortemsConflictsAndGaps() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.postmortem(pair, "Portal outage");
    rig.conflict(pair, "priority", "1/2", "2/2");
    rig.gap(pair, "status", "the mapping has no right value for left '9'");

    assertThat(page("/action-items").select("table tbody tr").eachText())
        .satisfiesExactly(
            row -> assertThat(row).contains("Alert on failed log-ins").contains("day(s) late"),
            row -> assertThat(row).contains("second identity provider").contains("no due date"));
    assertThat(page("/action-items?overdue=true").select("table tbody tr")).hasSize(1);
    assertThat(page("/postmortems").select("table tbody tr").text()).contains("Portal outage");
    assertThat(page("/incidents/INC0010001").select("#items-title ~ * table tbody tr")).hasSize(2);
    assertThat(page("/conflicts").select("table tbody tr").text())
        .contains("INC0010001 ⇄ #41 priority 1/2 by ann.lee 2/2 by bob.ray");
    Document mappings = page("/mappings");
    assertThat(mappings.select("#incident tr:has(th:contains(status))").text())
        .contains("left '9' (1)")
        .contains("2 → acknowledged");
  }

  @Test
  void pausesAndResumesOnConfirmation() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    Document asked = page("/maintenance/pause?scope=system:pagerduty&for=8h");
    assertThat(asked.select(".confirm li").text())
        .contains("No call is made to PagerDuty")
        .contains("It ends by itself 8h after you confirm");

    Document after =
        confirm(
            "/maintenance/pause?scope=system:pagerduty&for=8h",
            Map.of("reason", "import\u001b[31m of contacts"));

    assertThat(after.select(".done").text()).isEqualTo("System pagerduty is paused.");
    assertThat(after.select("#pauses-now article").text())
        .contains("System PagerDuty paused")
        .contains("import of contacts")
        .contains("By " + ConsoleRig.USER)
        .contains("Ends in 7 h")
        .contains("Changes that wait 0");
    assertThat(page("/").select(".headline").eachText().get(0))
        .contains("System PagerDuty is paused")
        .contains("By " + ConsoleRig.USER);
    assertThat(page("/incidents/" + pair.id()).select(".headline").text())
        .contains("System PagerDuty is paused");
    assertThat(page("/maintenance/pause?scope=system:pagerduty").select(".confirm li").text())
        .contains("It lasts until somebody ends it.")
        .contains("It is paused already");
    confirm("/maintenance/pause", Map.of());
    rig.waiting(pair, "all");
    assertThat(page("/maintenance").select("#pauses-now article h3").eachText())
        .containsExactly("Everything", "System PagerDuty");

    assertThat(page("/maintenance/resume?scope=all").select(".confirm li").text())
        .contains("1 change waits")
        .contains("Stays: system pagerduty is paused by " + ConsoleRig.USER);
    assertThat(confirm("/maintenance/resume?scope=all", Map.of()).select(".done").text())
        .isEqualTo("Everything is resumed; 1 change waited.");
    confirm("/maintenance/resume?scope=system:pagerduty", Map.of());

    assertThat(page("/maintenance").select("#pauses-now").text()).isEqualTo("Nothing is paused.");
    assertThat(audit("paused"))
        .extracting(row -> row.event().entry().actor())
        .containsExactly(ConsoleRig.USER, ConsoleRig.USER);
    assertThat(audit("paused").get(1).event().entry().details())
        .containsEntry("reason", "import of contacts");
    assertThat(audit("resumed"))
        .extracting(row -> row.event().entry().actor())
        .containsExactly(ConsoleRig.USER, ConsoleRig.USER);
    for (HttpResponse<String> again :
        List.of(
            response("/maintenance/resume?scope=all"),
            post("/maintenance/resume", Map.of("scope", "all")))) {
      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(again.body()).contains("No operator has paused everything on its own");
    }
  }

  @Test
  void reconcilesAllOnConfirmationAndShowsTheRun() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    assertThat(page("/maintenance").select("#reconciliation-now .empty").text())
        .isEqualTo("None has been run yet.");
    assertThat(page("/maintenance/reconciliation/report").select(".confirm li").text())
        .contains("Nothing is written to any system.");

    Document after = confirm("/maintenance/reconciliation/repair", Map.of());

    assertThat(after.select(".done").text()).isEqualTo("The reconciliation is started.");
    assertThat(after.select("#reconciliation-now").text())
        .contains("Compare and repair running 0 %")
        .contains("by " + ConsoleRig.USER)
        .contains("Incidents compared 0 of 1");
    assertThat(after.select("#reconciliation-now .actions")).isEmpty();
    assertThat(post("/maintenance/reconciliation/report", Map.of()).statusCode()).isEqualTo(409);
    assertThat(audit("started"))
        .filteredOn(row -> row.event().subject().kind().equals("reconciliation"))
        .singleElement()
        .satisfies(row -> assertThat(row.event().entry().actor()).isEqualTo(ConsoleRig.USER));

    rig.jdbc.sql("delete from reconciliation").update();
    rig.reconciliation(pair, false);
    Document running = page("/maintenance");
    assertThat(running.select("#reconciliation-now progress").attr("value")).isEqualTo("59");
    assertThat(running.select("#reconciliation-now").text())
        .contains("59 %, about 20 min left")
        .contains("Incidents compared 308 of 520")
        .contains("Not compared 2")
        .contains("Records that differ 1 1 changed")
        .contains("Repaired 1");
    assertThat(running.select("#reconciliation-now tbody tr").text())
        .isEqualTo("INC0010001 changed incident.title Portal is slow Portal is down");
    String link = running.select("#reconciliation-now tbody a").attr("href");
    assertThat(page(link).select("h1").text()).isEqualTo("INC0010001 ⇄ #41");

    rig.entry(pair, "FAILED", "", "", "", "");
    rig.jdbc.sql("update reconciliation set finished_at = now()").update();
    Document finished = page("/maintenance");
    assertThat(finished.select("#reconciliation-now .state").text()).isEqualTo("drift");
    assertThat(finished.select("#reconciliation-now").text())
        .contains("Repaired 0 1 being processed, or dead letters");
    assertThat(finished.select("#reconciliation-now .actions a")).hasSize(2);
  }

  @Test
  void startsAndStopsABackfillOnConfirmation() throws Exception {
    String path =
        "/maintenance/backfill?since=2026-11-01&system=servicenow&kind=incident&query=a%3D%27b%27"
            + "&notes=since-link&adoptBy=correlation";
    assertThat(page(path).select(".confirm li").text())
        .contains(
            "Reads the incident records of ServiceNow that changed since 2026-11-01 and match"
                + " a='b'.")
        .contains("the counterpart that its correlation names is adopted")
        .contains(
            "./lockstep plan --since 2026-11-01 --system servicenow --kind incident --query"
                + " 'a='\\''b'\\''' --notes since-link --adopt-by correlation");

    Document after = confirm(path, Map.of());

    assertThat(after.select(".done").text()).isEqualTo("The backfill is started.");
    assertThat(after.select("#backfills-now article").text())
        .contains("Incident records of ServiceNow changed since 2026-11-01 running")
        .contains("Query: a='b'")
        .contains("by " + ConsoleRig.USER)
        .contains("Older notes since link");
    assertThat(post("/maintenance/backfill", Map.of("since", "2026-11-01")).statusCode())
        .isEqualTo(409);
    Document stopped = confirm("/maintenance/backfill/stop", Map.of());
    assertThat(stopped.select("#backfills-now article .state").text()).isEqualTo("stopped");
    assertThat(stopped.select("#backfills-now article").text())
        .contains("by " + ConsoleRig.USER)
        .contains("Records found 0");
    assertThat(response("/maintenance/backfill/stop").statusCode()).isEqualTo(409);
    assertThat(post("/maintenance/backfill/stop", Map.of()).statusCode()).isEqualTo(409);
    assertThat(audit("stopped"))
        .singleElement()
        .satisfies(row -> assertThat(row.event().entry().actor()).isEqualTo(ConsoleRig.USER));
    assertThat(page("/maintenance/backfill?system=servicenow&query=x").select(".confirm li").text())
        .contains("Reads the records of ServiceNow that match x.");
  }

  @Test
  void showsEachBackfillWithItsProgressAndWhatItStarted() throws Exception {
    Pair created = rig.pair("Portal down", "Portal", "ann");
    Pair adopted = rig.pair("Mail", "Mail", "bob");
    rig.backfill(List.of(created, adopted), true);
    rig.entry(adopted, "FAILED", "", "", "", "");
    rig.backfill(List.of(created), false);
    rig.jdbc
        .sql("update backfill set problem = '403. Grant it.' where finished_at is null")
        .update();

    Document page = page("/maintenance");

    assertThat(page.select("#backfills-now article").eachText())
        .satisfiesExactly(
            running ->
                assertThat(running)
                    .contains("running")
                    .contains("50 %, about 20 min left")
                    .contains("It waits: 403. Grant it.")
                    .contains("Records found 1 ")
                    .contains("Counterparts created 1 Counterparts adopted 0"),
            done ->
                assertThat(done)
                    .contains("being processed")
                    .contains("Records found 2 1 to go")
                    .contains("Counterparts created 1 Counterparts adopted 1 by correlation"));
  }

  @ParameterizedTest
  @CsvSource({
    "pause, scope, nowhere, is neither a system",
    "pause, for, soon, is no duration from 1s to 366d",
    "backfill, system, servicenow, 'since: write a day as 2026-11-24, or a query.'",
    "backfill, since, yesterday, 'since: write a day as 2026-11-24, or a query.'"
  })
  void refusesWhatItCannotCarryOutBeforeItAsks(String action, String name, String value, String why)
      throws Exception {
    for (HttpResponse<String> answer :
        List.of(
            response("/maintenance/" + action + "?" + name + "=" + value),
            post("/maintenance/" + action, Map.of(name, value)))) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(Jsoup.parse(answer.body()).select(".problem").text()).contains(why);
    }
    assertThat(page("/maintenance").select("article")).isEmpty();
  }

  @Test
  void refusesABackfillOfWhatNoMappingHas() throws Exception {
    HttpResponse<String> answer =
        post("/maintenance/backfill", Map.of("since", "2026-11-01", "adoptBy", "nothing"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Jsoup.parse(answer.body()).select(".problem").text())
        .contains("adopt-by: no mapping in use has a field 'nothing'");
    assertThat(page("/maintenance").select("article")).isEmpty();
  }

  @Test
  void showsAPlanLikeADiffPageByPage() throws Exception {
    long id = rig.plan(10_000);
    String path = "/plans/" + id;

    Document page = page(path);

    assertThat(page.select("main .title-line .state").first().text()).isEqualTo("changes");
    assertThat(page.select("#plan-now").text())
        .contains("Compared 310", "Records written to 10\u202f001")
        .contains(
            "PagerDuty 10\u202f000 1 1 1 620 10\u202f003 at least 2 min at 500 calls a minute");
    assertThat(page.select("article")).hasSize(50);
    assertThat(page.select("article").first().text())
        .contains("+ PagerDuty (new 1) Portal 1 created", "with INC1")
        .contains("title new record Portal 1 incident: INC1 is Portal 1");
    assertThat(page(page.select("[rel=next]").attr("href")).select("article h3").first().text())
        .contains("(new 51)");
    assertThat(page.select("main").text())
        .contains("INC2 is a duplicate of INC1 (would be proposed to an operator)")
        .contains("pagerduty has no escalation-policy 'Web'")
        .contains("401. Set PAGERDUTY_TOKEN");
    Document updated = page(path + "?operation=UPDATE");
    assertThat(updated.select("article")).hasSize(1);
    assertThat(updated.select("article .old").text()).isEqualTo("Portal is down");
    assertThat(updated.select("article .new").first().text()).contains("<script>alert(1)</script>");
    assertThat(updated.select("article th").eachText()).contains("title", "public note");
    assertThat(updated.select("main [href^=javascript], main script")).isEmpty();
    assertThat(page("/plans").select("article").text()).contains("Plan " + id, "Query: priority=1");
  }

  @Test
  void saysWhatCarryingOutAPlanWritesAndRefusesOneOfOtherMappings() throws Exception {
    long id = rig.plan(1);
    String path = "/plans/" + id + "/apply";
    assertThat(page(path).select(".confirm li").text())
        .contains(
            "PagerDuty: creates 1, updates 1, adds 1 notes and 1 links, with 4 writing calls.");

    HttpResponse<String> refused = post(path, Map.of());

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Jsoup.parse(refused.body()).select(".problem").text())
        .contains("The plan was made with the mappings", "plan again");
    rig.jdbc
        .sql("update saved_plan set summary = jsonb_set(summary, '{mappings}', ?::jsonb)")
        .param(new ObjectMapper().writeValueAsString(inUse()))
        .update();
    Document applied = confirm(path, Map.of());
    assertThat(applied.select(".done").text()).isEqualTo("The plan is being carried out.");
    assertThat(applied.select("main .title-line .state").eachText())
        .startsWith("carried out", "running");
    rig.jdbc
        .sql(
            "update backfill_record set state = 'REFUSED', reason = 'INC1 was changed after the"
                + " plan was made; plan again' where record = 'servicenow/incident/1'")
        .update();
    assertThat(page("/plans/" + id).select("main").text())
        .contains("Not written to 1")
        .contains("servicenow/incident/1 INC1 was changed after the plan was made; plan again");
    assertThat(response(path).statusCode()).as("a second time").isEqualTo(409);
    assertThat(post(path, Map.of()).statusCode()).isEqualTo(409);
    assertThat(audit("applied"))
        .singleElement()
        .satisfies(row -> assertThat(row.event().entry().actor()).isEqualTo(ConsoleRig.USER));
    assertThat(page("/audit?what=applied").select("td a").attr("href")).isEqualTo("/plans/" + id);
    assertThat(confirm("/plans/" + id + "/delete", Map.of()).select(".done").text())
        .isEqualTo("Plan " + id + " is deleted.");
    assertThat(response("/plans/" + id).statusCode()).isEqualTo(404);
  }

  private static Map<String, String> inUse() {
    return ConsoleRig.bean(MappingFingerprints.class).inUse();
  }

  @Test
  void makesOnePlanAtATimeAndKnowsWhenItsProcessIsGone() throws Exception {
    assertThat(
            page("/plans/start?since=2026-11-01&system=servicenow&most=200")
                .select(".confirm li")
                .text())
        .contains("Reads the records of ServiceNow that changed since 2026-11-01, at most 200")
        .contains("up to 1\u202f200, within the limits")
        .contains("All its notes are written to the counterpart.");
    confirm("/plans/start?since=2026-11-01&most=200", Map.of());
    assertThat(post("/plans/start", Map.of("since", "2026-11-01")).statusCode()).isEqualTo(409);
    assertThat(response("/plans/start?since=2026-11-01").statusCode()).isEqualTo(200);
    Document stopped = confirm("/plans/stop", Map.of());
    assertThat(stopped.select("article .state").text()).isEqualTo("stopped");
    assertThat(post("/plans/stop", Map.of()).statusCode()).isEqualTo(409);

    rig.jdbc
        .sql(
            "update saved_plan set finished_at = null, stopped_by = null, seen_at = now() -"
                + " interval '2 min'")
        .update();
    Document gone = page("/plans");
    assertThat(gone.select("article .state").text()).isEqualTo("failed");
    assertThat(gone.select("article .problems").text()).contains("is gone; plan again");
  }

  @ParameterizedTest
  @CsvSource({
    "since, yesterday, 'since: write a day as 2026-11-24, or a query.'",
    "since, 2999-01-01, 'since: write a day that has begun, or a query.'",
    "query, a=b, 'system: choose whose query it is.'",
    "most, 0, 'most: write a number from 1 to 10000.'",
    "most, 10001, 'most: write a number from 1 to 10000.'"
  })
  void refusesAPlanThatCannotBeMade(String name, String value, String why) throws Exception {
    Map<String, String> form =
        name.equals("most") ? Map.of("since", "2026-11-01", name, value) : Map.of(name, value);
    HttpResponse<String> answer = post("/plans/start", form);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Jsoup.parse(answer.body()).select(".problem").text()).contains(why);
    assertThat(page("/plans").select("article")).isEmpty();
  }

  @Test
  void listsValuesWithoutAMappingUntilTheirTableHasARow() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.unmapped(pair, "status", "9", 3);
    rig.unmapped(pair, "status", "2", 5);
    rig.unmapped(pair, "no-such-field", "1", 2);
    rig.unmappedOutOfScope("P6");
    rig.gap(pair, "status", "the mapping has no right value for left '9'");
    rig.jdbc
        .sql("update audit set at = at - interval '40 d' where details ->> 'value' = 'P6'")
        .update();

    Document page = page("/mappings");

    assertThat(page.select("section[aria-labelledby=unmapped-title] tbody tr").eachText())
        .satisfiesExactly(
            row ->
                assertThat(row)
                    .startsWith("incident status 9 ServiceNow 3 1 1 h ago 1 h ago")
                    .endsWith("INC0010001 ⇄ #41"),
            row ->
                assertThat(row)
                    .startsWith("incident priority P6 PagerDuty 0 0")
                    .endsWith("pagerduty/incident/PX9 does not start syncing"));
    String example =
        page.select("section[aria-labelledby=unmapped-title] td a[href^=/]").attr("href");
    assertThat(page(example).select("h1").text()).isEqualTo("INC0010001 ⇄ #41");
    assertThat(page.select("section[aria-labelledby=gaps-title]").text())
        .contains("Nothing else keeps a field");
    assertThat(
            page("/mappings?days=90")
                .select("section[aria-labelledby=unmapped-title] tbody tr:contains(P6)")
                .text())
        .startsWith("incident priority P6 PagerDuty 1 0");
    assertThat(response("/mappings?days=8").statusCode()).isEqualTo(400);
  }

  @Test
  void filtersTheAuditAndExportsItWithoutFormulas() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.conflict(pair, "title", "=HYPERLINK(\"http://x\")", "b");
    String letter = rig.deadLetter(pair, "=1+1", "PUT", "403", "Grant.");
    confirm("/dead-letters/" + letter + "/discard", Map.of("reason", "known"));

    assertThat(page("/audit?people=true").select("table tbody tr")).hasSize(1);
    assertThat(page("/audit?actor=ann").select("table tbody tr")).hasSize(1);
    assertThat(page("/audit?what=conflict&subject=pair").select("table tbody tr")).hasSize(1);
    assertThat(page("/audit?subject=pair:" + pair.id()).select("table tbody tr")).hasSize(4);
    assertThat(page("/audit?to=2001-01-01").select("table tbody tr")).isEmpty();
    HttpResponse<String> wrong = response("/audit?from=yesterday");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("from: write a day as 2026-11-24.");

    HttpResponse<String> csv = response("/audit.csv?actor=ann");

    assertThat(csv.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
    assertThat(csv.headers().firstValue("Content-Disposition").orElse("")).contains("audit.csv");
    assertThat(csv.body().lines()).hasSize(2);
    assertThat(csv.body()).contains(",'=1+1,ann,").doesNotContain(",=1+1");
  }

  @Test
  void masksSecretsInTheSettings() throws Exception {
    Document page = page("/settings");

    assertThat(page.text())
        .contains("SERVICENOW_PASSWORD ••••••")
        .contains("lockstep.mappings incident,action-item")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/incidents/INC404",
        "/incidents/00000000-0000-0000-0000-000000000000",
        "/incidents/00000000-0000-0000-0000-000000000000/reconcile",
        "/incidents/00000000-0000-0000-0000-000000000000/pairs/00000000-0000-0000-0000-000000000000/unlink",
        "/incidents/%3Cscript%3Ealert(1)",
        "/duplicates/404",
        "/duplicates/404/accept",
        "/incidents/notes/404/approve",
        "/incidents/notes/404/reject",
        "/dead-letters/404/retry",
        "/dead-letters/x/discard"
      })
  void answersAnUnknownIdWithAPage(String path) throws Exception {
    HttpResponse<String> response = response(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(Jsoup.parse(response.body()).select("h1").text()).isEqualTo("Not found");
    assertThat(response.body()).doesNotContain("<script>alert");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/incidents?status=nonsense",
        "/incidents?after=nonsense",
        "/incidents/x/reconcile",
        "/audit?before=x",
        "/incidents/INC1?detail=x"
      })
  void answersAWrongParameterWithAPage(String path) throws Exception {
    HttpResponse<String> response = response(path);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Jsoup.parse(response.body()).select("h1").text()).isEqualTo("Not a valid request");
  }

  @Test
  void neutralizesHostileTextOnEveryPage() throws Exception {
    rig.fill();
    for (String path : LISTS) {
      String body = response(path).body();
      assertThat(body).as(path).doesNotContain("\u001b").doesNotContain("\u202e");
      if (!path.endsWith(".csv")) {
        assertThat(body).as(path).doesNotContain("<script>alert").doesNotContain("<img src=x");
      }
    }
    for (String path : List.of("/incidents/INC0010006", "/conflicts", "/dead-letters")) {
      assertThat(response(path).body()).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }
    String query = URLEncoder.encode(ConsoleRig.HOSTILE, StandardCharsets.UTF_8);
    for (String path : List.of("/incidents?q=", "/audit?actor=", "/action-items?owner=")) {
      Document page = page(path + query);
      assertThat(page.select("script:not([src])")).isEmpty();
      assertThat(page.select("[onerror]")).isEmpty();
    }
  }

  @Test
  void reportsHowLongIncidentsTookAndWhatBecameOfThem() throws Exception {
    assertThat(page("/reports").select(".card .empty").eachText())
        .containsExactly(
            "No incidents of that time.",
            "None.",
            "None.",
            "No ticket of that time has duplicates.");
    Pair pair = rig.pair(ConsoleRig.HOSTILE, "Portal", "ann");
    rig.resolved(pair, "P1", Duration.ofMinutes(90));

    Document page = page("/reports?since=7d&by=LEVEL");
    assertThat(page.select("#groups-title ~ .scroll tbody tr").eachText())
        .containsExactly("P1 1 0 0 – – – 1.5 h –");
    assertThat(page.select(".tiles .tile strong").eachText())
        .containsExactly("1", "–", "–", "–", "1.5 h", "–");
    assertThat(page.select("#closed-title ~ .list li").text())
        .startsWith("INC0010001 <script>alert(1)")
        .contains("no action items");
    assertThat(page.select(".chart").eachAttr("aria-labelledby"))
        .containsExactly("per-month-title", "resolve-title");
    assertThat(page.select(".chart .bars rect[height=160.0]")).hasSize(2);
    assertThat(page.select(".chart .labels text").eachText()).contains("1", "1.5 h");
    for (String name : List.of("incidents", "closed", "recurrence", "duplicates")) {
      HttpResponse<String> csv = response("/reports/" + name + ".csv?since=7d");
      assertThat(csv.statusCode()).isEqualTo(200);
      assertThat(csv.headers().firstValue("Content-Disposition"))
          .contains("attachment; filename=\"" + name + ".csv\"");
    }
    assertThat(response("/reports/closed.csv").body()).contains("INC0010001");
    assertThat(response("/reports/passwords.csv").statusCode()).isEqualTo(404);
    HttpResponse<String> refused = response("/reports?since=%3Cscript%3E");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Jsoup.parse(refused.body()).text()).contains("since: '<script>' is not a time");
    assertThat(response("/reports?by=colour").statusCode()).isEqualTo(400);
  }

  @Test
  void whatAVendorHasToReportIsListedWithItsTicket() throws Exception {
    assertThat(page("/communications").text()).contains("Nothing is expected of a vendor.");
    Pair pair = rig.pair(ConsoleRig.HOSTILE, "Portal", "ann");
    rig.due(pair, 5);
    rig.vendorDue(pair, -5);

    assertThat(page("/communications").select("#vendors tbody tr").text())
        .contains("overdue", "escalated once", "Acme", "INC0010001", "P2", "never");
  }

  @Test
  void anUpdateIsReviewedBeforeItIsSentAndSentOnce() throws Exception {
    Pair pair = rig.pair(ConsoleRig.HOSTILE, "Portal", "ann");
    rig.due(pair, -5);
    assertThat(page("/").select(".tile.bad").eachText()).contains("1updates overdue");
    assertThat(page("/").select(".headline").text()).contains("1 overdue update needs you");
    Document list = page("/communications");
    assertThat(list.select("tbody tr").text()).contains("overdue", "Executives", "INC0010001");
    Document draft = page("/communications/INC0010001/executives");
    assertThat(draft.select("textarea").text()).startsWith("P2 INC0010001: <script>alert(1)");
    assertThat(draft.text()).contains("not sent manager: 'ann' is no e-mail address");
    Map<String, String> form = new LinkedHashMap<>();
    form.put("key", draft.select("input[name=key]").val());
    form.put("basedOn", draft.select("input[name=basedOn]").val());
    form.put("subject", "Down\r\nBcc: x");
    form.put("text", "We found it.\r\n\r\nMore soon.");

    String path = "/communications/INC0010001/executives";
    HttpResponse<String> review = post(path, form);
    assertThat(review.statusCode()).isEqualTo(200);
    Document asked = Jsoup.parse(review.body());
    assertThat(asked.select("pre.draft").first().wholeText())
        .isEqualTo("We found it.\n\nMore soon.");
    assertThat(audit("informed")).isEmpty();
    asked.select(".confirm input[type=hidden]").forEach(in -> form.put(in.attr("name"), in.val()));
    form.put("text", asked.select(".confirm textarea").first().wholeText());

    Map<String, String> edited = new LinkedHashMap<>(form);
    edited.put("edit", "true");
    assertThat(Jsoup.parse(post(path, edited).body()).select("textarea#text").first().wholeText())
        .isEqualTo("We found it.\n\nMore soon.");
    assertThat(audit("informed")).isEmpty();

    assertThat(post(path, form).statusCode()).isEqualTo(302);
    assertThat(post(path, form).statusCode()).as("a second click").isEqualTo(302);
    assertThat(audit("informed"))
        .singleElement()
        .satisfies(row -> assertThat(row.event().entry().actor()).isEqualTo(ConsoleRig.USER));
    form.put("key", "another");
    assertThat(post(path, form).body()).contains("update 1 was sent meanwhile by ann");
    Document incident = page("/incidents/INC0010001");
    assertThat(incident.select(".timeline").text()).contains("Sent update 1 to Executives, late");
    assertThat(incident.select("#updates-title ~ ol .text").first().wholeText())
        .isEqualTo("We found it.\n\nMore soon.");
    assertThat(page("/audit?what=informed").select("tbody a").attr("href"))
        .isEqualTo("/incidents/" + pair.records().get(0).id());
  }

  @Test
  void anUpdateIsPostponedWithAReason() throws Exception {
    rig.due(rig.pair("Portal down", "Portal", "ann"), 5);
    String path = "/communications/INC0010001/executives/snooze";
    assertThat(post(path, Map.of("for", "1 hour")).body()).contains("reason: missing");
    assertThat(post(path, Map.of("for", "1 year", "reason", "x")).statusCode()).isEqualTo(400);
    assertThat(post(path, Map.of("for", "1 hour", "reason", "in a call")).statusCode())
        .isEqualTo(302);
    assertThat(page("/communications").select("tbody tr").text()).contains("snoozed", "in a call");
    assertThat(audit("snoozed")).hasSize(1);
    assertThat(response("/communications/INC404/executives").statusCode()).isEqualTo(404);
    assertThat(response("/communications/INC0010001/board").body())
        .contains("There is no audience &#39;board&#39;");
  }

  @Test
  void anIncidentIsAssignedHandedOverAndReleasedOnce() throws Exception {
    rig.due(rig.pair(ConsoleRig.HOSTILE, "Portal", "ann"), -5);
    rig.jdbc.sql("update incident set manager = ''").update();
    rig.jdbc
        .sql(
            """
            insert into incident_manager
            select record, '', '', null, '', true, now() - interval '9 min', '', ?, 1, ?, 1
            from incident
            """)
        .params("gil@example.com", ConsoleRig.HOSTILE)
        .update();
    assertThat(page("/communications").select("#managers tbody tr").text())
        .contains("overdue", "INC0010001", "nobody", "gil@example.com", "Assign…");
    assertThat(
            page("/incidents/INC0010001").select("section[aria-labelledby=manager-title]").text())
        .contains("overdue", "Nobody leads it.", "Proposed: gil@example.com");

    String path = "/incident-managers/INC0010001";
    Document assign = page(path);
    assertThat(assign.select("script:not([src]), img[src=x]")).isEmpty();
    assertThat(assign.select("#handover-title, #release-title")).isEmpty();
    assertThat(assign.select("input#to").val()).isEqualTo("gil@example.com");
    Map<String, String> form = hidden(assign);
    form.put("to", "gil@example.com");
    assertThat(post(path + "/assign", form).statusCode()).isEqualTo(302);
    assertThat(post(path + "/assign", form).statusCode()).as("a second click").isEqualTo(302);
    assertThat(audit("manager-assigned")).hasSize(1);

    Document handover = page(path);
    Map<String, String> next = hidden(handover);
    next.put("to", "cyd@example.com");
    next.put("openPoints", "- Call the vendor\r\n- " + ConsoleRig.HOSTILE);
    assertThat(handover.select("textarea").text()).contains("Update for Executives is overdue");
    assertThat(post(path + "/handover", next).statusCode()).isEqualTo(302);
    next.put("key", "another");
    assertThat(post(path + "/handover", next).body()).contains("cyd@example.com leads INC0010001");
    Document incident = page("/incidents/INC0010001");
    assertThat(incident.select("section[aria-labelledby=manager-title]").text())
        .contains("cyd@example.com leads it, assigned by ann", "handed over from gil@example.com");
    assertThat(incident.select("section[aria-labelledby=manager-title] .text").first().wholeText())
        .startsWith("- Call the vendor\n- <script>");
    assertThat(incident.select(".timeline").text())
        .contains("cyd@example.com is the incident manager instead of gil@example.com");

    Map<String, String> release = hidden(page(path));
    assertThat(post(path + "/release", release).body()).contains("reason: missing");
    release.put("reason", "ill");
    assertThat(post(path + "/release", release).statusCode()).isEqualTo(302);
    assertThat(audit("manager-released")).hasSize(1);
    assertThat(response("/incident-managers/INC404").statusCode()).isEqualTo(404);
  }

  private static Map<String, String> hidden(Document page) {
    Map<String, String> form = new LinkedHashMap<>();
    page.select("form[action^=/incident-managers]")
        .first()
        .select("input[type=hidden]")
        .forEach(input -> form.put(input.attr("name"), input.val()));
    return form;
  }

  @Test
  void allowsNoScriptOrStyleButItsOwnFiles() throws Exception {
    rig.fill();
    HttpResponse<String> response = response("/");
    assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    for (String path : List.of("/", "/incidents/INC0010001?detail=3", "/mappings")) {
      Document page = page(path);
      assertThat(page.select("script:not([src]), style, [style]")).as(path).isEmpty();
      page.select("script[src], link[rel=stylesheet], link[rel=icon], img")
          .forEach(
              asset -> {
                String address = asset.hasAttr("src") ? asset.attr("src") : asset.attr("href");
                try {
                  assertThat(response(address).statusCode()).as(address).isEqualTo(200);
                } catch (Exception e) {
                  throw new AssertionError(address, e);
                }
              });
    }
  }

  @Test
  void showsTenThousandResultsInPages() throws Exception {
    Pair pair = rig.pair("Portal down", "Portal", "ann");
    rig.jdbc
        .sql(
            """
            insert into audit (subject, at, what, text, details, actor)
            select 'pair:' || ?, now(), 'conflict', 'n ' || n, '{"field": "title"}', 'ann'
            from generate_series(1, 10050) n
            """)
        .param(pair.id().toString())
        .update();
    rig.jdbc
        .sql(
            """
            insert into inbox_entry (subject, generation, state, attempts, outcome_unknown, hints,
              problem, received_at, changed_at)
            select 'record:pagerduty/incident/Q' || n, 0, 'DEAD_LETTER', 1, false, '{}',
              '{"text": "rejected"}', now(), now() from generate_series(1, 10000) n
            """)
        .update();

    assertThat(page("/audit").select("table tbody tr")).hasSize(100);
    assertThat(response("/audit.csv?actor=ann").body().lines()).hasSize(10_001);
    assertThat(page("/conflicts").select("table tbody tr")).hasSize(50);
    Document letters = page("/dead-letters");
    assertThat(letters.select("article")).hasSize(50);
    assertThat(letters.text()).contains("Retry all 10\u202f000…");
    assertThat(page(letters.select("a[rel=next]").attr("href")).select("article")).hasSize(50);
    assertThat(page("/").select(".tile[href=/dead-letters] strong").text())
        .isEqualTo("10\u202f000");
    assertThat(page("/incidents/INC0010001?detail=1").select("h1").text()).contains("INC0010001");
  }

  @Test
  void answersWithAPageWhileTheDatabaseIsAway() throws Exception {
    rig.pair("Portal down", "Portal", "ann");
    try (HikariDataSource other = TestDatabase.migrated()) {
      JdbcClient server = JdbcClient.create(other);
      String database = rig.jdbc.sql("select current_database()").query(String.class).single();
      server.sql("alter database " + database + " allow_connections false").update();
      try {
        server
            .sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?")
            .param(database)
            .query(Boolean.class)
            .list();
        Map<String, CompletableFuture<HttpResponse<String>>> answers = new LinkedHashMap<>();
        LISTS.forEach(
            path -> answers.put(path, http.sendAsync(get(path), BodyHandlers.ofString())));
        answers.forEach(
            (path, answer) -> {
              HttpResponse<String> response = answer.join();
              assertThat(response.statusCode()).as(path).isEqualTo(503);
              assertThat(response.headers().firstValue("Retry-After")).as(path).isPresent();
              assertThat(response.body()).as(path).contains("The database is not reachable");
            });
      } finally {
        server.sql("alter database " + database + " allow_connections true").update();
      }
    }
    assertThat(page("/incidents").select("table tbody tr")).hasSize(1);
  }
}
