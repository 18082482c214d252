package dev.lockstep.incident;

import dev.lockstep.inbox.RecurringWork;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Schedules the search for incidents that are not stored yet; one of several processes runs it. */
@Configuration(proxyBeanMethods = false)
class IncidentConfiguration {
  private static final Duration EVERY = Duration.ofHours(1);

  @Bean
  RecurringWork missingIncidents(IncidentStep incidents) {
    return new RecurringWork(
        List.of(new RecurringWork.Job("find-incidents", EVERY, incidents::addMissing)));
  }
}
