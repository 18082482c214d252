package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.Lockstep;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.pagerduty.PagerDutyDocument;
import dev.lockstep.testkit.Launcher;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The whole outage, with a Lockstep in a process of its own that is stopped and killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoIT {
  private static final Path FOLDER = Path.of("target", "demo-it");

  private final StringWriter told = new StringWriter();
  private final Queue<Exchange> calls = new ConcurrentLinkedQueue<>();
  private int code;

  @BeforeAll
  void play() {
    List<String> service = Launcher.command().orElseGet(() -> ServiceCommand.of(Lockstep.class));
    code =
        new Demo(Clock.systemUTC(), FOLDER, service, calls::add)
            .play(true, Optional.empty(), new Screen(new PrintWriter(told), false, 110));
  }

  @Test
  void endsInAgreement() throws IOException {
    assertThat(code).describedAs("%s", told).isZero();
    JsonNode summary = new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile());
    assertThat(summary.path("pairs").asInt()).isEqualTo(6);
    assertThat(summary.path("pairsInAgreement").asInt()).isEqualTo(6);
    assertThat(summary.path("restarts").asInt()).isEqualTo(3);
    assertThat(summary.path("conflicts").asInt()).isPositive();
    assertThat(summary.at("/faultsInjected/too-many-requests").asInt()).isEqualTo(2);
    assertThat(summary.at("/faultsInjected/webhook-lost").asInt()).isEqualTo(2);
  }

  @Test
  void keepsTheIncidentsInStepWithJira() throws IOException {
    JsonNode figures =
        new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile()).path("issues");

    // An alert may have got a ticket, and thus an issue, before it was consolidated.
    assertThat(figures.path("linked").asInt()).isBetween(6, 8);
    assertThat(figures.path("inAgreement").asInt()).isEqualTo(figures.path("linked").asInt());
    assertThat(figures.path("notesWritten").asInt()).isEqualTo(1);
    assertThat(told.toString())
        .containsSubsequence(
            "Jira has issue OPS-1",
            "Jira has issue OPS-2",
            "takes up OPS-2 in Jira",
            "comments on OPS-2",
            "OPS-1 in Jira is Resolved",
            "OPS-1 in Jira is In Progress",
            "OPS-1 in Jira is Resolved",
            "OPS-2 in Jira is Resolved");
  }

  @Test
  void makesOneOfAnOutageThatFortyReport() throws IOException {
    JsonNode figures =
        new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile()).path("duplicates");
    Map<String, Integer> expected =
        Map.ofEntries(
            Map.entry("tickets", 40),
            Map.entry("alerts", 3),
            Map.entry("unrelated", 5),
            Map.entry("primaries", 1),
            Map.entry("consolidated", 40),
            Map.entry("falseMerges", 0),
            Map.entry("missed", 0),
            Map.entry("pagesOpened", 3),
            Map.entry("pagesLeft", 1),
            Map.entry("commentsMissing", 0),
            Map.entry("commentsDoubled", 0),
            Map.entry("proposedLate", 1));

    expected.forEach(
        (name, value) -> assertThat(figures.path(name).asInt(-1)).as(name).isEqualTo(value));
    // An alert may have got a ticket of its own before it was consolidated; that is told too.
    assertThat(figures.path("commentsTold").asInt()).isBetween(80, 84);
    assertThat(figures.path("resolved").asInt()).isBetween(40, 42);
    assertThat(figures.path("apiCalls").asInt()).isPositive();
    assertThat(figures.path("callsPerTicket").asDouble()).isPositive();
  }

  @Test
  void handsActionItemsOverToChangeManagement() throws IOException {
    JsonNode figures =
        new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile()).path("actions");
    Map<String, Integer> expected =
        Map.ofEntries(
            Map.entry("items", 5),
            Map.entry("changes", 3),
            Map.entry("doubled", 0),
            Map.entry("needOwner", 1),
            Map.entry("needDueDate", 1),
            Map.entry("deployed", 1),
            Map.entry("failed", 1),
            Map.entry("warnings", 1),
            Map.entry("issues", 1),
            Map.entry("issuesInStep", 1),
            Map.entry("traced", 5));

    expected.forEach(
        (name, value) -> assertThat(figures.path(name).asInt(-1)).as(name).isEqualTo(value));
  }

  @Test
  void informsThoseWhoWaitForNewsOnceAndOfNothingInternal() throws IOException {
    JsonNode figures =
        new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile()).path("stakeholders");
    Map<String, Integer> expected =
        Map.of(
            "pageIncidents", 1,
            "vendorTickets", 1,
            "doubled", 0,
            "leaked", 0,
            "updates", 4,
            "late", 1,
            "managers", 2);

    expected.forEach(
        (name, value) -> assertThat(figures.path(name).asInt(-1)).as(name).isEqualTo(value));
    // Other incidents of priority 1 are open for a while, too.
    assertThat(figures.path("reminders").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(figures.path("escalations").asInt()).isPositive();
    assertThat(figures.path("channels").asInt()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void printsTheChainFromTheAlertToWhatWasDeployed() {
    List<String> trace =
        told.toString()
            .lines()
            .dropWhile(line -> !line.startsWith("  $ ./lockstep trace INC"))
            .takeWhile(line -> !line.equals("An update was forgotten"))
            .toList();

    assertThat(trace).isNotEmpty().allMatch(line -> line.length() <= 110);
    assertThat(String.join("\n", trace))
        .contains("├─ alert #", "├─ duplicate ", " more duplicates; --all lists them")
        .containsSubsequence("└─ postmortem INC", "AI-1", "AI-2", "AI-3", "AI-4", "AI-5")
        .contains("  DEPLOYED  ana@example.com", "issue REC-3", "  FAILED, reopened  ben@")
        .contains("  needs owner", "  needs due date", "  in change", "  guarded ");
  }

  @Test
  void countsTheCallsToEachSystem() throws IOException {
    JsonNode calls =
        new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile()).path("apiCalls");

    assertThat(calls.fieldNames())
        .toIterable()
        .containsExactly(
            "servicenow", "pagerduty", "jira", "slack", "statuspage", "vendor", "teams");
    assertThat(calls.at("/jira/PUT").asInt()).isPositive();
  }

  @Test
  void summarisesUnderTheAgreedNames() throws IOException {
    JsonNode summary = new ObjectMapper().readTree(FOLDER.resolve("summary.json").toFile());
    List<String> names = new ArrayList<>();
    summary.fieldNames().forEachRemaining(names::add);

    assertThat(names)
        .containsExactly(
            "pairs",
            "pairsInAgreement",
            "changesCarried",
            "notesCarried",
            "conflicts",
            "duplicatesCreated",
            "echoesWritten",
            "apiCalls",
            "writesPerChange",
            "readsPerChange",
            "lagMillis",
            "lagMillisUnderFaults",
            "acts",
            "deadLetters",
            "faultsInjected",
            "restarts",
            "duplicates",
            "actions",
            "issues",
            "stakeholders");
  }

  @Test
  void isPlainInAPipe() {
    assertThat(told.toString()).doesNotContain("\u001b");
  }

  @Test
  void asksPagerDutyOnlyForWhatItsDocumentAllows() {
    PagerDutyDocument document = PagerDutyDocument.load();
    TreeSet<String> broken = new TreeSet<>();
    for (Exchange call : calls) {
      document
          .brokenByRequest(call)
          .forEach(each -> broken.add(call.method() + " " + call.url() + ": " + each));
    }

    assertThat(calls).hasSizeGreaterThan(20);
    assertThat(broken).isEmpty();
  }
}
