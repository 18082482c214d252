package dev.lockstep.dryrun;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.dryrun.ChangePlan.PlannedDuplicate;
import dev.lockstep.dryrun.ChangePlan.Problem;
import dev.lockstep.dryrun.DryRunStore.Progress;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has the service's steps process what a start, a backfill or a changed mapping would make due, and
 * reports what they would write.
 */
public final class DryRun {
  /** A failed entry is reported and not waited for after so many attempts. */
  private static final int ATTEMPTS = 3;

  /**
   * Work that makes no progress for so long, for example since calls are suspended, is reported.
   */
  private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

  private final RecordingConnectors recorded;
  private final PlannedPolicy policy;
  private final DryRunStore store;
  private final DryRunFeeds feeds;
  private final WorkScheduler work;
  private final Scheduler scheduler;
  private final MappingCatalog mappings;
  private final References references;
  private final RecordStore records;
  private final Duplicates duplicates;
  private final ConnectorCatalog catalog;
  private final ConnectorHealth health;
  private final MeterRegistry metrics;
  private final Clock clock;

  DryRun(
      RecordingConnectors recorded,
      PlannedPolicy policy,
      DryRunStore store,
      DryRunFeeds feeds,
      WorkScheduler work,
      Scheduler scheduler,
      MappingCatalog mappings,
      References references,
      RecordStore records,
      Duplicates duplicates,
      ConnectorCatalog catalog,
      ConnectorHealth health,
      MeterRegistry metrics,
      Clock clock) {
    this.recorded = recorded;
    this.policy = policy;
    this.store = store;
    this.feeds = feeds;
    this.work = work;
    this.scheduler = scheduler;
    this.mappings = mappings;
    this.references = references;
    this.records = records;
    this.duplicates = duplicates;
    this.catalog = catalog;
    this.health = health;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * What is planned.
   *
   * @param schema the schema of the service's tables
   * @param changed whether records that changed recently are read from the systems
   * @param pairs whether the pairs that exist are compared
   * @param system only records of this system; empty for all
   * @param kind only records of this kind; empty for all
   * @param query only records that match, in the language of the system; empty for all
   * @param most at most so many records or correlations
   * @param policy how pairs are started
   */
  public record Scope(
      String schema,
      boolean changed,
      boolean pairs,
      String system,
      String kind,
      String query,
      int most,
      StartPolicy policy) {}

  /** Receives how far a run is, once a second or so. */
  @FunctionalInterface
  public interface Observer {
    /**
     * @param open records and correlations that are not processed yet
     * @param writes planned so far
     */
    void progress(long open, int writes);
  }

  /**
   * @param fingerprints by mapping in use, a fingerprint of its file
   */
  public ChangePlan run(Scope scope, Map<String, String> fingerprints, Observer observer) {
    Instant started = clock.instant();
    store.copyFrom(scope.schema());
    recorded.listing().set(scope.query(), scope.most());
    policy.set(scope.policy());
    long compared = scope.pairs() ? schedulePairs(scope) : 0;
    List<Problem> problems = new ArrayList<>();
    if (scope.changed()) {
      problems.addAll(feeds.read(scope, () -> isStuck(started) || isLockedOut()));
    }
    scheduler.start();
    awaitEnd(started, observer);
    scheduler.stop();
    PlanReport report = new PlanReport(recorded, store, records, mappings, references);
    store.unprocessed().forEach(left -> problems.add(problem(left, report)));
    return new ChangePlan(
        started,
        fingerprints,
        scope.policy().notes().name(),
        scope.policy().adoptBy(),
        compared + recorded.listing().count(),
        report.records(),
        foundDuplicates(started),
        report.gaps(),
        problems,
        report.systems(catalog, metrics));
  }

  private long schedulePairs(Scope scope) {
    List<String> names =
        mappings.all().stream()
            .filter(mapping -> scope.kind().isEmpty() || hasKind(mapping, scope.kind()))
            .map(Mapping::name)
            .toList();
    List<UUID> correlations = store.correlations(names, scope.most());
    for (UUID correlation : correlations) {
      Map<RecordRef, Hint> hints = new HashMap<>();
      store.records(correlation).forEach(ref -> hints.put(ref, Hint.toFetch(false, true)));
      work.schedule(new Subject.OfCorrelation(correlation), hints, clock.instant());
    }
    return correlations.size();
  }

  private static boolean hasKind(Mapping mapping, String kind) {
    return Stream.of(Side.values()).anyMatch(side -> mapping.kind(side).equals(kind));
  }

  private void awaitEnd(Instant started, Observer observer) {
    Instant changed = started;
    @Nullable Progress before = null;
    int writes = -1;
    Progress now = store.progress(ATTEMPTS);
    while (!now.isDone() && !isStuck(changed) && !isLockedOut()) {
      int made = recorded.writes().size();
      if (!now.equals(before) || made != writes) {
        changed = clock.instant();
        before = now;
        writes = made;
      }
      observer.progress(now.open() + now.retried(), made);
      DryRunFeeds.pause();
      now = store.progress(ATTEMPTS);
    }
  }

  /** Whether a system rejects the credentials, which waiting does not change. */
  private boolean isLockedOut() {
    return health.health().stream().anyMatch(state -> !state.trouble().isEmpty());
  }

  private boolean isStuck(Instant since) {
    return Duration.between(since, clock.instant()).compareTo(STUCK_AFTER) > 0;
  }

  private Problem problem(DryRunStore.Unprocessed left, PlanReport keys) {
    String reason =
        left.problem().isEmpty()
            ? "was not processed: a system it needs permits no calls at present"
            : left.problem();
    return new Problem(label(Subject.parse(left.subject()), keys), reason);
  }

  private String label(Subject subject, PlanReport keys) {
    List<RecordRef> refs =
        subject instanceof Subject.OfCorrelation correlation
            ? store.records(correlation.id())
            : subject instanceof Subject.OfRecord record ? List.of(record.ref()) : List.of();
    return refs.isEmpty()
        ? subject.toString()
        : String.join(" ⇄ ", refs.stream().map(keys::key).toList());
  }

  private List<PlannedDuplicate> foundDuplicates(Instant started) {
    return duplicates
        .list(
            List.of(Duplicates.State.PROPOSED, Duplicates.State.LINKING, Duplicates.State.LINKED),
            1000)
        .stream()
        .filter(one -> !one.changedAt().isBefore(started))
        .map(
            one ->
                new PlannedDuplicate(
                    one.duplicate().key(), one.primary().key(), one.state().name()))
        .toList();
  }
}
