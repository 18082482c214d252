package dev.lockstep.pause;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** By scope, whether it is paused and how much waits for it. */
@Component
final class PauseGauges implements MeterBinder {
  /** The gauges of one scrape are read within this time and share one query. */
  private static final Duration SCRAPE = Duration.ofSeconds(1);

  private final Pauses pauses;
  private final PausableNames names;
  private final Clock clock;
  private Map<String, Long> waiting = Map.of();
  private Instant countedAt = Instant.MIN;

  PauseGauges(Pauses pauses, PausableNames names, Clock clock) {
    this.pauses = pauses;
    this.names = names;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry metrics) {
    Stream.of(
            Stream.of(PauseScope.ALL),
            names.systems().stream().map(PauseScope::system),
            names.mappings().stream().map(PauseScope::mapping))
        .flatMap(scopes -> scopes)
        .forEach(scope -> bind(scope, metrics));
  }

  private void bind(PauseScope scope, MeterRegistry metrics) {
    Gauge.builder("lockstep.paused", () -> isPaused(scope) ? 1 : 0)
        .tag("scope", scope.toString())
        .register(metrics);
    Gauge.builder("lockstep.paused.entries", () -> waiting(scope))
        .tag("scope", scope.toString())
        .register(metrics);
  }

  private boolean isPaused(PauseScope scope) {
    return pauses.active().stream().anyMatch(pause -> pause.scope().equals(scope));
  }

  private synchronized long waiting(PauseScope scope) {
    Instant now = clock.instant();
    if (now.isAfter(countedAt.plus(SCRAPE))) {
      waiting = pauses.waiting();
      countedAt = now;
    }
    return waiting.getOrDefault(scope.toString(), 0L);
  }
}
