package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.demo.ActionItemCheck.Issue;
import dev.lockstep.sandbox.demo.ActionItemCheck.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The judge must see what is wrong: each test spoils one thing of a postmortem that came well. */
class ActionItemCheckTest {
  static final Request DEPLOYED = request("CHG1", "Retry", "3", "successful");
  static final Request FAILED = request("CHG2", "Alert", "3", "unsuccessful");
  static final Request PLANNED = request("CHG3", "Move", "-5", "");

  private final List<Request> requests = new ArrayList<>(List.of(DEPLOYED, FAILED, PLANNED));
  private final List<Issue> issues = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  ActionItemCheckTest() {
    issues.add(
        issue(
            "Done", "CHG1 is in new", "CHG1 is in assess", "deployed: CHG1 was closed successful"));
    told.add(
        """
        Action items of its postmortem:
        AI-3 «Write»: needs owner: no owner is named in line 12
        AI-4 «Practise»: needs due date: no due date is committed in line 13\
        """);
    told.add(
        """
        It was closed, but these are missing:
        AI-3 «Write» has no change request: needs owner: no owner is named in line 12
        AI-4 «Practise» has no change request: needs due date: none is committed\
        """);
  }

  static Request request(String number, String title, String state, String closeCode) {
    return new Request(
        number, title, "item of " + number, "ana@example.com", "2027-02-01", state, closeCode);
  }

  private static Issue issue(String status, String... comments) {
    return new Issue("REC-3", "Retry", status, "ana@example.com", "2027-02-01", List.of(comments));
  }

  private ActionItemCheck judge() {
    return ActionItemCheck.of(5, requests, told, issues, new TraceCheck(5, List.of()));
  }

  @Test
  void findsNothingWhereAllCameWell() {
    assertThat(judge().problems()).isEmpty();
    assertThat(judge().figures()).isEqualTo(new Summary.Actions(5, 3, 0, 1, 1, 1, 1, 1, 1, 1, 5));
  }

  @Test
  void seesASecondChangeForOneItem() {
    requests.add(DEPLOYED);

    assertThat(judge().figures().doubled()).isEqualTo(1);
    assertThat(judge().problems()).contains("CHG1 was created twice for one action item");
  }

  @Test
  void seesThatNoneFailed() {
    requests.set(1, request("CHG2", "Alert", "-1", ""));

    assertThat(judge().figures().failed()).isZero();
    assertThat(judge().problems()).isNotEmpty();
  }

  @Test
  void seesThatAnItemIsSaidToLackAnOwnerThatItHas() {
    told.add("Action items of its postmortem:\nAI-1 «Move»: needs owner");

    assertThat(judge().figures().needOwner()).isEqualTo(2);
    assertThat(judge().problems()).isNotEmpty();
  }

  @Test
  void seesAnIssueThatDoesNotStandWhereItsChangeStands() {
    issues.set(0, issue("In Progress", "deployed: CHG1 was closed successful"));

    assertThat(judge().figures().issuesInStep()).isZero();
    assertThat(judge().problems()).contains("REC-3 has the status «In Progress» instead of «Done»");
  }

  @Test
  void seesAnIssueThatWasNotGivenItsChangesOwnerAndDate() {
    issues.set(
        0,
        new Issue(
            "REC-3", "Retry", "Done", "", "", List.of("deployed: CHG1 was closed successful")));

    assertThat(judge().problems())
        .contains(
            "REC-3 has the owner «» instead of «ana@example.com»",
            "REC-3 has the due date «» instead of «2027-02-01»");
  }

  @Test
  void seesAnIssueThatWasNotToldTheEnd() {
    issues.set(0, issue("Done", "CHG1 is in new"));

    assertThat(judge().problems()).contains("REC-3 tells the end of CHG1 0 times");
  }

  @Test
  void seesACommentThatIsThereTwice() {
    issues.set(
        0,
        issue("Done", "CHG1 is in new", "CHG1 is in new", "deployed: CHG1 was closed successful"));

    assertThat(judge().problems()).contains("REC-3 has a comment twice");
  }

  @Test
  void seesAnEndThatIsToldTwice() {
    String end = "deployed: CHG1 was closed successful";
    issues.set(0, issue("Done", end, end));

    assertThat(judge().problems()).contains("REC-3 tells the end of CHG1 2 times");
  }

  @Test
  void seesAnIssueThatNobodyNamed() {
    issues.add(new Issue("REC-1", "Print", "To Do", "", "", List.of()));

    assertThat(judge().figures().issues()).isEqualTo(2);
    assertThat(judge().problems()).contains("REC-1 was written to, and no action item names it");
  }

  @Test
  void seesAnIssueThatWasCreatedBesideTheOneThatWasThere() {
    issues.add(new Issue("REC-4", "Retry", "Done", "ana@example.com", "2027-02-01", List.of()));

    assertThat(judge().figures().issues()).isEqualTo(2);
    assertThat(judge().problems()).isNotEmpty();
  }

  @Test
  void wantsAFollowerOfAFailedChangeOpenAgain() {
    assertThat(Set.of(DEPLOYED.status(), FAILED.status(), PLANNED.status()))
        .isEqualTo(new TreeSet<>(List.of("Done", "To Do", "In Progress")));
    assertThat(FAILED.end()).isEqualTo("open again: CHG2 was closed unsuccessful");
  }

  @Test
  void passesOnWhatTheTraceLacks() {
    ActionItemCheck changes =
        ActionItemCheck.of(
            5, requests, told, issues, new TraceCheck(4, List.of("the trace lacks it")));

    assertThat(changes.problems()).contains("the trace lacks it");
    assertThat(changes.figures().traced()).isEqualTo(4);
  }
}
