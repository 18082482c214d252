package dev.lockstep.ops;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Selects the served metrics and their buckets. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

  /** The objective for lag is one second, so buckets are dense around it. */
  private static final List<Duration> LAG =
      List.of(
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(2500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofHours(1));

  /** Metric families for operators; all others would only use memory. */
  private static final List<String> SERVED =
      List.of(
          "lockstep",
          "camel.route.policy",
          "jvm.memory",
          "jvm.gc",
          "jvm.threads",
          "process",
          "hikaricp",
          "resilience4j");

  @Bean
  MeterFilter servedMetrics() {
    return new MeterFilter() {
      @Override
      public MeterFilterReply accept(Meter.Id id) {
        return SERVED.stream().anyMatch(id.getName()::startsWith)
            ? MeterFilterReply.NEUTRAL
            : MeterFilterReply.DENY;
      }

      @Override
      public DistributionStatisticConfig configure(
          Meter.Id id, DistributionStatisticConfig config) {
        String name = id.getName().replace('.', '_');
        if (!name.startsWith("lockstep_lag") && !name.startsWith("lockstep_calls")) {
          return config;
        }
        return DistributionStatisticConfig.builder()
            .serviceLevelObjectives(LAG.stream().mapToDouble(Duration::toNanos).toArray())
            .build()
            .merge(config);
      }
    };
  }
}
