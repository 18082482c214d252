package dev.lockstep.pause;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.connector.CallGate;
import dev.lockstep.connector.PausedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What is paused now. Pauses are rows of the database: they survive restarts and apply to every
 * process, to this one at once and to others within {@link #KEPT}. Thread-safe.
 */
@Component
public class Pauses implements CallGate, PauseOperations {
  /** How long what was read is used before each call. */
  static final Duration KEPT = Duration.ofSeconds(1);

  /** What waits for a pause without end looks again after this, should it not be released. */
  private static final Duration MOST = Duration.ofDays(1);

  /** Work is released by priority; only what was not released goes on by itself. */
  private static final Duration UNRELEASED = Duration.ofMinutes(1);

  private static final String AUDIT = "pause";
  private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);

  private final PauseStore store;
  private final List<FreezeWindow> windows;
  private final PausedWork work;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final AtomicLong changes = new AtomicLong();
  private volatile @Nullable Known known;
  private Set<String> windowsSeen = Set.of();

  /**
   * @param changes how often this process had changed pauses when the read began
   */
  private record Known(List<Pause> pauses, Instant readAt, long changes) {
    boolean isCurrent(Instant now, long changes) {
      return this.changes == changes && !now.isBefore(readAt) && now.isBefore(readAt.plus(KEPT));
    }
  }

  Pauses(
      PauseStore store,
      FreezeWindows windows,
      PausedWork work,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.windows = windows.all();
    this.work = work;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public void requireOpen(String system) {
    require(ofSystem(system));
  }

  /**
   * @throws PausedException if everything is paused
   */
  public void requireRunning() {
    require(covering(scope -> scope.kind() == PauseScope.Kind.ALL));
  }

  /**
   * @param systems those of the mapping
   * @throws PausedException if the mapping or one of its systems is paused
   */
  public void requireActive(String mapping, Set<String> systems) {
    require(ofMapping(mapping, systems));
  }

  /** Whether {@link #requireActive} permits it. */
  public boolean isActive(String mapping, Set<String> systems) {
    return ofMapping(mapping, systems).isEmpty();
  }

  /** The pauses of a system, and of everything. */
  public List<Pause> ofSystem(String system) {
    return covering(scope -> covers(scope, PauseScope.Kind.SYSTEM, system::equals));
  }

  @Override
  public List<Pause> ofMapping(String mapping, Set<String> systems) {
    return covering(
        scope ->
            covers(scope, PauseScope.Kind.SYSTEM, systems::contains)
                || covers(scope, PauseScope.Kind.MAPPING, mapping::equals));
  }

  private static boolean covers(PauseScope scope, PauseScope.Kind kind, Predicate<String> name) {
    return scope.kind() == PauseScope.Kind.ALL || scope.kind() == kind && name.test(scope.name());
  }

  private List<Pause> covering(Predicate<PauseScope> covers) {
    return active().stream().filter(pause -> covers.test(pause.scope())).toList();
  }

  private void require(List<Pause> found) {
    if (!found.isEmpty()) {
      throw new PausedException(
          delay(found, clock.instant()),
          found.stream().map(pause -> pause.scope().toString()).collect(Collectors.toSet()),
          found.stream().map(Pause::describe).collect(Collectors.joining("; ")));
    }
  }

  private static Duration delay(List<Pause> pauses, Instant now) {
    return pauses.stream()
        .map(Pause::until)
        .map(until -> until == null ? MOST : Duration.between(now, until).plus(UNRELEASED))
        .max(Comparator.naturalOrder())
        .filter(delay -> delay.compareTo(MOST) < 0)
        .orElse(MOST);
  }

  @Override
  public List<Pause> active() {
    Instant now = clock.instant();
    return active(stored(now), now);
  }

  private List<Pause> active(List<Pause> stored, Instant now) {
    return Stream.concat(
            stored.stream().filter(pause -> pause.isActive(now)),
            windows.stream().flatMap(window -> window.at(now).stream()))
        .toList();
  }

  /**
   * While the database is unavailable, what was read last: nothing is processed anyway. It is not
   * asked again at once, since each attempt waits for a connection.
   */
  private List<Pause> stored(Instant now) {
    Known last = known;
    long before = changes.get();
    if (last != null && last.isCurrent(now, before)) {
      return last.pauses();
    }
    try {
      List<Pause> read = store.all();
      known = new Known(read, now, before);
      return read;
    } catch (DataAccessException | TransactionException e) {
      // One that this process has changed meanwhile is no basis for a call.
      if (last == null || last.changes() != before) {
        throw e;
      }
      known = new Known(last.pauses(), clock.instant(), before);
      return last.pauses();
    }
  }

  @Override
  public Pause pause(PauseScope scope, String reason, String by, @Nullable Instant until) {
    Pause pause = new Pause(scope, reason, by, clock.instant(), until, false);
    transaction.executeWithoutResult(
        status -> {
          store.save(pause);
          record(scope, "paused", pause.describe(), by, details(reason, until));
        });
    changes.incrementAndGet();
    LOG.warn("{}", pause.describe());
    return pause;
  }

  private static Map<String, String> details(String reason, @Nullable Instant until) {
    Map<String, String> details = new LinkedHashMap<>();
    if (!reason.isEmpty()) {
      details.put("reason", reason);
    }
    if (until != null) {
      details.put("until", until.toString());
    }
    return details;
  }

  @Override
  public Optional<Integer> resume(PauseScope scope, String by) {
    Integer released =
        transaction.execute(
            status -> {
              if (!store.delete(scope)) {
                return null;
              }
              record(scope, "resumed", scope.title() + " was resumed", by, Map.of());
              return work.release(pausedScopes());
            });
    changes.incrementAndGet();
    if (released != null) {
      LOG.warn("{} was resumed by {}; {} entries waited", scope.title(), by, released);
    }
    return Optional.ofNullable(released);
  }

  /** Ends the pauses whose time has come, and schedules what waits for nothing any more. */
  public void release() {
    Instant now = clock.instant();
    transaction.executeWithoutResult(
        status -> {
          for (Pause ended : store.deleteEnded(now)) {
            String text = ended.scope().title() + " was resumed at the end of its pause";
            record(ended.scope(), "resumed", text, "", Map.of());
            LOG.warn("{}", text);
          }
          recordWindows(now);
          work.release(pausedScopes());
        });
    changes.incrementAndGet();
  }

  private void recordWindows(Instant now) {
    Set<String> seen = new HashSet<>();
    for (FreezeWindow window : windows) {
      window
          .at(now)
          .ifPresent(
              pause -> {
                seen.add(pause.toString());
                if (!windowsSeen.contains(pause.toString()) && !isRecorded(pause)) {
                  LOG.warn("{}", pause.describe());
                  record(
                      pause.scope(),
                      "paused",
                      pause.describe(),
                      "",
                      details(pause.reason(), pause.until()));
                }
              });
    }
    windowsSeen = seen;
  }

  /** By another process, or before a restart. */
  private boolean isRecorded(Pause pause) {
    return audit.findAll(subject(pause.scope()), List.of("paused")).stream()
        .anyMatch(
            event ->
                event.entry().actor().isEmpty()
                    && Objects.equals(
                        event.entry().details().get("until"), String.valueOf(pause.until())));
  }

  private void record(
      PauseScope scope, String what, String text, String by, Map<String, String> details) {
    audit.record(subject(scope), List.of(new AuditEntry(what, text, details, by)));
  }

  private static AuditSubject subject(PauseScope scope) {
    return new AuditSubject(AUDIT, scope.toString());
  }

  /** As this transaction sees it; others use what is committed. */
  private Set<String> pausedScopes() {
    return active(store.all(), clock.instant()).stream()
        .map(pause -> pause.scope().toString())
        .collect(Collectors.toSet());
  }

  /**
   * Whether all of these are paused. To be called in the transaction that leaves work waiting for
   * them: the process that ends one of these pauses does so after it and finds the work.
   */
  public boolean areAllPaused(Set<String> scopes) {
    Instant now = clock.instant();
    Set<String> paused = new HashSet<>(store.lock(scopes));
    active(List.of(), now).forEach(window -> paused.add(window.scope().toString()));
    return paused.containsAll(scopes);
  }

  @Override
  public Map<String, Long> waiting() {
    return work.count();
  }
}
