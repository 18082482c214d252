package dev.lockstep.intake;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionOperations;

/** Remembers the action items it was told; can be away. */
final class FakeActionItems implements ActionItemsTold {
  final List<ToldActionItem> items = new CopyOnWriteArrayList<>();
  volatile boolean away;

  @Override
  public void told(ToldActionItem item) {
    if (away) {
      throw new DataAccessResourceFailureException("connection to secret-db refused");
    }
    items.add(item);
  }

  ActionItemDoor door() {
    StaticListableBeanFactory beans = new StaticListableBeanFactory();
    beans.addBean("actionItems", this);
    return new ActionItemDoor(
        beans.getBeanProvider(ActionItemsTold.class),
        beans.getBeanProvider(TransactionOperations.class));
  }

  void reset() {
    items.clear();
    away = false;
  }
}
