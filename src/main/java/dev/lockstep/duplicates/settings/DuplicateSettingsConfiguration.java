package dev.lockstep.duplicates.settings;

import dev.lockstep.ops.StartupCheck;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Separate from the rest of the stage, since settings are checked before the database starts. */
@Configuration(proxyBeanMethods = false)
class DuplicateSettingsConfiguration {

  @Bean
  StartupCheck duplicateSettingsCheck(ConfigurableEnvironment environment) {
    return () -> DuplicateSettingsReader.problems(environment);
  }

  @Bean
  DuplicateSettings duplicateSettings(ConfigurableEnvironment environment) {
    return DuplicateSettingsReader.read(environment);
  }
}
