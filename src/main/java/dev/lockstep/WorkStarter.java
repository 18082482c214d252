package dev.lockstep;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.util.List;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Starts work last, when all routes and connectors are running. */
@Component
record WorkStarter(List<Scheduler> schedulers) {

  @EventListener(ApplicationReadyEvent.class)
  public void begin() {
    schedulers.forEach(Scheduler::start);
  }
}
