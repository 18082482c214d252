package dev.lockstep.postmortem.actionitem;

import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides which status an item has, and whether a failed change request gets a successor. */
class ActionItemLifecycle {
  private final PostmortemSettings settings;

  ActionItemLifecycle(PostmortemSettings settings) {
    this.settings = settings;
  }

  /** Derives the status. A cancelled item stays cancelled until its source reports it again. */
  static ActionItem withStatus(ActionItem item) {
    return item.stage() == ActionItemStatus.CANCELLED
        ? item
        : item.edit().stage(statusOf(item)).done();
  }

  private static ActionItemStatus statusOf(ActionItem item) {
    ChangeRequestState change = item.effectiveChange();
    boolean hasChange = item.hasChange() || !item.hasOnlyFailedBefore();
    boolean deployed = hasChange && change.isClosed() && !change.failed();
    if (item.sourceItem().status() == Status.CANCELLED && !deployed) {
      return ActionItemStatus.CANCELLED;
    }
    if (hasChange) {
      if (change.failed()) {
        return ActionItemStatus.REOPENED;
      }
      return change.isClosed() ? ActionItemStatus.DEPLOYED : ActionItemStatus.IN_CHANGE;
    }
    if (item.sourceItem().done()) {
      return ActionItemStatus.DONE;
    }
    if (item.sourceItem().status() == Status.UNCLEAR) {
      return ActionItemStatus.NEEDS_STATUS;
    }
    if (item.owner().isEmpty()) {
      return ActionItemStatus.NEEDS_OWNER;
    }
    return item.due() == null ? ActionItemStatus.NEEDS_DUE_DATE : ActionItemStatus.READY;
  }

  /**
   * Whether its newest change request failed and is to be followed by another. A deleted change
   * request has not failed: it may only be hidden.
   */
  boolean needsSuccessor(ActionItem item) {
    ChangeRequestState change = item.change();
    boolean ended = item.hasChange() && change.failed() && !change.gone();
    boolean open =
        item.stage() != ActionItemStatus.CANCELLED && item.sourceItem().status() == Status.OPEN;
    return ended
        && open
        && item.hasOnlyFailedBefore()
        && settings.reopened().allows(item.earlier().size() + 1);
  }

  /**
   * The item with its failed change request among the earlier ones, so that another is created.
   *
   * @param url where the failed one can be read; empty if unknown
   */
  ActionItem withSuccessor(ActionItem item, String url, LocalDate today) {
    List<EarlierChange> earlier = new ArrayList<>(item.earlier());
    earlier.add(EarlierChange.from(item, url));
    return item.edit()
        .earlier(earlier)
        .counterpart("")
        .change(ChangeRequestState.NONE)
        .due(newDueDate(item, today))
        .done();
  }

  /**
   * A date that has passed is kept unless the settings supply another, since nobody has committed
   * to a new one.
   */
  private @Nullable LocalDate newDueDate(ActionItem item, LocalDate today) {
    LocalDate due = item.due();
    return due != null && !due.isBefore(today)
        ? due
        : settings.due(item.sourceItem().priority(), today).orElse(due);
  }
}
