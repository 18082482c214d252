package dev.lockstep.intake;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionOperations;

/** Remembers the action items it was told; can be away, and can refuse them. */
final class FakeActionItems implements ActionItemListener {
  final List<ReportedActionItem> items = new CopyOnWriteArrayList<>();
  volatile boolean away;
  volatile boolean refuses;

  @Override
  public void onActionItem(ReportedActionItem item) {
    if (away) {
      throw new DataAccessResourceFailureException("connection to secret-db refused");
    }
    if (refuses) {
      throw new DataIntegrityViolationException("value too long for type character varying(100)");
    }
    items.add(item);
  }

  ActionItemPublisher door() {
    StaticListableBeanFactory beans = new StaticListableBeanFactory();
    beans.addBean("actionItems", this);
    return new ActionItemPublisher(
        beans.getBeanProvider(ActionItemListener.class),
        beans.getBeanProvider(TransactionOperations.class));
  }

  void reset() {
    items.clear();
    away = false;
    refuses = false;
  }
}
