package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.record.RecordRef;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Issues that name their primary by a link, in a site that does not know the connector. */
final class JiraDuplicatesTest {
  private static final String TYPE = "[System] Incident";
  private static final String BOT = "lockstep@example.com";

  private final JiraSimulator jira =
      JiraSimulator.start(JiraOptions.defaults().account(BOT, "api-token"));
  private final ConnectorKit kit =
      new ConnectorKit(
          List.of(Path.of("connectors")),
          settings(),
          Clock.systemUTC(),
          Set.of("fields.summary", "fields.status.name"));
  private final Connectors connectors = kit.connectors;
  private final List<String> calls = new ArrayList<>();

  JiraDuplicatesTest() {
    jira.user("Maya", "maya@example.com");
    jira.serviceProject("OPS", "Operations", Workflow.incidents());
    jira.serviceProject("WEB", "Web", Workflow.incidents());
    jira.onRequest(exchange -> calls.add(told(exchange)));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = ConnectorKit.settings(0);
    settings.put("JIRA_URL", jira.url());
    settings.put("JIRA_TOKEN", "api-token");
    settings.put("JIRA_READ_TIMEOUT", "5s");
    return settings;
  }

  private static String told(Exchange exchange) {
    return exchange.method()
        + " "
        + exchange.url().replaceFirst("^/rest/api/3", "").replaceFirst("/\\d+.*", "/{id}");
  }

  @AfterEach
  void close() {
    kit.close();
    jira.close();
  }

  private RecordRef issue() {
    return issue("OPS", TYPE);
  }

  private RecordRef issue(String project, String type) {
    String key = jira.as("maya").create(project, type, "Down");
    return new RecordRef("jira", "incident", jira.issue(key).path("id").asText());
  }

  private void links(RecordRef duplicate, RecordRef primary) {
    jira.as("maya").link("Duplicate", duplicate.id(), primary.id());
  }

  /** What people see: the issues it "duplicates". */
  private List<String> duplicated(RecordRef issue) {
    List<String> ids = new ArrayList<>();
    for (var link : jira.issue(issue.id()).at("/fields/issuelinks")) {
      if (link.has("outwardIssue") && link.at("/type/outward").asText().equals("duplicates")) {
        ids.add(link.at("/outwardIssue/id").asText());
      }
    }
    return ids;
  }

  @Test
  void hangsAnIssueUnderAnotherInTwoCallsAndTakesItOut() {
    RecordRef primary = issue();
    RecordRef duplicate = issue();
    assertThat(connectors.fetch(duplicate).primaryId()).isEmpty();
    calls.clear();

    NativeRecord after = connectors.consolidate(duplicate, primary).orElseThrow();

    assertThat(calls).containsExactly("POST /issueLink", "GET /issue/{id}");
    assertThat(after.ref()).isEqualTo(duplicate);
    assertThat(after.primaryId()).isEqualTo(primary.id());
    assertThat(duplicated(duplicate)).containsExactly(primary.id());
    assertThat(connectors.fetch(primary).primaryId()).isEmpty();

    calls.clear();
    assertThat(connectors.separate(duplicate, "").primaryId()).isEmpty();
    assertThat(calls)
        .containsExactly("GET /issue/{id}", "DELETE /issueLink/{id}", "GET /issue/{id}");
    assertThat(duplicated(duplicate)).isEmpty();
    assertThat(connectors.separate(duplicate, "").primaryId()).isEmpty();
  }

  @Test
  void linksOnceThoughTheAnswerWasLost() {
    RecordRef primary = issue();
    RecordRef duplicate = issue();
    jira.faults().next(1, Faults.Kind.DONE_BUT_RESET, call -> call.path().endsWith("/issueLink"));

    assertThatThrownBy(() -> connectors.consolidate(duplicate, primary))
        .isInstanceOf(SystemUnavailableException.class);

    assertThat(connectors.fetch(duplicate).primaryId()).isEqualTo(primary.id());
    assertThat(connectors.consolidate(duplicate, primary)).isPresent();
    assertThat(duplicated(duplicate)).containsExactly(primary.id());
  }

  @Test
  void replacesWhatItNamedBeforeAndGivesItBack() {
    RecordRef former = issue();
    RecordRef primary = issue();
    RecordRef duplicate = issue();
    links(duplicate, former);

    assertThat(connectors.consolidate(duplicate, primary).map(NativeRecord::primaryId))
        .contains(primary.id());
    assertThat(duplicated(duplicate)).containsExactly(primary.id());

    assertThat(connectors.separate(duplicate, former.id()).primaryId()).isEqualTo(former.id());
    assertThat(duplicated(duplicate)).containsExactly(former.id());
  }

  /** The old link goes last: whatever is lost in between, the issue never names none. */
  @Test
  void endsTheSameAfterACrashBetweenTheNewLinkAndTheOldOne() {
    RecordRef former = issue();
    RecordRef primary = issue();
    RecordRef duplicate = issue();
    links(duplicate, former);
    jira.faults().next(1, Faults.Kind.RESET, call -> call.method().equals("DELETE"));

    assertThatThrownBy(() -> connectors.consolidate(duplicate, primary))
        .isInstanceOf(SystemUnavailableException.class);
    assertThat(connectors.fetch(duplicate).primaryId()).isEqualTo(former.id());

    connectors.consolidate(duplicate, primary);
    assertThat(duplicated(duplicate)).containsExactly(primary.id());
  }

  @Test
  void ofSeveralLinksTheOldestCountsAndNoOtherIsTakenAway() {
    RecordRef first = issue();
    RecordRef second = issue();
    RecordRef duplicate = issue();
    connectors.consolidate(duplicate, first);
    links(duplicate, second);

    assertThat(connectors.fetch(duplicate).primaryId()).isEqualTo(first.id());
    assertThat(connectors.separate(duplicate, "").primaryId()).isEqualTo(second.id());
    assertThat(duplicated(duplicate)).containsExactly(second.id());
  }

  @Test
  void onlyADuplicateLinkFromAnIncidentToAnIncidentCounts() {
    RecordRef issue = issue();
    RecordRef other = issue();
    RecordRef bug = issue("OPS", "Bug");
    RecordRef elsewhere = issue("WEB", TYPE);
    jira.as("maya").link("Relates", issue.id(), other.id());
    jira.as("maya").link("Blocks", issue.id(), other.id());
    links(other, issue);
    links(issue, bug);
    assertThat(connectors.fetch(issue).primaryId()).isEmpty();

    links(issue, elsewhere);
    assertThat(connectors.fetch(issue).primaryId()).isEqualTo(elsewhere.id());
  }

  @Test
  void aPollTellsOfALinkThatAPersonMade() {
    RecordRef primary = issue();
    RecordRef duplicate = issue();
    links(duplicate, primary);
    ChangePage changes =
        connectors.listChanged(
            "jira",
            "incident",
            "list-changed-issue",
            Instant.now(Clock.systemUTC()),
            Optional.empty());
    assertThat(changes.records())
        .filteredOn(record -> record.ref().equals(duplicate))
        .singleElement()
        .extracting(NativeRecord::primaryId)
        .isEqualTo(primary.id());
  }

  @Test
  void tellsWhichOfTheTwoIsGone() {
    RecordRef there = issue();
    RecordRef gone = new RecordRef("jira", "incident", "99999");
    for (RecordRef duplicate : List.of(there, gone)) {
      RecordRef primary = duplicate.equals(there) ? gone : there;
      RecordNotFoundException thrown =
          catchThrowableOfType(
              RecordNotFoundException.class, () -> connectors.consolidate(duplicate, primary));
      assertThat(thrown.ref()).isEqualTo(gone);
    }
    assertThatThrownBy(() -> connectors.separate(gone, ""))
        .isInstanceOf(RecordNotFoundException.class);
  }

  /** A former primary that was deleted since is nothing to go back to, and nobody else is gone. */
  @Test
  void takesOutWhatHungUnderAnIssueThatIsGone() {
    RecordRef primary = issue();
    RecordRef duplicate = issue();
    connectors.consolidate(duplicate, primary);
    assertThat(connectors.separate(duplicate, "99999").primaryId()).isEmpty();
  }

  /** Jira answers 404 to that too: nothing is gone, and a person can mend it. */
  @Test
  void asksForThePermissionToLinkWhereItIsMissing() {
    RecordRef primary = issue();
    RecordRef duplicate = issue();
    RecordRef hung = issue();
    connectors.consolidate(hung, primary);
    jira.forbidLinking(BOT);

    RequestRejectedException refused =
        catchThrowableOfType(
            RequestRejectedException.class, () -> connectors.consolidate(duplicate, primary));
    assertThat(refused.advice()).contains("make such links").contains("connectors/jira");

    RequestRejectedException kept =
        catchThrowableOfType(RequestRejectedException.class, () -> connectors.separate(hung, ""));
    assertThat(kept.answer()).contains("still there");
    assertThat(kept.advice()).contains("in Jira");
  }
}
