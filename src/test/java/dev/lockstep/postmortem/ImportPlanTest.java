package dev.lockstep.postmortem;

import static dev.lockstep.testkit.ExampleItems.item;
import static dev.lockstep.testkit.ExampleItems.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.postmortem.ImportPlan.Add;
import dev.lockstep.postmortem.ImportPlan.Cancel;
import dev.lockstep.postmortem.ImportPlan.Change;
import dev.lockstep.postmortem.ImportPlan.Release;
import dev.lockstep.postmortem.ImportPlan.Update;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImportPlanTest {
  private static final RecordRef INCIDENT = RecordRef.parse("itsm/incident/1");
  private static final SourceItem INDEX = reported(null, "Add an index", "OPS-1");
  private static final SourceItem RUNBOOK = reported("Write a runbook");

  private static SourceItem withOwner(SourceItem item, @Nullable String owner) {
    return new SourceItem(
        item.id(),
        item.line(),
        item.title(),
        item.description(),
        owner,
        item.due(),
        item.priority(),
        Set.of(),
        item.ticket(),
        item.status(),
        List.of());
  }

  /** The item of an issue that was found in its own system first. */
  private static ActionItem found(long id, SourceItem reported, @Nullable Long postmortem) {
    ActionItem item = item(id, reported);
    return new ActionItem(
        item.id(),
        item.revision(),
        postmortem,
        "itsm",
        "itsm/issue/" + id,
        item.incident(),
        item.sourceItem(),
        item.title(),
        item.description(),
        item.owner(),
        item.due(),
        item.service(),
        item.group(),
        item.type(),
        item.earlier(),
        item.counterpart(),
        item.followUp(),
        item.change(),
        item.stage(),
        item.problems(),
        item.notified(),
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  @Test
  void stepsFollowTheDocumentAndItemsItNoLongerListsAreLast() {
    ActionItem dropped = item(1, reported("Alert on slow queries"));
    ActionItem kept = item(2, RUNBOOK);

    ImportPlan plan = ImportPlan.of(List.of(INDEX, RUNBOOK), List.of(dropped, kept));

    assertThat(plan.steps())
        .containsExactly(new Add(INDEX), new Update(kept, RUNBOOK), new Cancel(dropped));
    assertThat(plan.added()).isEqualTo(1);
    assertThat(plan.updated()).as("listed, but not changed").isZero();
    assertThat(plan.cancelled()).isEqualTo(1);
  }

  @Test
  void countsAnItemAsUpdatedOnlyIfItsSourceChanged() {
    ActionItem item = item(1, RUNBOOK);
    SourceItem owned = withOwner(RUNBOOK, "ann");

    ImportPlan plan = ImportPlan.of(List.of(owned), List.of(item));

    assertThat(plan.steps()).containsExactly(new Update(item, owned));
    assertThat(plan.updated()).isEqualTo(1);
  }

  @Test
  void leavesAFinishedItemAloneThatIsNoLongerListed() {
    ActionItem finished = item(1, RUNBOOK).edit().stage(ActionItemStatus.DEPLOYED).done();

    assertThat(ImportPlan.of(List.of(), List.of(finished)).steps()).isEmpty();
  }

  @Test
  void releasesAnItemOfAnotherSystemThatIsNoLongerListed() {
    ActionItem item = found(1, INDEX, 1L);

    ImportPlan plan = ImportPlan.of(List.of(), List.of(item));

    assertThat(plan.steps()).containsExactly(new Release(item));
    assertThat(plan.cancelled()).isZero();
    ActionItem released = ((Change) plan.steps().get(0)).applyTo(item, INCIDENT);
    assertThat(released).isEqualTo(item.edit().postmortem(null).done());
  }

  @Test
  void cancelsTheItemAsItIsNow() {
    ActionItem item = item(1, RUNBOOK);
    ActionItem now = item.edit().owner("ann@example.com").done();

    assertThat(new Cancel(item).applyTo(now, null))
        .isEqualTo(now.edit().stage(ActionItemStatus.CANCELLED).done());
  }

  @Test
  void keepsWhatIsOnlySetInTheItemsOwnSystem() {
    ActionItem item = found(1, withOwner(INDEX, "ann"), 1L);

    ImportPlan plan = ImportPlan.of(List.of(INDEX), List.of(item));

    assertThat(plan.steps()).containsExactly(new Update(item, item.sourceItem()));
    assertThat(plan.updated()).isZero();
  }

  @Test
  void forgetsAnOwnerThatItsPostmortemNoLongerNames() {
    ActionItem item = item(1, withOwner(INDEX, "ann"));

    assertThat(ImportPlan.of(List.of(INDEX), List.of(item)).steps())
        .containsExactly(new Update(item, INDEX));
  }

  @Test
  void anItemBelongsToAnotherPostmortemUntilThatCancelsIt() {
    ActionItem item = item(1, INDEX);

    assertThat(ImportPlan.belongsToAnother(item, 2)).isTrue();
    assertThat(ImportPlan.belongsToAnother(item, 1)).isFalse();
    assertThat(ImportPlan.belongsToAnother(found(1, INDEX, null), 2)).isFalse();
    assertThat(ImportPlan.belongsToAnother(item.edit().stage(ActionItemStatus.CANCELLED).done(), 2))
        .isFalse();
  }

  @Test
  void adoptsTheItemOfAnIssueWithWhatIsOnlySetThere() {
    ActionItem item = found(1, withOwner(INDEX, "ann"), null);

    ActionItem adopted = ImportPlan.adopt(item, 2, INDEX, INCIDENT);

    assertThat(adopted.postmortem()).isEqualTo(2);
    assertThat(adopted.incident()).isEqualTo(INCIDENT);
    assertThat(adopted.sourceItem().owner()).isEqualTo("ann");
  }

  @Test
  void adoptsTheItemOfAnotherPostmortemWithWhatThisOneSays() {
    ActionItem item =
        item(1, withOwner(INDEX, "ann"))
            .edit()
            .owner("ann@example.com")
            .due(LocalDate.parse("2026-12-01"))
            .stage(ActionItemStatus.CANCELLED)
            .done();

    ActionItem adopted = ImportPlan.adopt(item, 2, INDEX, INCIDENT);

    assertThat(adopted.postmortem()).isEqualTo(2);
    assertThat(adopted.sourceItem()).isEqualTo(INDEX);
    assertThat(adopted.owner()).as("is resolved again").isEmpty();
    assertThat(adopted.due()).as("was edited elsewhere").isEqualTo("2026-12-01");
    assertThat(adopted.stage()).isEqualTo(ActionItemStatus.NEEDS_OWNER);
  }
}
