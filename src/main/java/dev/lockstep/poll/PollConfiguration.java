package dev.lockstep.poll;

import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.ops.spans.Spans;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Schedules the polls on the inbox's scheduler, so that only one of several processes polls. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PollSettings.class, CheckSettings.class})
class PollConfiguration {
  private static final Duration MEASURED_EVERY = Duration.ofMinutes(1);

  @Bean
  RecurringWork systemChecks(RecurringChecks checks, CheckSettings settings) {
    return new RecurringWork(
        List.of(new RecurringWork.Job("check-systems", settings.interval(), checks::run)));
  }

  @Bean
  RecurringWork clocks(SystemClocks clocks) {
    return new RecurringWork(
        List.of(new RecurringWork.Job("measure-clocks", MEASURED_EVERY, clocks::measure)));
  }

  @Bean
  RecurringWork polls(RouteCaller routes, PollTarget.Plan plan, Spans spans) {
    return new RecurringWork(
        plan.targets().stream()
            .map(
                listing ->
                    new RecurringWork.Job(
                        "poll " + listing.name(),
                        listing.interval(),
                        () ->
                            Spans.run(
                                spans
                                    .root("poll " + listing.name())
                                    .setAttribute(Spans.SYSTEM, listing.system()),
                                () -> routes.call("direct:poll-changes", listing))))
            .toList());
  }
}
