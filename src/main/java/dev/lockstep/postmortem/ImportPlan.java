package dev.lockstep.postmortem;

import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ItemMatcher;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.record.RecordRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a received postmortem changes about the items of its stored version.
 *
 * @param steps in the order of the document; items it no longer lists are last
 */
record ImportPlan(List<Step> steps) {
  /** The source of items that a postmortem was the first to report. */
  static final String POSTMORTEM = "postmortem";

  /** What happens to one item. */
  sealed interface Step {}

  /** It is not among the stored items. */
  record Add(SourceItem reported) implements Step {}

  /** What happens to a stored item. */
  sealed interface Change extends Step {
    ActionItem item();

    /**
     * @param item as it is now
     * @param incident of the postmortem; null while unknown
     */
    ActionItem applyTo(ActionItem item, @Nullable RecordRef incident);
  }

  /** The postmortem still lists it, changed or not. */
  record Update(ActionItem item, SourceItem reported) implements Change {
    @Override
    public ActionItem applyTo(ActionItem item, @Nullable RecordRef incident) {
      return item.withReport(reported, incident);
    }
  }

  /** The postmortem no longer lists it: it belongs to another system and continues there. */
  record Release(ActionItem item) implements Change {
    @Override
    public ActionItem applyTo(ActionItem item, @Nullable RecordRef incident) {
      return item.edit().postmortem(null).done();
    }
  }

  /** The postmortem no longer lists it, and no other source does. */
  record Cancel(ActionItem item) implements Change {
    @Override
    public ActionItem applyTo(ActionItem item, @Nullable RecordRef incident) {
      return item.edit().stage(ActionItemStatus.CANCELLED).done();
    }
  }

  ImportPlan {
    steps = List.copyOf(steps);
  }

  /**
   * @param stored the items of the stored version; none if the postmortem is new
   */
  static ImportPlan of(List<SourceItem> received, List<ActionItem> stored) {
    List<SourceItem> all = ItemMatcher.withTicketsOnce(received);
    Map<SourceItem, ActionItem> matched = ItemMatcher.match(all, stored);
    List<Step> steps = new ArrayList<>();
    for (SourceItem reported : all) {
      ActionItem item = matched.get(reported);
      steps.add(item == null ? new Add(reported) : update(item, reported));
    }
    for (ActionItem item : stored) {
      if (matched.containsValue(item)) {
        continue;
      }
      if (!isOwn(item)) {
        steps.add(new Release(item));
      } else if (!item.stage().isFinished()) {
        steps.add(new Cancel(item));
      }
    }
    return new ImportPlan(steps);
  }

  private static Update update(ActionItem item, SourceItem reported) {
    return new Update(item, isOwn(item) ? reported : reported.withDefaultsFrom(item.sourceItem()));
  }

  /** Whether a postmortem was the first to report it. */
  private static boolean isOwn(ActionItem item) {
    return item.source().equals(POSTMORTEM);
  }

  /**
   * Whether an item with the same issue stays with another postmortem, until that one no longer
   * names the issue.
   */
  static boolean belongsToAnother(ActionItem item, long postmortem) {
    Long current = item.postmortem();
    return current != null && current != postmortem && item.stage() != ActionItemStatus.CANCELLED;
  }

  /**
   * Makes an item one of a postmortem. If its issue was found in its own system before, values that
   * are only set there are kept.
   *
   * @param incident of the postmortem; null while unknown
   */
  static ActionItem adopt(
      ActionItem item, long postmortem, SourceItem reported, @Nullable RecordRef incident) {
    SourceItem whole =
        item.postmortem() == null ? reported.withDefaultsFrom(item.sourceItem()) : reported;
    return item.withReport(whole, incident).edit().postmortem(postmortem).done();
  }

  int added() {
    return (int) steps.stream().filter(Add.class::isInstance).count();
  }

  /** Those whose source changed; others may only get another incident. */
  int updated() {
    return (int)
        steps.stream()
            .filter(Update.class::isInstance)
            .map(Update.class::cast)
            .filter(update -> !update.reported().equals(update.item().sourceItem()))
            .count();
  }

  int cancelled() {
    return (int) steps.stream().filter(Cancel.class::isInstance).count();
  }
}
