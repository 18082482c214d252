package dev.lockstep.postmortem.actionitem;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A failed change request of an item that has a successor. It is still synced, since it may be
 * reopened.
 *
 * @param title last synced value, as are owner, due date and group
 * @param counterpart its record
 * @param url where it can be read; empty if unknown
 */
public record EarlierChange(
    String title,
    String owner,
    @Nullable LocalDate due,
    String group,
    String counterpart,
    String url,
    ChangeRequestState change) {

  static EarlierChange from(ActionItem item, String url) {
    return new EarlierChange(
        item.title(),
        item.owner(),
        item.due(),
        item.group(),
        item.counterpart(),
        url,
        item.change());
  }

  EarlierChange withChangesOf(ActionItem item) {
    return from(item, url);
  }

  /** A cancelled item affects it only if it was reopened. */
  ActionItem applyTo(ActionItem item, int attempt) {
    return item.edit()
        .title(title)
        .owner(owner)
        .due(due)
        .group(group)
        .earlier(item.earlier().subList(0, attempt))
        .counterpart(counterpart)
        .change(change)
        .stage(change.failed() ? ActionItemStatus.REOPENED : item.stage())
        .done();
  }
}
