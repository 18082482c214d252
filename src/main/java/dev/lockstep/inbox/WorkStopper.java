package dev.lockstep.inbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.util.List;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Stops work before the beans it uses are destroyed. */
@Component
record WorkStopper(List<Scheduler> schedulers) {

  @EventListener(ContextClosedEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE)
  public void stop() {
    // Waits for running executions.
    schedulers.forEach(Scheduler::stop);
  }
}
