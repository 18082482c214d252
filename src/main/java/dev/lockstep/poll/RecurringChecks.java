package dev.lockstep.poll;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.connector.Finding;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.connector.SystemWatch;
import dev.lockstep.poll.CheckResultStore.Result;
import dev.lockstep.poll.SystemStates.CheckState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Asks regularly whether the systems still send webhooks, and switches on what they switched off.
 * What was not sent meanwhile is found by polling.
 */
@Component
final class RecurringChecks {
  private static final Logger LOG = LoggerFactory.getLogger(RecurringChecks.class);

  private final SystemWatch checks;
  private final WebhookEventTypes eventTypes;
  private final AuditStore audit;
  private final CheckSettings settings;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final CheckResultStore store;
  private final List<Asked> all;

  /** What this process logged last. */
  private final Map<Asked, String> logged = new ConcurrentHashMap<>();

  private List<Result> read = List.of();
  private Instant readAt = Instant.MIN;

  private record Asked(String system, String name) {}

  RecurringChecks(
      SystemWatch checks,
      PollTarget.Plan plan,
      WebhookEventTypes eventTypes,
      AuditStore audit,
      CheckResultStore store,
      CheckSettings settings,
      MeterRegistry metrics,
      Clock clock) {
    this.checks = checks;
    this.eventTypes = eventTypes;
    this.audit = audit;
    this.store = store;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.all =
        plan.targets().stream()
            .map(PollTarget::system)
            .distinct()
            .flatMap(
                system -> checks.repairable(system).stream().map(name -> new Asked(system, name)))
            .toList();
    all.forEach(
        check ->
            Gauge.builder(
                    "lockstep.check.up", () -> state(check).state() == CheckState.FAIL ? 0 : 1)
                .tags("system", check.system(), "check", check.name())
                .register(metrics));
  }

  /** What any process found last about this system; an old answer proves nothing. */
  List<SystemStates.Check> states(String system) {
    return all.stream().filter(check -> check.system().equals(system)).map(this::state).toList();
  }

  private SystemStates.Check state(Asked check) {
    return results().stream()
        .filter(last -> last.system().equals(check.system()) && last.name().equals(check.name()))
        .findFirst()
        .map(this::state)
        .orElseGet(
            () ->
                new SystemStates.Check(
                    check.name(), CheckState.UNKNOWN, "", "", null, List.of(), null));
  }

  private SystemStates.Check state(Result last) {
    Instant valid = last.askedAt().plus(settings.interval().multipliedBy(3));
    return new SystemStates.Check(
        last.name(),
        clock.instant().isAfter(valid)
            ? CheckState.UNKNOWN
            : CheckState.valueOf(last.status().name()),
        last.found(),
        last.advice(),
        last.askedAt(),
        last.repaired(),
        last.repairedAt());
  }

  /** Cached for a moment; while the database is unavailable, the last known ones. */
  private synchronized List<Result> results() {
    Instant now = clock.instant();
    if (readAt.plus(SystemsHealth.KEPT).isBefore(now) || now.isBefore(readAt)) {
      readAt = now;
      try {
        read = store.all();
      } catch (DataAccessException | TransactionException databaseAway) {
        // It has its own entry in the health.
      }
    }
    return read;
  }

  void run() {
    Map<String, Set<String>> types = eventTypes.bySystem();
    for (Asked check : all) {
      try {
        SystemWatch.Watched watched =
            checks.watch(
                check.system(),
                check.name(),
                types.getOrDefault(check.system(), Set.of()),
                settings.repair());
        watched.repaired().forEach(id -> recordRepair(check, watched.finding(), id));
        store.save(watched.finding(), watched.repaired(), clock.instant());
        logFinding(check, watched.finding());
      } catch (RetryLaterException | SystemUnavailableException e) {
        LOG.debug("{}: {} is not checked now: {}", check.system(), check.name(), e.getMessage());
      }
    }
  }

  private void recordRepair(Asked check, Finding finding, String id) {
    String text =
        "%s had switched off the %s %s; it was switched on again"
            .formatted(finding.title(), check.name(), id);
    LOG.warn("{}. Polling finds what was not sent meanwhile.", text);
    metrics
        .counter("lockstep.check.repairs", "system", check.system(), "check", check.name())
        .increment();
    audit.record(
        new AuditSubject("check", check.system() + "/" + check.name()),
        List.of(new AuditEntry("repaired", text, Map.of("id", id))));
  }

  private void logFinding(Asked check, Finding finding) {
    boolean isNew = !finding.found().equals(logged.put(check, finding.found()));
    if (finding.status() == Finding.Status.FAIL && isNew) {
      LOG.error("{}: {}: {}. {}", finding.title(), check.name(), finding.found(), finding.advice());
    }
  }
}
