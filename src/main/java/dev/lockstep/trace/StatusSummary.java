package dev.lockstep.trace;

import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import java.util.ArrayList;
import java.util.List;

/** The progress of the items, in one line. */
final class StatusSummary {
  private static final List<ActionItemStatus> ORDER =
      List.of(
          ActionItemStatus.REOPENED,
          ActionItemStatus.IN_CHANGE,
          ActionItemStatus.READY,
          ActionItemStatus.NEEDS_OWNER,
          ActionItemStatus.NEEDS_DUE_DATE,
          ActionItemStatus.NEEDS_STATUS,
          ActionItemStatus.DONE,
          ActionItemStatus.CANCELLED);

  private StatusSummary() {}

  static String summarize(List<ActionItem> items) {
    long wanted = items.size() - count(items, ActionItemStatus.CANCELLED);
    List<String> parts = new ArrayList<>();
    if (wanted > 0) {
      parts.add("%d of %d deployed".formatted(count(items, ActionItemStatus.DEPLOYED), wanted));
    }
    for (ActionItemStatus stage : ORDER) {
      long count = count(items, stage);
      if (count > 0) {
        parts.add(count + " " + label(stage, count > 1));
      }
    }
    return parts.isEmpty() ? "no action items" : String.join(", ", parts);
  }

  private static String label(ActionItemStatus stage, boolean many) {
    String need = many ? "need" : "needs";
    return switch (stage) {
      case NEEDS_OWNER -> need + " owner";
      case NEEDS_DUE_DATE -> need + " due date";
      case NEEDS_STATUS -> need + " status";
      case READY -> "change pending";
      case IN_CHANGE -> "in change";
      case DEPLOYED -> "deployed";
      case REOPENED -> "failed";
      case DONE -> "done without a change";
      case CANCELLED -> "cancelled";
    };
  }

  private static long count(List<ActionItem> items, ActionItemStatus stage) {
    return items.stream().filter(item -> item.stage() == stage).count();
  }
}
