package dev.lockstep.intake;

/** Listener for action items that systems report by webhook; intake only forwards them. */
public interface ActionItemListener {

  /**
   * Stores the reported item. Runs in the caller's transaction, and the webhook is acknowledged
   * only after that is committed. An exception makes the sender repeat the webhook, so throw only
   * for temporary failures (the database is unavailable).
   *
   * <p>Called at least once per report, in any order, and concurrently for the same item: a report
   * whose {@link ReportedActionItem#occurredAt} is not newer than the stored one must change
   * nothing.
   */
  void onActionItem(ReportedActionItem item);
}
