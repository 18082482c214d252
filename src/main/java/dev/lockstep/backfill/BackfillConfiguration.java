package dev.lockstep.backfill;

import dev.lockstep.inbox.RecurringWork;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Schedules the rounds of a backfill; one of several processes runs them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BackfillSettings.class)
class BackfillConfiguration {

  @Bean
  RecurringWork backfill(Backfiller backfiller) {
    return new RecurringWork(
        List.of(new RecurringWork.Job("backfill", Backfiller.ROUND, backfiller::runRound)));
  }
}
