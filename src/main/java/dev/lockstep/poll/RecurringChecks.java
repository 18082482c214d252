package dev.lockstep.poll;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.connector.Finding;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.connector.SystemWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

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
  private final List<Check> all;
  private final Map<Check, Result> results = new ConcurrentHashMap<>();

  private record Check(String system, String name) {}

  private record Result(Finding finding, Instant at) {}

  RecurringChecks(
      SystemWatch checks,
      PollTarget.Plan plan,
      WebhookEventTypes eventTypes,
      AuditStore audit,
      CheckSettings settings,
      MeterRegistry metrics,
      Clock clock) {
    this.checks = checks;
    this.eventTypes = eventTypes;
    this.audit = audit;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.all =
        plan.targets().stream()
            .map(PollTarget::system)
            .distinct()
            .flatMap(
                system -> checks.repairable(system).stream().map(name -> new Check(system, name)))
            .toList();
    all.forEach(
        check ->
            Gauge.builder("lockstep.check.up", () -> isUp(check) ? 1 : 0)
                .tags("system", check.system(), "check", check.name())
                .register(metrics));
  }

  /** Another process may have asked meanwhile: what this one knows is true for a while only. */
  private boolean isUp(Check check) {
    Result last = results.get(check);
    Duration valid = settings.interval().multipliedBy(3);
    return last == null
        || last.finding().status() != Finding.Status.FAIL
        || clock.instant().isAfter(last.at().plus(valid));
  }

  void run() {
    Map<String, Set<String>> types = eventTypes.bySystem();
    for (Check check : all) {
      try {
        SystemWatch.Watched watched =
            checks.watch(
                check.system(),
                check.name(),
                types.getOrDefault(check.system(), Set.of()),
                settings.repair());
        watched.repaired().forEach(id -> recordRepair(check, watched.finding(), id));
        recordFinding(check, watched.finding());
      } catch (RetryLaterException | SystemUnavailableException e) {
        LOG.debug("{}: {} is not checked now: {}", check.system(), check.name(), e.getMessage());
      }
    }
  }

  private void recordRepair(Check check, Finding finding, String id) {
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

  private void recordFinding(Check check, Finding finding) {
    Result before = results.put(check, new Result(finding, clock.instant()));
    boolean isNew = before == null || !before.finding().found().equals(finding.found());
    if (finding.status() == Finding.Status.FAIL && isNew) {
      LOG.error("{}: {}: {}. {}", finding.title(), check.name(), finding.found(), finding.advice());
    }
  }
}
