package dev.lockstep.communication;

import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.inbox.RecurringWork;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recurring look at what is due. */
@Configuration(proxyBeanMethods = false)
class CommunicationConfiguration {
  private static final Duration EVERY = Duration.ofSeconds(5);

  @Bean
  RecurringWork dueUpdates(CommunicationSettings settings, CadenceKeeper keeper) {
    return new RecurringWork(
        settings.audiences().isEmpty()
            ? List.of()
            : List.of(new RecurringWork.Job("keep-updates-due", EVERY, keeper::run)));
  }
}
