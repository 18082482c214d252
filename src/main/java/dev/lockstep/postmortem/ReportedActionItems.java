package dev.lockstep.postmortem;

import dev.lockstep.intake.ActionItemListener;
import dev.lockstep.intake.ReportedActionItem;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.SourceItem;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Action items that live in a system of their own and are told by its webhooks. */
class ReportedActionItems implements ActionItemListener {
  private final ActionItems items;

  ReportedActionItems(ActionItems items) {
    this.items = items;
  }

  @Override
  public void onActionItem(ReportedActionItem reported) {
    SourceItem sourceItem =
        new SourceItem(
            reported.id(),
            0,
            reported.title(),
            reported.description(),
            owner(reported.owner()),
            reported.due(),
            null,
            Set.of(),
            null,
            reported.done(),
            List.of());
    ActionItem item =
        items.add(
            null,
            reported.system(),
            reported.id(),
            reported.incident(),
            sourceItem,
            reported.occurredAt());
    // What was told earlier and comes later changes nothing any more.
    items.change(
        item.id(),
        "",
        null,
        known ->
            !reported.occurredAt().isBefore(known.reportedAt())
                ? PostmortemImport.edit(known, sourceItem, reported.incident())
                    .edit()
                    .reportedAt(reported.occurredAt())
                    .done()
                : known);
  }

  /** By e-mail if that was told; a webhook waits for its answer, so nobody is asked for it. */
  private static @Nullable String owner(ReportedActionItem.@Nullable Owner owner) {
    if (owner == null) {
      return null;
    }
    String known = owner.email().isEmpty() ? owner.name() : owner.email();
    return known.isEmpty() ? null : known;
  }
}
