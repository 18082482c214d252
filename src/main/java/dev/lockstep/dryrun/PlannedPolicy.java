package dev.lockstep.dryrun;

import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.StartPolicies;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** How all pairs of a dry run are started. */
final class PlannedPolicy implements StartPolicies {
  private final AtomicReference<@Nullable StartPolicy> policy = new AtomicReference<>();

  void set(StartPolicy wanted) {
    policy.set(wanted);
  }

  @Override
  public Optional<StartPolicy> find(RecordRef record) {
    return Optional.ofNullable(policy.get());
  }

  /** What is planned is carried out as by a backfill. */
  @Override
  public boolean isBackfilled(RecordRef record, @Nullable Instant openedAt) {
    return true;
  }
}
