package dev.lockstep.poll;

import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.connector.Connectors;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.ops.RouteCaller;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Schedules the polls on the inbox's scheduler, so that only one of several processes polls. */
@Configuration(proxyBeanMethods = false)
class PollConfiguration {

  @Bean
  WatermarkStore watermarks(JdbcClient jdbc) {
    return new WatermarkStore(jdbc);
  }

  /**
   * The bean name determines the name of the health detail and the key in {@code application.yaml}.
   */
  @Bean
  SystemsHealth systemsHealthIndicator(
      ConnectorHealth systems,
      Connectors connectors,
      PollTarget.Plan plan,
      WatermarkStore watermarks,
      Clock clock,
      MeterRegistry metrics) {
    return new SystemsHealth(systems, connectors, plan, watermarks, clock, metrics);
  }

  @Bean
  ClientsHealth clientsHealthIndicator(ConnectorHealth systems) {
    return new ClientsHealth(systems);
  }

  @Bean
  Poller poller(
      Connectors connectors,
      Inbox inbox,
      PairLookup pairs,
      WatermarkStore watermarks,
      @Value("${lockstep.poll.overlap:2m}") Duration overlap,
      @Value("${lockstep.poll.first-look-back:1h}") Duration firstLook,
      Clock clock,
      MeterRegistry metrics) {
    return new Poller(connectors, inbox, pairs, watermarks, overlap, firstLook, clock, metrics);
  }

  @Bean
  RecurringWork polls(RouteCaller routes, PollTarget.Plan plan) {
    return new RecurringWork(
        plan.targets().stream()
            .map(
                listing ->
                    new RecurringWork.Job(
                        "poll " + listing.name(),
                        listing.interval(),
                        () -> routes.call("direct:poll-changes", listing)))
            .toList());
  }
}
