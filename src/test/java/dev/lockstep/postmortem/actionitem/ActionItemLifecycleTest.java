package dev.lockstep.postmortem.actionitem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How far an item is follows from its parts alone. */
class StagesTest {
  private static final ActionItem BARE =
      new ActionItem(
          1,
          1,
          null,
          "postmortem",
          "1/1",
          null,
          new SourceItem(null, 1, "Do it", "", null, null, null, Set.of(), null, false, List.of()),
          "Do it",
          "",
          "",
          null,
          "",
          "",
          "",
          List.of(),
          "",
          "",
          ChangeRequestState.NONE,
          ActionItemStatus.READY,
          List.of(),
          "",
          Instant.EPOCH,
          Instant.EPOCH,
          Instant.EPOCH);

  private static final ActionItem PLANNED =
      BARE.edit().owner("ann@example.com").due(LocalDate.of(2026, 12, 1)).done();

  private static ActionItem changed(String state, String code) {
    return PLANNED
        .edit()
        .counterpart("x/change/1")
        .change(new ChangeRequestState("CHG1", state, code, "", "", "", false))
        .done();
  }

  private static ActionItemStatus stage(ActionItem item) {
    return ActionItems.withStatus(item).stage();
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
    ActionItem lacking = ActionItems.withStatus(BARE);
    assertThat(lacking.isUnplanned()).isTrue();
    assertThat(lacking.edit().problems(List.of("no owner is named")).done().isUnplanned())
        .isFalse();
    assertThat(ActionItems.withStatus(PLANNED).isUnplanned()).isFalse();
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
}
