package dev.lockstep.intake;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Passes reported action items to the {@link ActionItemListener}, if there is one. */
@Component
final class ActionItemPublisher {
  private static final Logger log = LoggerFactory.getLogger(ActionItemPublisher.class);

  private final ObjectProvider<ActionItemListener> listener;
  private final ObjectProvider<TransactionOperations> transactions;

  /** The listener is resolved lazily: it may depend on beans that depend on intake. */
  ActionItemPublisher(
      ObjectProvider<ActionItemListener> listener,
      ObjectProvider<TransactionOperations> transactions) {
    this.listener = listener;
    this.transactions = transactions;
  }

  /** Returns whether a listener stored the item. The transaction is committed by then. */
  boolean publish(ReportedActionItem item) {
    ActionItemListener target = listener.getIfAvailable();
    if (target == null) {
      log.debug("No listener for action item {} of {}", item.id(), item.system());
      return false;
    }
    transactions
        .getIfAvailable(TransactionOperations::withoutTransaction)
        .executeWithoutResult(status -> target.onActionItem(item));
    return true;
  }
}
