package dev.lockstep.dryrun;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.dryrun.ChangePlan.PlannedDuplicate;
import dev.lockstep.dryrun.ChangePlan.Problem;
import dev.lockstep.dryrun.DryRunStore.FeedState;
import dev.lockstep.dryrun.DryRunStore.Progress;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.poll.PollTarget;
import dev.lockstep.poll.Poller;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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

  private static final Executor SHORTLY =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

  private final RecordingConnectors recorded;
  private final PlannedPolicy policy;
  private final DryRunStore store;
  private final Poller poller;
  private final PollTarget.Plan polls;
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
      Poller poller,
      PollTarget.Plan polls,
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
    this.poller = poller;
    this.polls = polls;
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
    recorded.narrow(scope.query(), scope.most());
    policy.set(scope.policy());
    long compared = scope.pairs() ? schedulePairs(scope) : 0;
    List<Problem> problems = new ArrayList<>();
    if (scope.changed()) {
      problems.addAll(readFeeds(scope, started));
    }
    scheduler.start();
    awaitEnd(started, observer);
    scheduler.stop();
    store.unprocessed().forEach(left -> problems.add(problem(left)));
    PlanReport report = new PlanReport(recorded, store, records, mappings, references);
    return new ChangePlan(
        started,
        fingerprints,
        scope.policy().notes().name(),
        scope.policy().adoptBy(),
        compared + recorded.listed(),
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

  /**
   * Reads the feeds as the first poll does. A feed that may not be called now is asked again for a
   * while.
   */
  private List<Problem> readFeeds(Scope scope, Instant started) {
    List<PollTarget> wanted =
        polls.targets().stream()
            .filter(target -> scope.kind().isEmpty() || target.kind().equals(scope.kind()))
            .filter(target -> scope.system().isEmpty() || target.system().equals(scope.system()))
            .toList();
    if (wanted.isEmpty()) {
      return List.of(
          new Problem(
              scope.system() + "/" + scope.kind(), "no mapping in use has records of this kind"));
    }
    List<PollTarget> unread = wanted;
    while (!unread.isEmpty()) {
      unread.forEach(poller::poll);
      unread = unread.stream().filter(target -> !isRead(target)).toList();
      if (isStuck(started) || isLockedOut()) {
        break;
      }
      if (!unread.isEmpty()) {
        pause();
      }
    }
    List<Problem> problems = new ArrayList<>();
    for (FeedState feed : store.feeds()) {
      if (!feed.problem().isEmpty()) {
        problems.add(new Problem(feed.feed(), feed.problem()));
      }
    }
    for (PollTarget target : unread) {
      if (problems.stream().noneMatch(one -> one.subject().startsWith(prefix(target)))) {
        problems.add(new Problem(prefix(target), "could not be read: " + trouble(target.system())));
      }
    }
    return problems;
  }

  private static String prefix(PollTarget target) {
    return target.system() + "/" + target.kind() + "/";
  }

  /** Whether each of its feeds was read, or cannot be. */
  private boolean isRead(PollTarget target) {
    List<FeedState> known =
        store.feeds().stream().filter(feed -> feed.feed().startsWith(prefix(target))).toList();
    return recorded.feeds(target.system(), target.kind()).stream()
        .allMatch(
            name ->
                known.stream()
                    .anyMatch(
                        feed ->
                            feed.feed().equals(prefix(target) + name)
                                && (feed.read() || !feed.problem().isEmpty())));
  }

  private String trouble(String system) {
    return health.health().stream()
        .filter(state -> state.system().equals(system) && !state.trouble().isEmpty())
        .map(ConnectorHealth.Health::trouble)
        .findFirst()
        .orElse("it permits no calls at present");
  }

  private void awaitEnd(Instant started, Observer observer) {
    Progress before = store.progress(ATTEMPTS);
    Instant changed = started;
    int writes = -1;
    while (!store.progress(ATTEMPTS).isDone()) {
      Progress now = store.progress(ATTEMPTS);
      int made = recorded.writes().size();
      if (!now.equals(before) || made != writes) {
        changed = clock.instant();
        before = now;
        writes = made;
      }
      if (isStuck(changed) || isLockedOut()) {
        return;
      }
      observer.progress(now.open() + now.retried(), made);
      pause();
    }
  }

  /** Whether a system rejects the credentials, which waiting does not change. */
  private boolean isLockedOut() {
    return health.health().stream().anyMatch(state -> !state.trouble().isEmpty());
  }

  private boolean isStuck(Instant since) {
    return Duration.between(since, clock.instant()).compareTo(STUCK_AFTER) > 0;
  }

  private static void pause() {
    CompletableFuture.runAsync(() -> {}, SHORTLY).join();
  }

  private Problem problem(DryRunStore.Unprocessed left) {
    String reason =
        left.problem().isEmpty()
            ? "was not processed: a system it needs permits no calls at present"
            : left.problem();
    return new Problem(label(Subject.parse(left.subject())), reason);
  }

  private String label(Subject subject) {
    List<RecordRef> refs =
        subject instanceof Subject.OfCorrelation correlation
            ? store.records(correlation.id())
            : subject instanceof Subject.OfRecord record ? List.of(record.ref()) : List.of();
    PlanReport keys = new PlanReport(recorded, store, records, mappings, references);
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
