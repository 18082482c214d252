package dev.lockstep.reconcile;

import dev.lockstep.connector.PausedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Compares the records of all correlations with what their systems show, a few at a time, so that
 * live traffic keeps its call budget. What it finds was missed by webhooks and polls. A run
 * continues after a restart where it stopped.
 */
@Component
class Reconciler implements Reconciliations {
  /** How many rounds there are in a minute. */
  static final int ROUNDS_PER_MINUTE = 6;

  /** A correlation whose systems cannot be asked for so many rounds is passed over. */
  private static final int MOST_ROUNDS = 6;

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private final ReconciliationStore store;
  private final RecordComparison comparison;
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;
  private final ReconcileSettings settings;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Instant started;
  private int failedRounds;

  Reconciler(
      ReconciliationStore store,
      RecordComparison comparison,
      PairStore pairs,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      ReconcileSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.comparison = comparison;
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.transaction = transaction;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    this.started = clock.instant();
  }

  @Override
  public Optional<Progress> start(Reconciliation.Mode mode, String by) {
    return Objects.requireNonNull(transaction.execute(status -> store.start(mode, by)))
        .map(run -> progress(run, 0));
  }

  @Override
  public Optional<Progress> findLatest(int most) {
    return store.findLatest().map(run -> progress(run, most));
  }

  private Progress progress(Reconciliation run, int most) {
    return new Progress(
        run, store.countDrift(run), store.countUnsettled(run), store.findDrift(run, most));
  }

  /** One round: starts a scheduled run that is due, and compares the next records. */
  void runRound() {
    Reconciliation latest = store.findLatest().orElse(null);
    Reconciliation run =
        latest != null && latest.finishedAt() == null ? latest : startIfDue(latest).orElse(null);
    int budget = settings.recordsPerMinute() / ROUNDS_PER_MINUTE;
    while (run != null && budget > 0) {
      UUID next = store.findNext(run).orElse(null);
      if (next == null) {
        finish(run);
        return;
      }
      Correlation correlation = pairs.load(next);
      budget -= Math.max(1, RecordComparison.compared(correlation).size());
      run = compare(run, correlation).orElse(null);
    }
  }

  private Optional<Reconciliation> startIfDue(@Nullable Reconciliation latest) {
    Instant last = latest == null ? started : latest.startedAt();
    LocalDateTime due =
        CronExpression.parse(settings.cron()).next(LocalDateTime.ofInstant(last, ZoneOffset.UTC));
    return due == null || due.toInstant(ZoneOffset.UTC).isAfter(clock.instant())
        ? Optional.empty()
        : settings.scheduledMode().flatMap(mode -> store.start(mode, ""));
  }

  private void finish(Reconciliation run) {
    store.finish(run);
    LOG.info(
        "Reconciliation finished: {} correlations compared, {} postponed, {} records differ",
        run.checked(),
        run.postponed(),
        store.countDrift(run));
  }

  /**
   * @return the run after this correlation; empty if its systems cannot be asked now
   */
  private Optional<Reconciliation> compare(Reconciliation run, Correlation correlation) {
    Subject subject = new Subject.OfCorrelation(correlation.id());
    if (scheduler.isPending(subject)) {
      return Optional.of(store.advance(run, correlation.id(), false));
    }
    List<Drift> found;
    try {
      found = comparison.compare(correlation);
    } catch (PausedException e) {
      // Its pause may last longer than the run.
      return Optional.of(store.advance(run, correlation.id(), false));
    } catch (RetryLaterException | SystemUnavailableException e) {
      return passOver(run, correlation, e);
    }
    failedRounds = 0;
    return transaction.execute(status -> Optional.of(store(run, correlation, found)));
  }

  private Optional<Reconciliation> passOver(
      Reconciliation run, Correlation correlation, RuntimeException why) {
    if (++failedRounds < MOST_ROUNDS) {
      LOG.debug("Reconciliation waits: {}", why.getMessage());
      return Optional.empty();
    }
    failedRounds = 0;
    LOG.warn("Reconciliation passes over {}: {}", correlation.id(), why.getMessage());
    return Optional.of(store.advance(run, correlation.id(), false));
  }

  /** If the correlation was processed meanwhile, what was found is no longer true. */
  private Reconciliation store(Reconciliation run, Correlation compared, List<Drift> found) {
    Subject subject = new Subject.OfCorrelation(compared.id());
    boolean isCurrent =
        found.isEmpty()
            || !scheduler.isPending(subject)
                && pairs.load(compared.id()).states().equals(compared.states());
    if (isCurrent) {
      found.forEach(drift -> report(run, drift));
      Map<RecordRef, Hint> hints = toFetch(found);
      if (!hints.isEmpty() && run.mode() == Reconciliation.Mode.REPAIR) {
        scheduler.schedule(subject, hints, clock.instant());
      }
    }
    return store.advance(run, compared.id(), isCurrent);
  }

  private void report(Reconciliation run, Drift drift) {
    store.add(run, drift);
    metrics
        .counter(
            "lockstep.drift",
            "system",
            drift.record().system(),
            "problem",
            drift.problem().name().toLowerCase(Locale.ROOT))
        .increment();
    LOG.warn(
        "{} ({}) differs from what was last processed: {} {}{}",
        drift.key(),
        drift.record(),
        drift.problem(),
        String.join(", ", drift.fields().keySet()),
        drift.reason());
  }

  private static Map<RecordRef, Hint> toFetch(List<Drift> found) {
    Map<RecordRef, Hint> hints = new HashMap<>();
    found.stream()
        .filter(drift -> drift.problem() != Drift.Problem.UNREADABLE)
        .forEach(drift -> hints.put(drift.record(), Hint.toFetch(false, true)));
    return hints;
  }
}
