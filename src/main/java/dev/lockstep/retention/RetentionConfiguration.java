package dev.lockstep.retention;

import dev.lockstep.inbox.RecurringWork;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Schedules retention if it is on; one of several processes runs it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionSettings.class)
class RetentionConfiguration {
  private static final Duration EVERY = Duration.ofHours(1);

  @Bean
  RecurringWork deletion(Retention retention, RetentionSettings settings) {
    return new RecurringWork(
        settings.isOn()
            ? List.of(new RecurringWork.Job("retention", EVERY, retention::run))
            : List.of());
  }
}
