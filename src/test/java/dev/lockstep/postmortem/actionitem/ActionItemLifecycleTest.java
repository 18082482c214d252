package dev.lockstep.postmortem.actionitem;

import static dev.lockstep.testkit.ExampleItems.change;
import static dev.lockstep.testkit.ExampleItems.item;
import static dev.lockstep.testkit.ExampleItems.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.postmortem.settings.PostmortemSettings.Guard;
import dev.lockstep.postmortem.settings.PostmortemSettings.Renewal;
import dev.lockstep.postmortem.settings.PostmortemSettings.Reopened;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActionItemLifecycleTest {
  private static final LocalDate DUE = LocalDate.parse("2026-12-01");
  private static final ActionItem BARE = item(1, reported("Do it"));

  private static final ActionItem PLANNED = BARE.edit().owner("ann@example.com").due(DUE).done();

  private static final ActionItemLifecycle SUCCEEDING =
      new ActionItemLifecycle(
          new PostmortemSettings(
              Map.of(),
              Map.of(),
              Map.of("p1", 14),
              List.of(),
              new Reopened(Renewal.NEW_CHANGE, 2),
              Guard.DEFAULT));

  private static SourceItem source(Status status, @Nullable String priority) {
    return new SourceItem(
        null, 1, "Do it", "", null, null, priority, Set.of(), null, status, List.of());
  }

  private static ActionItem changed(String state, String code) {
    return PLANNED.edit().counterpart("x/change/1").change(change("CHG1", state, code)).done();
  }

  private static ActionItemStatus stage(ActionItem item) {
    return ActionItemLifecycle.withStatus(item).stage();
  }

  @Test
  void anItemNeedsAnOwnerThenADate() {
    assertThat(stage(BARE)).isEqualTo(ActionItemStatus.NEEDS_OWNER);
    assertThat(stage(BARE.edit().owner("ann@example.com").done()))
        .isEqualTo(ActionItemStatus.NEEDS_DUE_DATE);
    assertThat(stage(PLANNED)).isEqualTo(ActionItemStatus.READY);
  }

  @Test
  void whatItLacksIsKnownOnlyWhenSomebodyLooked() {
    ActionItem lacking = ActionItemLifecycle.withStatus(BARE);
    assertThat(lacking.isUnplanned()).isTrue();
    assertThat(lacking.edit().problems(List.of("no owner is named")).done().isUnplanned())
        .isFalse();
    assertThat(ActionItemLifecycle.withStatus(PLANNED).isUnplanned()).isFalse();
  }

  @Test
  void itFollowsItsChange() {
    assertThat(stage(changed("assess", ""))).isEqualTo(ActionItemStatus.IN_CHANGE);
    assertThat(stage(changed("review", "unsuccessful"))).isEqualTo(ActionItemStatus.IN_CHANGE);
    assertThat(stage(changed("closed", "successful"))).isEqualTo(ActionItemStatus.DEPLOYED);
    assertThat(stage(changed("closed", "successful-with-issues")))
        .isEqualTo(ActionItemStatus.DEPLOYED);
    assertThat(stage(changed("closed", "unsuccessful"))).isEqualTo(ActionItemStatus.REOPENED);
    assertThat(stage(changed("cancelled", ""))).isEqualTo(ActionItemStatus.REOPENED);
  }

  @Test
  void whatIsTickedIsDoneUnlessAChangeSaysOtherwise() {
    SourceItem ticked =
        new SourceItem(null, 1, "Do it", "", null, null, null, Set.of(), null, true, List.of());
    assertThat(stage(BARE.edit().sourceItem(ticked).done())).isEqualTo(ActionItemStatus.DONE);
    assertThat(stage(changed("implement", "").edit().sourceItem(ticked).done()))
        .isEqualTo(ActionItemStatus.IN_CHANGE);
  }

  @Test
  void whatIsCancelledStaysSo() {
    assertThat(stage(PLANNED.edit().stage(ActionItemStatus.CANCELLED).done()))
        .isEqualTo(ActionItemStatus.CANCELLED);
  }

  @Test
  void whatItsSourceCancelledIsCancelledUnlessItIsDeployed() {
    SourceItem cancelled = source(Status.CANCELLED, null);
    assertThat(stage(PLANNED.edit().sourceItem(cancelled).done()))
        .isEqualTo(ActionItemStatus.CANCELLED);
    assertThat(stage(changed("implement", "").edit().sourceItem(cancelled).done()))
        .isEqualTo(ActionItemStatus.CANCELLED);
    assertThat(stage(changed("closed", "successful").edit().sourceItem(cancelled).done()))
        .isEqualTo(ActionItemStatus.DEPLOYED);
  }

  @Test
  void anUnclearStatusIsAskedForBeforeAnOwner() {
    assertThat(stage(BARE.edit().sourceItem(source(Status.UNCLEAR, null)).done()))
        .isEqualTo(ActionItemStatus.NEEDS_STATUS);
  }

  @Test
  void anItemFollowsAnEarlierChangeThatNoLongerCountsAsFailed() {
    ActionItem succeeded = SUCCEEDING.withSuccessor(changed("cancelled", ""), "", DUE);
    assertThat(stage(succeeded)).isEqualTo(ActionItemStatus.READY);

    ActionItem reopened =
        succeeded.withAttempt(
            0, succeeded.forAttempt(0).edit().change(change("CHG1", "implement", "")).done());
    assertThat(stage(reopened)).isEqualTo(ActionItemStatus.IN_CHANGE);
  }

  @Test
  void onlyAFailedChangeNeedsASuccessor() {
    assertThat(SUCCEEDING.needsSuccessor(PLANNED)).isFalse();
    assertThat(SUCCEEDING.needsSuccessor(changed("implement", ""))).isFalse();
    assertThat(SUCCEEDING.needsSuccessor(changed("closed", "successful"))).isFalse();
    assertThat(SUCCEEDING.needsSuccessor(changed("closed", "unsuccessful"))).isTrue();
    assertThat(SUCCEEDING.needsSuccessor(changed("cancelled", ""))).isTrue();
  }

  @Test
  void aDeletedChangeNeedsNoSuccessorSinceItMayOnlyBeHidden() {
    ActionItem deleted =
        changed("cancelled", "")
            .edit()
            .change(change("CHG1", "cancelled", "").withGone(true))
            .done();

    assertThat(SUCCEEDING.needsSuccessor(deleted)).isFalse();
  }

  @Test
  void aFailedChangeNeedsNoSuccessorIfTheItemIsNotOpen() {
    ActionItem failed = changed("cancelled", "");

    assertThat(SUCCEEDING.needsSuccessor(failed.edit().stage(ActionItemStatus.CANCELLED).done()))
        .isFalse();
    for (Status status : List.of(Status.DONE, Status.CANCELLED, Status.UNCLEAR)) {
      ActionItem item = failed.edit().sourceItem(source(status, null)).done();
      assertThat(SUCCEEDING.needsSuccessor(item)).as(status.name()).isFalse();
    }
  }

  @Test
  void theSettingsLimitTheSuccessors() {
    ActionItem failed = changed("cancelled", "");
    ActionItem failedAgain =
        SUCCEEDING
            .withSuccessor(failed, "", DUE)
            .edit()
            .counterpart("x/change/2")
            .change(change("CHG2", "cancelled", ""))
            .done();

    assertThat(SUCCEEDING.needsSuccessor(failedAgain)).isFalse();
    assertThat(new ActionItemLifecycle(PostmortemSettings.DEFAULT).needsSuccessor(failed))
        .isFalse();
  }

  @Test
  void anotherChangeThatHasNotFailedNeedsNoSuccessor() {
    ActionItem item = SUCCEEDING.withSuccessor(changed("cancelled", ""), "", DUE);
    ActionItem reopened =
        item.withAttempt(
            0, item.forAttempt(0).edit().change(change("CHG1", "implement", "")).done());
    ActionItem failed =
        reopened.edit().counterpart("x/change/2").change(change("CHG2", "cancelled", "")).done();

    assertThat(SUCCEEDING.needsSuccessor(failed)).isFalse();
  }

  @Test
  void theFailedChangeIsKeptBesideItsSuccessor() {
    ActionItem failed = changed("closed", "unsuccessful");

    ActionItem item = SUCCEEDING.withSuccessor(failed, "https://itsm/CHG1", DUE);

    assertThat(item.earlier()).containsExactly(EarlierChange.from(failed, "https://itsm/CHG1"));
    assertThat(item.hasChange()).isFalse();
    assertThat(item.change()).isEqualTo(ChangeRequestState.NONE);
    assertThat(item.due()).isEqualTo(DUE);
  }

  @Test
  void aDueDateThatHasPassedIsReplacedOnlyIfTheSettingsSupplyOne() {
    ActionItem failed = changed("closed", "unsuccessful");
    LocalDate later = DUE.plusDays(1);
    ActionItem urgent = failed.edit().sourceItem(source(Status.OPEN, "P1")).done();

    assertThat(SUCCEEDING.withSuccessor(urgent, "", later).due()).isEqualTo(later.plusDays(14));
    assertThat(SUCCEEDING.withSuccessor(failed, "", later).due()).isEqualTo(DUE);
  }
}
