package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.jira.IssueChange;
import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Duplicates among issues of Jira, by {@code incident.jira.yaml}. */
class JiraDuplicatesIT {
  private static final String DOWN = "Patient records are down for every ward since this morning";
  private static final String PAPER = "The printers in the basement are out of paper";
  private static final Map<String, String> AUTOMATIC =
      Map.of("LOCKSTEP_DUPLICATES_MODE", "automatic");

  /** Highest: each would page by itself. */
  private static String issue(JiraRig rig, String summary) {
    return rig.jira
        .as("ann")
        .create(
            "OPS",
            "[System] Incident",
            summary,
            Map.of("priority", rig.json("{\"name\":\"Highest\"}")));
  }

  /** The issues it "duplicates", as people see them. */
  private static List<String> primaries(JiraRig rig, String issue) {
    List<String> keys = new ArrayList<>();
    for (JsonNode link : rig.jira.issue(issue).at("/fields/issuelinks")) {
      if (link.has("outwardIssue") && link.at("/type/name").asText().equals("Duplicate")) {
        keys.add(link.at("/outwardIssue/key").asText());
      }
    }
    return keys;
  }

  /** How often a link was made or taken away over HTTP, each of the two issues counted. */
  private static long linkings(JiraRig rig, IssueChange.Kind kind) {
    return rig.jira.changesBy(SystemsAgreement.BOT_EMAIL).stream()
        .filter(change -> change.kind() == kind)
        .count();
  }

  private static List<String> comments(JiraRig rig, String issue, String text) {
    return rig.jira.comments(issue).stream()
        .map(comment -> comment.body().toString())
        .filter(body -> body.contains(text))
        .toList();
  }

  /** A person accepts what was joined: from then on texts are shared. */
  private static void accept(JiraRig rig) {
    for (JsonNode duplicate :
        rig.lockstep.api("GET", "/duplicates?state=LINKED&limit=1000").path("duplicates")) {
      rig.lockstep.api("POST", "/duplicates/" + duplicate.path("id").asLong() + "/accept");
    }
  }

  private static int in(JiraRig rig, String state) {
    return rig.lockstep
        .api("GET", "/duplicates?limit=1000&state=" + state)
        .path("duplicates")
        .size();
  }

  private static void needsNobody(JiraRig rig) {
    rig.awaitQuiet();
    assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
  }

  /** The answer to one link is lost, and to one step of a resolution. */
  @Test
  void tenIssuesOfOneOutageAreOnePageAndAreLedTogether() {
    try (JiraRig rig = JiraRig.started("jira-duplicates", AUTOMATIC)) {
      rig.jira.faults().next(1, Faults.Kind.DONE_BUT_RESET, JiraDuplicatesIT::isLink);
      String other = issue(rig, PAPER);
      List<String> outage =
          IntStream.range(0, 10).parallel().mapToObj(i -> issue(rig, DOWN)).toList();
      rig.eventually(() -> assertThat(in(rig, "LINKED")).isEqualTo(9));
      needsNobody(rig);

      Set<String> primary =
          outage.stream().flatMap(key -> primaries(rig, key).stream()).collect(Collectors.toSet());
      assertThat(primary).hasSize(1);
      String lead = primary.iterator().next();
      List<String> duplicates = outage.stream().filter(key -> !key.equals(lead)).toList();
      assertThat(duplicates).allSatisfy(key -> assertThat(primaries(rig, key)).hasSize(1));
      assertThat(primaries(rig, lead)).isEmpty();
      assertThat(primaries(rig, other)).isEmpty();
      assertThat(linkings(rig, IssueChange.Kind.LINKED)).isEqualTo(9);
      assertThat(open(rig)).hasSize(2);
      assertThat(duplicates)
          .allSatisfy(key -> assertThat(comments(rig, key, "Linked as a duplicate of")).hasSize(1));

      var ann = rig.jira.as("ann");
      accept(rig);
      ann.commentInternally(lead, "The disk of Dr. X");
      ann.comment(lead, "We are on it");
      ann.comment(lead, "Back in ten minutes");
      rig.eventually(
          () ->
              assertThat(duplicates)
                  .allSatisfy(
                      key -> assertThat(comments(rig, key, "Back in ten minutes")).hasSize(1)));
      needsNobody(rig);
      assertThat(duplicates)
          .allSatisfy(
              key -> {
                assertThat(comments(rig, key, "We are on it")).hasSize(1);
                assertThat(comments(rig, key, "The disk")).isEmpty();
                assertThat(rig.jira.status(key)).isEqualTo("Open");
              });

      ann.transition(lead, "Start progress");
      rig.jira.faults().next(1, Faults.Kind.DONE_BUT_RESET, JiraDuplicatesIT::isTransition);
      ann.resolve(lead, "Resolve", "Done");
      rig.eventually(
          () ->
              assertThat(duplicates)
                  .allSatisfy(key -> assertThat(rig.jira.status(key)).isEqualTo("Resolved")));
      rig.eventually(() -> assertThat(open(rig)).hasSize(1));
      needsNobody(rig);
      assertThat(duplicates)
          .allSatisfy(
              key ->
                  assertThat(rig.jira.issue(key).at("/fields/resolution/name").asText())
                      .isEqualTo("Done"));
      assertThat(rig.jira.status(other)).isEqualTo("Open");
      assertThat(rig.jira.comments(other)).hasSize(1); // which incident stands for it
      assertThat(in(rig, "LINKED")).isEqualTo(9);
    }
  }

  /** Two calls link it, one says why; the webhooks of that make it be read once more. */
  @Test
  void oneDuplicateCostsAsFewCallsAsItTakes() {
    try (JiraRig rig = JiraRig.started("jira-duplicates-calls", AUTOMATIC)) {
      String primary = issue(rig, DOWN);
      rig.eventually(() -> assertThat(open(rig)).hasSize(1));
      rig.awaitQuiet();
      List<String> calls = Collections.synchronizedList(new ArrayList<>());
      rig.jira.onRequest(
          call -> calls.add(call.method() + " " + call.url().replaceFirst("^/rest/api/3", "")));
      String duplicate = issue(rig, DOWN);
      rig.eventually(
          () -> assertThat(comments(rig, duplicate, "Linked as a duplicate of")).hasSize(1));
      needsNobody(rig);
      assertThat(primaries(rig, duplicate)).containsExactly(primary);
      List<String> made =
          calls.stream()
              .map(call -> call.replaceFirst("[?].*", "").replaceAll("\\d+$|\\d+(?=/)", "{id}"))
              .toList();
      assertThat(made)
          .filteredOn(call -> !call.startsWith("GET"))
          .containsExactly("POST /issueLink", "POST /issue/{id}/comment");
      // One read more where a webhook comes late, and so may tell of something newer.
      assertThat(made)
          .filteredOn(call -> call.startsWith("GET"))
          .hasSizeBetween(1, 3)
          .containsOnly("GET /issue/{id}");
    }
  }

  private static boolean isLink(Faults.Call call) {
    return call.method().equals("POST") && call.path().endsWith("/issueLink");
  }

  private static boolean isTransition(Faults.Call call) {
    return call.method().equals("POST") && call.path().endsWith("/transitions");
  }

  private static List<PagerDutyIncident> open(JiraRig rig) {
    return rig.pagerDuty.incidents().stream()
        .filter(incident -> incident.status() != IncidentStatus.RESOLVED)
        .toList();
  }

  /** Two that page already turn out to be one: their incidents are merged. */
  @Test
  void incidentsOfIssuesThatTurnOutTheSameAreMerged() {
    try (JiraRig rig = JiraRig.started("jira-duplicates-merged", AUTOMATIC)) {
      String first = issue(rig, DOWN);
      String second = issue(rig, PAPER);
      rig.eventually(() -> assertThat(rig.pagerDuty.incidents()).hasSize(2));
      rig.eventually(() -> assertThat(rig.incidentOf(second).priority()).isNotNull());
      String survivor = rig.incidentOf(first).id();
      String merged = rig.incidentOf(second).id();
      rig.awaitQuiet();

      rig.jira.as("ann").summarize(second, DOWN);

      rig.eventually(
          () -> {
            assertThat(primaries(rig, second)).containsExactly(first);
            assertThat(rig.pagerDuty.incident(merged).mergedInto()).isEqualTo(survivor);
          });
      needsNobody(rig);
      assertThat(rig.jira.status(second)).isEqualTo("Open");
    }
  }

  /** In mode propose nobody but people consolidates; what they link, and unlink, is honoured. */
  @Test
  void aPersonsLinkIsHonouredAndSoIsItsRemoval() {
    try (JiraRig rig = JiraRig.started("jira-duplicates-by-hand", Map.of())) {
      var ann = rig.jira.as("ann");
      String primary = issue(rig, DOWN);
      String other = issue(rig, PAPER);
      rig.eventually(() -> assertThat(open(rig)).hasSize(2));
      rig.awaitQuiet();
      String task = ann.create("OPS", "Task", "Buy paper");
      String bug = ann.create("OPS", "Bug", "Driver does not know that there is none");

      // Links of no interest: of another type, and to what is no incident. Neither begins anything.
      ann.link("Relates", other, primary);
      ann.link("Duplicate", other, bug);
      ann.link("Duplicate", task, bug);
      rig.awaitQuiet();
      assertThat(in(rig, "LINKED")).isZero();
      assertThat(rig.pagerDuty.incidents()).hasSize(2);

      ann.link("Duplicate", other, primary);
      rig.eventually(() -> assertThat(in(rig, "LINKED")).isEqualTo(1));
      rig.eventually(() -> assertThat(open(rig)).hasSize(1));
      ann.comment(primary, "We are on it");
      rig.eventually(() -> assertThat(comments(rig, other, "We are on it")).hasSize(1));
      needsNobody(rig);
      assertThat(rig.jira.status(other)).isEqualTo("Open");

      ann.unlink("Duplicate", other, primary);
      rig.eventually(() -> assertThat(in(rig, "SPLIT")).isEqualTo(1));
      ann.transition(primary, "Start progress");
      ann.resolve(primary, "Resolve", "Done");
      rig.eventually(
          () ->
              assertThat(rig.pagerDuty.incidents())
                  .filteredOn(each -> each.title().equals(DOWN))
                  .singleElement()
                  .extracting(each -> each.status().toString().toLowerCase(Locale.ROOT))
                  .isEqualTo("resolved"));
      needsNobody(rig);
      assertThat(rig.jira.status(other)).isEqualTo("Open");
      assertThat(primaries(rig, other)).containsExactly(bug);
      assertThat(rig.jira.issue(task).at("/fields/labels")).isEmpty();
      assertThat(linkings(rig, IssueChange.Kind.LINKED)).isZero();
      assertThat(linkings(rig, IssueChange.Kind.UNLINKED)).isZero();
    }
  }

  /** No webhook ever tells: links are found by asking, too. */
  @Test
  void pollsTellOfLinksAndASplitTakesThemAway() {
    Map<String, String> asking =
        Map.of(
            "LOCKSTEP_DUPLICATES_MODE",
            "automatic",
            "JIRA_POLL_INTERVAL",
            "1s",
            "PAGERDUTY_POLL_INTERVAL",
            "1s");
    try (JiraRig rig = JiraRig.started("jira-duplicates-polled", asking)) {
      rig.webhooks(false);
      String primary = issue(rig, DOWN);
      rig.eventually(() -> assertThat(open(rig)).hasSize(1));
      String duplicate = issue(rig, DOWN);
      rig.eventually(() -> assertThat(primaries(rig, duplicate)).containsExactly(primary));
      rig.eventually(() -> assertThat(in(rig, "LINKED")).isEqualTo(1));

      rig.lockstep.api("POST", "/duplicates/" + duplicate + "/split");
      rig.eventually(() -> assertThat(primaries(rig, duplicate)).isEmpty());
      rig.eventually(() -> assertThat(open(rig)).hasSize(2));

      rig.jira.as("ann").link("Duplicate", duplicate, primary);
      rig.eventually(() -> assertThat(in(rig, "LINKED")).isEqualTo(1));
      rig.jira.as("ann").unlink("Duplicate", duplicate, primary);
      rig.eventually(() -> assertThat(in(rig, "SPLIT")).isEqualTo(1));
      needsNobody(rig);
      assertThat(primaries(rig, duplicate)).isEmpty();
    }
  }
}
