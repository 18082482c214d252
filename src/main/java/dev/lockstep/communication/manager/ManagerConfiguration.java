package dev.lockstep.communication.manager;

import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.inbox.RecurringWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Checks regularly who leads incidents and who is on call; each runs in one process. */
@Configuration(proxyBeanMethods = false)
class ManagerConfiguration {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration ON_CALL_EVERY = Duration.ofSeconds(15);

  @Bean
  RecurringWork incidentManagerWork(
      CommunicationSettings settings, ManagerKeeper managers, OnCallKeeper onCall) {
    List<RecurringWork.Job> jobs = new ArrayList<>();
    if (settings.managers().isOn()) {
      jobs.add(new RecurringWork.Job("keep-incident-managers", EVERY, managers::run));
    }
    if (settings.onCall().isOn()) {
      jobs.add(new RecurringWork.Job("show-on-call", ON_CALL_EVERY, onCall::run));
    }
    return new RecurringWork(jobs);
  }
}
