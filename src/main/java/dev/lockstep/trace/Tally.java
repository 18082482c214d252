package dev.lockstep.trace;

import dev.lockstep.postmortem.item.ActionItem;
import dev.lockstep.postmortem.item.Stage;
import java.util.ArrayList;
import java.util.List;

/** How far the items are, in one line. */
final class Tally {
  private static final List<Stage> ORDER =
      List.of(
          Stage.REOPENED,
          Stage.IN_CHANGE,
          Stage.READY,
          Stage.NEEDS_OWNER,
          Stage.NEEDS_DUE_DATE,
          Stage.NEEDS_STATUS,
          Stage.DONE,
          Stage.CANCELLED);

  private Tally() {}

  static String of(List<ActionItem> items) {
    long wanted = items.size() - count(items, Stage.CANCELLED);
    List<String> parts = new ArrayList<>();
    if (wanted > 0) {
      parts.add("%d of %d deployed".formatted(count(items, Stage.DEPLOYED), wanted));
    }
    for (Stage stage : ORDER) {
      long count = count(items, stage);
      if (count > 0) {
        parts.add(count + " " + words(stage, count > 1));
      }
    }
    return parts.isEmpty() ? "no action items" : String.join(", ", parts);
  }

  private static String words(Stage stage, boolean many) {
    String need = many ? "need" : "needs";
    return switch (stage) {
      case NEEDS_OWNER -> need + " owner";
      case NEEDS_DUE_DATE -> need + " due date";
      case NEEDS_STATUS -> need + " status";
      case READY -> "about to get a change";
      case IN_CHANGE -> "in change";
      case DEPLOYED -> "deployed";
      case REOPENED -> "failed";
      case DONE -> "done without a change";
      case CANCELLED -> "cancelled";
    };
  }

  private static long count(List<ActionItem> items, Stage stage) {
    return items.stream().filter(item -> item.stage() == stage).count();
  }
}
