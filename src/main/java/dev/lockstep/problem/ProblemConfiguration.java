package dev.lockstep.problem;

import dev.lockstep.inbox.RecurringWork;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recurring work. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProblemSettings.class)
class ProblemConfiguration {
  private static final Duration JUDGE_EVERY = Duration.ofSeconds(30);
  private static final Duration LINK_EVERY = Duration.ofSeconds(5);

  @Bean
  RecurringWork problemWork(RecurringIncidents recurring, ProblemLinks links) {
    return new RecurringWork(
        List.of(
            new RecurringWork.Job("find-recurring-incidents", JUDGE_EVERY, recurring::run),
            new RecurringWork.Job("link-problems", LINK_EVERY, links::run)));
  }
}
