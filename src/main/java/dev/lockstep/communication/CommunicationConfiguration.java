package dev.lockstep.communication;

import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.CommunicationSettingsFile;
import dev.lockstep.communication.settings.ConfiguredIncidents;
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.publish.ChannelKind;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The file that says who is informed, and the recurring look at what is due. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommunicationProperties.class)
class CommunicationConfiguration {
  private static final Duration EVERY = Duration.ofSeconds(5);

  @Bean
  CommunicationSettingsFile communicationSettingsFile(
      CommunicationProperties files,
      ConfiguredIncidents incidents,
      List<ChannelKind> kinds,
      Environment environment) {
    return new CommunicationSettingsFile(
        files.communications(), incidents, kinds, environment::getProperty);
  }

  @Bean
  CommunicationSettings communicationSettings(CommunicationSettingsFile file) {
    return file.read();
  }

  @Bean
  RecurringWork dueUpdates(CommunicationSettings settings, CadenceKeeper keeper) {
    return new RecurringWork(
        settings.audiences().isEmpty()
            ? List.of()
            : List.of(new RecurringWork.Job("keep-updates-due", EVERY, keeper::run)));
  }
}
