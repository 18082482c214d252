package dev.lockstep.postmortem;

import dev.lockstep.intake.ActionItemListener;
import dev.lockstep.intake.ReportedActionItem;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.SourceItem;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Action items that are managed in another system and reported by its webhooks. */
@Component
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
    // A report older than the last one is ignored.
    items.change(
        item.id(),
        "",
        null,
        known ->
            !reported.occurredAt().isBefore(known.reportedAt())
                ? known
                    .withReport(sourceItem, reported.incident())
                    .edit()
                    .reportedAt(reported.occurredAt())
                    .done()
                : known);
  }

  /**
   * The e-mail address if it was reported; otherwise the name. No lookup, since the webhook's
   * sender waits for the response.
   */
  private static @Nullable String owner(ReportedActionItem.@Nullable Owner owner) {
    if (owner == null) {
      return null;
    }
    String known = owner.email().isEmpty() ? owner.name() : owner.email();
    return known.isEmpty() ? null : known;
  }
}
