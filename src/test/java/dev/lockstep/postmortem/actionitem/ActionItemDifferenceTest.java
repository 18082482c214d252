package dev.lockstep.postmortem.actionitem;

import static dev.lockstep.testkit.ExampleItems.change;
import static dev.lockstep.testkit.ExampleItems.item;
import static dev.lockstep.testkit.ExampleItems.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.record.RecordRef;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionItemDifferenceTest {
  private static final RecordRef INCIDENT = RecordRef.parse("itsm/incident/1");
  private static final RecordRef LOCAL = RecordRef.parse("lockstep/action-item/1");
  private static final RecordRef SECOND = RecordRef.parse("lockstep/action-item/1-2");

  private static final ActionItem READY =
      item(1, reported("Do it"))
          .edit()
          .owner("ann@example.com")
          .due(LocalDate.parse("2026-12-01"))
          .incident(INCIDENT)
          .stage(ActionItemStatus.READY)
          .done();

  private static final ActionItem CHANGING =
      READY
          .edit()
          .counterpart("itsm/change/1")
          .change(change("CHG1", "assess", ""))
          .stage(ActionItemStatus.IN_CHANGE)
          .done();

  /** Its change request failed and is to be followed by another. */
  private static final ActionItem SUCCEEDED =
      READY
          .edit()
          .earlier(List.of(EarlierChange.from(failed(), "")))
          .counterpart("")
          .change(ChangeRequestState.NONE)
          .done();

  private static ActionItem failed() {
    return CHANGING
        .edit()
        .change(new ChangeRequestState("CHG1", "closed", "unsuccessful", "eve", "", "", false))
        .stage(ActionItemStatus.REOPENED)
        .done();
  }

  private static AuditEntry entry(String what, String text, String by) {
    return new AuditEntry(what, text, Map.of(), by);
  }

  @Test
  void recordsChangedValuesWithWhoChangedThem() {
    ActionItem after =
        READY.edit().title("Do that").owner("").due(LocalDate.parse("2026-12-08")).done();

    assertThat(new ActionItemDifference(READY, after).auditEntries("ben"))
        .containsExactly(
            entry("changed", "title: Do it → Do that", "ben"),
            entry("changed", "owner: ann@example.com → none", "ben"),
            entry("changed", "due date: 2026-12-01 → 2026-12-08", "ben"));
  }

  @Test
  void doesNotRecordFirstValuesOrUnchangedOnes() {
    ActionItem before = READY.edit().owner("").due(null).done();

    assertThat(new ActionItemDifference(before, READY).auditEntries("ben")).isEmpty();
    assertThat(new ActionItemDifference(READY, READY).auditEntries("ben")).isEmpty();
  }

  @Test
  void recordsTheChangeRequestWithWhoMovedItAndTheStatusItLeadsTo() {
    assertThat(new ActionItemDifference(CHANGING, failed()).auditEntries("ben"))
        .containsExactly(
            entry("change", "CHG1 was closed unsuccessful", "eve"),
            entry("reopened", "open again: CHG1 was closed unsuccessful", "ben"));
  }

  @Test
  void recordsOnlyChangesOfTheChangeRequestThatItsStatusTextShows() {
    ActionItem planned =
        CHANGING
            .edit()
            .change(new ChangeRequestState("CHG1", "assess", "", "eve", "tomorrow", "", false))
            .done();

    assertThat(new ActionItemDifference(CHANGING, planned).auditEntries("")).isEmpty();
  }

  @Test
  void recordsALinkedChangeRequestOnlyIfMoreIsKnownOfIt() {
    ActionItem before = CHANGING.edit().counterpart("").done();
    ActionItem planned =
        CHANGING
            .edit()
            .change(new ChangeRequestState("CHG1", "assess", "", "eve", "tomorrow", "", false))
            .done();

    assertThat(new ActionItemDifference(before, CHANGING).auditEntries("")).isEmpty();
    assertThat(new ActionItemDifference(before, planned).auditEntries(""))
        .containsExactly(entry("change", "CHG1 is in assess", "eve"));
  }

  @Test
  void anItemWithASuccessorWasOpenAgainBeforeItWasReady() {
    ActionItemDifference difference = new ActionItemDifference(CHANGING, SUCCEEDED);

    assertThat(difference.reachedStatuses())
        .extracting(ActionItem::stage)
        .containsExactly(ActionItemStatus.REOPENED, ActionItemStatus.READY);
    assertThat(difference.auditEntries("ben"))
        .containsExactly(
            entry("change", "CHG1 was closed unsuccessful", "eve"),
            entry("reopened", "open again: CHG1 was closed unsuccessful", "ben"),
            entry(
                "ready",
                "CHG1 was closed unsuccessful; another change request is being created",
                "ben"));
  }

  @Test
  void anItemThatWasOpenAgainAlreadyIsNotRecordedAsSuchTwice() {
    assertThat(new ActionItemDifference(failed(), SUCCEEDED).reachedStatuses())
        .extracting(ActionItem::stage)
        .containsExactly(ActionItemStatus.READY);
  }

  @Test
  void concernsItsRecordAndItsIncident() {
    assertThat(new ActionItemDifference(READY, CHANGING).affectedRecords(null))
        .containsExactly(LOCAL, INCIDENT);
  }

  @Test
  void doesNotConcernTheRecordThatReportedIt() {
    assertThat(new ActionItemDifference(READY, CHANGING).affectedRecords(LOCAL))
        .containsExactly(INCIDENT);
  }

  @Test
  void concernsAnIncidentOnlyIfItsStatusChangedOrTheIncidentIsAnother() {
    ActionItem retitled = READY.edit().title("Do that").done();
    assertThat(new ActionItemDifference(READY, retitled).affectedRecords(null))
        .containsExactly(LOCAL);

    RecordRef other = RecordRef.parse("itsm/incident/2");
    ActionItem moved = READY.edit().incident(other).done();
    assertThat(new ActionItemDifference(READY, moved).affectedRecords(null))
        .containsExactly(LOCAL, other);

    ActionItem unlinked = CHANGING.edit().incident(null).done();
    assertThat(new ActionItemDifference(READY, unlinked).affectedRecords(null))
        .containsExactly(LOCAL);
  }

  @Test
  void concernsTheIssueItIsFollowedUpInWhichFollowsItsFirstRecord() {
    ActionItem named = item(1, reported(null, "Do it", "OPS-1"));
    ActionItem found = item(1, reported("Do it")).edit().followUp("itsm/issue/1").done();
    for (ActionItem item : List.of(named, found)) {
      ActionItem after = item.edit().earlier(SUCCEEDED.earlier()).done();

      assertThat(new ActionItemDifference(item, after).affectedRecords(null))
          .containsExactlyInAnyOrder(SECOND, LOCAL);
      assertThat(new ActionItemDifference(item, after).affectedRecords(LOCAL))
          .containsExactly(SECOND);
    }
  }

  @Test
  void concernsTheFailedChangeRequestOnceItsSuccessorIsNamed() {
    ActionItem named =
        SUCCEEDED
            .edit()
            .counterpart("itsm/change/2")
            .change(change("CHG2", "", ""))
            .stage(ActionItemStatus.IN_CHANGE)
            .done();
    assertThat(new ActionItemDifference(SUCCEEDED, named).affectedRecords(SECOND))
        .containsExactly(LOCAL, INCIDENT);

    ActionItem moved = named.edit().change(change("CHG2", "assess", "")).done();
    assertThat(new ActionItemDifference(named, moved).affectedRecords(SECOND))
        .containsExactly(INCIDENT);
  }
}
