package dev.lockstep.communication;

import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.CommunicationSettingsFile;
import dev.lockstep.communication.settings.ConfiguredIncidents;
import dev.lockstep.publish.ChannelKind;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The file that says who is informed, without anything that informs them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommunicationProperties.class)
public class CommunicationFiles {

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
}
