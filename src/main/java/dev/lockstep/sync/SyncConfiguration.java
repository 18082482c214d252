package dev.lockstep.sync;

import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Settings of the sync engine. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SyncSettings.class)
class SyncConfiguration {

  @Bean
  NoteSender.Lease noteLease() {
    return new NoteSender.Lease(Duration.ofSeconds(16));
  }

  @Bean
  Novelty novelty() {
    return new Novelty(Duration.ofMinutes(1));
  }
}
