package dev.lockstep.inbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Gauges of the inbox: queried from the database once per scrape. */
@Component
final class InboxGauges implements MeterBinder {
  /** The gauges of one scrape are read within this time and share one query. */
  private static final Duration SCRAPE = Duration.ofSeconds(1);

  private final InboxStore store;
  private final DeadLetterStore deadLetters;
  private final Clock clock;
  private Map<InboxStore.State, Long> counts = Map.of();
  private Instant countedAt = Instant.MIN;

  InboxGauges(InboxStore store, DeadLetterStore deadLetters, Clock clock) {
    this.store = store;
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry metrics) {
    for (var state : InboxStore.State.values()) {
      Gauge.builder("lockstep.inbox.entries", () -> count(state))
          .tag("state", state.name())
          .register(metrics);
    }
    Gauge.builder(
            "lockstep.dead.letters",
            () -> count(InboxStore.State.DEAD_LETTER) + deadLetters.countPartlyRejected())
        .register(metrics);
    Gauge.builder("lockstep.inbox.oldest.seconds", this::oldest).register(metrics);
  }

  private long oldest() {
    return store
        .findOldest()
        .map(since -> Duration.between(since, clock.instant()).toSeconds())
        .orElse(0L);
  }

  private synchronized long count(InboxStore.State state) {
    Instant now = clock.instant();
    if (now.isAfter(countedAt.plus(SCRAPE))) {
      counts = store.countByState();
      countedAt = now;
    }
    return counts.getOrDefault(state, 0L);
  }
}
