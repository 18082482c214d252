package dev.lockstep.intake;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.support.TransactionOperations;

/** Passes told action items on to whoever keeps them, if there is anybody. */
final class ActionItemPublisher {
  private static final Logger log = LoggerFactory.getLogger(ActionItemPublisher.class);

  private final ObjectProvider<ActionItemListener> listener;
  private final ObjectProvider<TransactionOperations> transactions;

  ActionItemPublisher(
      ObjectProvider<ActionItemListener> listener,
      ObjectProvider<TransactionOperations> transactions) {
    this.listener = listener;
    this.transactions = transactions;
  }

  /** Returns whether anybody kept it; when it returns, what was kept survives a crash. */
  boolean publish(ReportedActionItem item) {
    ActionItemListener keeper = listener.getIfAvailable();
    if (keeper == null) {
      log.debug("Nobody keeps action item {} of {}", item.id(), item.system());
      return false;
    }
    transactions
        .getIfAvailable(TransactionOperations::withoutTransaction)
        .executeWithoutResult(status -> keeper.onActionItem(item));
    return true;
  }
}
