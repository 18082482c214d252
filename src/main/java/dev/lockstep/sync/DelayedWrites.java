package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Holds back values that a mapping writes only once their source has been unchanged for a while
 * ({@code after}). They stay a difference until then, and the pair is scheduled for the time at
 * which they are due.
 */
@Component
class DelayedWrites {
  private final Connectors connectors;
  private final WorkScheduler scheduler;
  private final Clock clock;

  DelayedWrites(Connectors connectors, WorkScheduler scheduler, Clock clock) {
    this.connectors = connectors;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** The plan without what is not due yet. */
  SyncPlan withoutEarly(Pair pair, Mapping mapping, SyncPlan plan) {
    Map<Side, Set<String>> early = new EnumMap<>(Side.class);
    plan.updates()
        .forEach(
            (side, update) ->
                update
                    .values()
                    .forEach(
                        (field, value) -> {
                          Duration delay = mapping.delay(side, field, value);
                          if (!delay.isZero() && waits(pair, mapping, side.other(), delay)) {
                            early.computeIfAbsent(side, any -> new HashSet<>()).add(field);
                          }
                        }));
    return early.isEmpty() ? plan : plan.without(early);
  }

  private boolean waits(Pair pair, Mapping mapping, Side from, Duration delay) {
    Snapshot source = Objects.requireNonNull(pair.seen(from));
    Instant due = source.updatedAt().plus(delay);
    // Each system dates its changes by its own clock.
    Duration left = Duration.between(connectors.now(mapping.system(from)), due);
    if (left.isNegative() || left.isZero()) {
      return false;
    }
    scheduler.scheduleAt(source.ref(), clock.instant().plus(left));
    return true;
  }
}
