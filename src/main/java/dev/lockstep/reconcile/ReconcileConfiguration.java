package dev.lockstep.reconcile;

import dev.lockstep.inbox.RecurringWork;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Schedules the rounds of a reconciliation; one of several processes runs them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReconcileSettings.class)
class ReconcileConfiguration {

  @Bean
  RecurringWork reconciliation(Reconciler reconciler) {
    Duration round = Duration.ofMinutes(1).dividedBy(Reconciler.ROUNDS_PER_MINUTE);
    return new RecurringWork(
        List.of(new RecurringWork.Job("reconcile", round, reconciler::runRound)));
  }
}
