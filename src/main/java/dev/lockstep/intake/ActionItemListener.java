package dev.lockstep.intake;

/** Who wants to hear of action items that systems tell; intake only passes them on. */
public interface ActionItemListener {

  /**
   * Keeps what was told. Runs in a transaction of the caller's, and the sender is thanked only
   * after that has been committed: what this throws makes the sender tell it again, so throw for
   * what may pass (the database is away) and for nothing else.
   *
   * <p>At least once, and in no certain order, also at the same time as another of the same item:
   * one that {@link ReportedActionItem#occurredAt} says is older than what is known, or as old,
   * must change nothing.
   */
  void onActionItem(ReportedActionItem item);
}
