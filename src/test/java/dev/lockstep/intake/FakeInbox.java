package dev.lockstep.intake;

import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.UnparseableWebhook;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/** Remembers what it was given; can be away, can be slow, and can refuse events. */
final class FakeInbox implements Inbox {
  final List<InboundEvent> events = new CopyOnWriteArrayList<>();
  final List<UnparseableWebhook> aside = new CopyOnWriteArrayList<>();
  final AtomicInteger entered = new AtomicInteger();
  volatile boolean away;
  volatile @Nullable RuntimeException refuses;
  volatile @Nullable CountDownLatch gate;

  @Override
  public void receive(InboundEvent event) {
    enter();
    RuntimeException refusal = refuses;
    if (refusal != null) {
      throw refusal;
    }
    events.add(event);
  }

  @Override
  public void addDeadLetter(UnparseableWebhook delivery) {
    enter();
    aside.add(delivery);
  }

  private void enter() {
    entered.incrementAndGet();
    if (away) {
      throw new DataAccessResourceFailureException("connection to secret-db refused");
    }
    CountDownLatch latch = gate;
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  void reset() {
    events.clear();
    aside.clear();
    entered.set(0);
    away = false;
    refuses = null;
    gate = null;
  }
}
