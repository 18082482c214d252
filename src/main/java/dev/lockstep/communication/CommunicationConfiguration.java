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

  /** Without an audience, only what was due for former ones is to be closed. */
  private static final Duration WITHOUT_AUDIENCE = Duration.ofMinutes(10);

  @Bean
  RecurringWork dueUpdates(CommunicationSettings settings, CadenceKeeper keeper) {
    Duration every = settings.audiences().isEmpty() ? WITHOUT_AUDIENCE : EVERY;
    return new RecurringWork(
        List.of(new RecurringWork.Job("keep-updates-due", every, keeper::run)));
  }
}
