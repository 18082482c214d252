package dev.lockstep.poll;

import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.connector.Connectors;
import dev.lockstep.poll.WatermarkStore.Watermark;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Readiness details and metrics about the reading of each system and feed. A system that cannot be
 * read gets the status {@code DEGRADED} but does not fail readiness, since webhooks must still be
 * accepted. Makes no calls. Thread-safe.
 */
// Actuator and application.yaml name the detail after the bean.
@Component("systemsHealthIndicator")
final class SystemsHealth implements HealthIndicator, SystemStates {
  static final Status DEGRADED = new Status("DEGRADED");

  /** A feed is late if it was not read for this long plus three intervals. */
  private static final Duration LATE = Duration.ofMinutes(5);

  /** How long what was read of the database is used. */
  static final Duration KEPT = Duration.ofSeconds(1);

  /** How long the database is not asked after it failed; each attempt waits for a connection. */
  static final Duration AWAY_KEPT = Duration.ofSeconds(5);

  private final ConnectorHealth systems;
  private final WatermarkStore watermarks;
  private final PausedSystems pauses;
  private final RecurringChecks asked;
  private final WebhookEventTypes webhooks;
  private final Clock clock;
  private final Instant started;

  /** When each system was last seen to be paused: its feeds are late only from then on. */
  private final Map<String, Instant> pausedAt = new ConcurrentHashMap<>();

  private final Map<String, Map<String, PollTarget>> feeds = new TreeMap<>();

  /** By system, entries that are no feed and only shown when they fail. */
  private final Map<String, Set<String>> checks = new TreeMap<>();

  /** By system, why it is paused, as was seen last. */
  private final Map<String, String> pausesSeen = new ConcurrentHashMap<>();

  private Known known = new Known(Map.of(), false, Instant.MIN);

  /**
   * What was read of the database.
   *
   * @param isDatabaseAway whether the rest is from before it went away
   */
  private record Known(Map<String, Watermark> watermarks, boolean isDatabaseAway, Instant at) {
    boolean isCurrent(Instant now) {
      return !now.isBefore(at) && !now.isAfter(at.plus(isDatabaseAway ? AWAY_KEPT : KEPT));
    }
  }

  SystemsHealth(
      ConnectorHealth systems,
      Connectors connectors,
      PollTarget.Plan plan,
      WatermarkStore watermarks,
      PausedSystems pauses,
      RecurringChecks asked,
      WebhookEventTypes webhooks,
      Clock clock,
      MeterRegistry metrics) {
    this.systems = systems;
    this.pauses = pauses;
    this.asked = asked;
    this.webhooks = webhooks;
    this.watermarks = watermarks;
    this.clock = clock;
    this.started = clock.instant();
    for (PollTarget listing : plan.targets()) {
      for (String feed : feeds(connectors, listing)) {
        feeds
            .computeIfAbsent(listing.system(), system -> new TreeMap<>())
            .put(listing.name(feed), listing);
      }
      checks
          .computeIfAbsent(listing.system(), system -> new TreeSet<>())
          .add(listing.name(Poller.UNLISTED));
    }
    register(metrics);
  }

  private static List<String> feeds(Connectors connectors, PollTarget listing) {
    List<String> all = new ArrayList<>(connectors.feeds(listing.system(), listing.kind()));
    all.addAll(connectors.noteFeeds(listing.system(), listing.kind()));
    return all;
  }

  private void register(MeterRegistry metrics) {
    for (ConnectorHealth.Health system : systems.health()) {
      Gauge.builder("lockstep.system.up", () -> up(system.system()) ? 1 : 0)
          .tag("system", system.system())
          .register(metrics);
    }
    feeds.forEach(
        (system, names) ->
            names.forEach(
                (feed, listing) -> {
                  Gauge.builder("lockstep.feed.up", () -> problem(feed, listing) == null ? 1 : 0)
                      .tags("system", system, "feed", feed)
                      .register(metrics);
                  Gauge.builder("lockstep.feed.age.seconds", () -> age(feed).toSeconds())
                      .tags("system", system, "feed", feed)
                      .register(metrics);
                }));
  }

  @Override
  public Health health() {
    Map<String, Object> details = new TreeMap<>();
    boolean degraded = false;
    for (ConnectorHealth.Health system : systems.health()) {
      Map<String, Object> shown = describe(system);
      degraded |= DEGRADED.getCode().equals(shown.get("status"));
      details.put(system.system(), shown);
    }
    return Health.status(degraded ? DEGRADED : Status.UP).withDetails(details).build();
  }

  @Override
  public List<SystemState> states() {
    Map<String, Object> details = health().getDetails();
    return systems.health().stream().map(system -> state(system, details)).toList();
  }

  private SystemState state(ConnectorHealth.Health system, Map<String, Object> details) {
    boolean degraded =
        details.get(system.system()) instanceof Map<?, ?> shown
            && DEGRADED.getCode().equals(shown.get("status"));
    List<Feed> shown =
        feeds.getOrDefault(system.system(), Map.of()).entrySet().stream()
            .map(feed -> feed(feed.getKey(), feed.getValue()))
            .toList();
    return new SystemState(
        system,
        up(system.system()),
        degraded,
        webhooks.bySystem().containsKey(system.system()),
        shown,
        asked.states(system.system()));
  }

  private Feed feed(String name, PollTarget listing) {
    Watermark watermark = known().watermarks().get(name);
    return new Feed(
        name,
        watermark == null ? null : watermark.succeededAt(),
        Objects.requireNonNullElse(problem(name, listing), ""));
  }

  private Map<String, Object> describe(ConnectorHealth.Health system) {
    Map<String, Object> shownFeeds = new LinkedHashMap<>();
    boolean degraded = !system.up();
    for (Map.Entry<String, PollTarget> feed :
        feeds.getOrDefault(system.system(), Map.of()).entrySet()) {
      Map<String, Object> shown = describe(feed.getKey(), feed.getValue());
      degraded |= shown.containsKey("problem") || shown.containsKey("skipped");
      shownFeeds.put(feed.getKey(), shown);
    }
    for (String check : checks.getOrDefault(system.system(), Set.of())) {
      Watermark watermark = known().watermarks().get(check);
      if (watermark != null && watermark.problem() != null) {
        degraded = true;
        shownFeeds.put(
            check,
            Map.of(
                "problem",
                watermark.problem(),
                "problemSince",
                Objects.requireNonNull(watermark.problemSince())));
      }
    }
    Map<String, Object> answers = new LinkedHashMap<>();
    for (Check check :
        known().isDatabaseAway() ? List.<Check>of() : asked.states(system.system())) {
      degraded |= check.state() == CheckState.FAIL;
      answers.put(check.name(), describe(check));
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("status", degraded ? DEGRADED.getCode() : Status.UP.getCode());
    shown.put("title", system.title());
    if (!system.up()) {
      shown.put(
          "problem",
          system.trouble().isEmpty()
              ? "Calls have been failing; waiting before the next one."
              : system.trouble());
    }
    if (system.heldUntil() != null) {
      shown.put("heldUntil", system.heldUntil());
    }
    findPause(system.system()).ifPresent(pause -> shown.put("paused", pause));
    shown.put("feeds", shownFeeds);
    if (!answers.isEmpty()) {
      shown.put("checks", answers);
    }
    return shown;
  }

  private static Map<String, Object> describe(Check check) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("status", check.state().name());
    if (check.askedAt() != null) {
      shown.put("found", check.found());
      shown.put("askedAt", check.askedAt());
    }
    if (check.repairedAt() != null) {
      shown.put("repairedAt", check.repairedAt());
    }
    return shown;
  }

  private Map<String, Object> describe(String feed, PollTarget listing) {
    Map<String, Object> shown = new LinkedHashMap<>();
    Watermark watermark = known().watermarks().get(feed);
    if (watermark != null && watermark.succeededAt() != null) {
      shown.put("lastSuccess", watermark.succeededAt());
    }
    shown.put("lagSeconds", age(feed).toSeconds());
    String problem = problem(feed, listing);
    if (problem != null) {
      shown.put("problem", problem);
    }
    if (watermark != null && watermark.problemSince() != null) {
      shown.put("problemSince", watermark.problemSince());
    }
    if (watermark != null && watermark.skipped() != null) {
      shown.put("skipped", watermark.skipped());
    }
    return shown;
  }

  /** Whether calls are made and any of its feeds can be read. */
  private boolean up(String system) {
    if (findPause(system).isPresent()) {
      return true;
    }
    Map<String, PollTarget> own = feeds.getOrDefault(system, Map.of());
    boolean allFail =
        !own.isEmpty()
            && own.entrySet().stream()
                .allMatch(feed -> problem(feed.getKey(), feed.getValue()) != null);
    return !allFail
        && systems.health().stream()
            .filter(health -> health.system().equals(system))
            .allMatch(ConnectorHealth.Health::up);
  }

  private @Nullable String problem(String feed, PollTarget listing) {
    if (findPause(listing.system()).isPresent()) {
      return null;
    }
    Watermark watermark = known().watermarks().get(feed);
    if (watermark != null && watermark.problem() != null) {
      return watermark.problem();
    }
    Duration late = LATE.plus(listing.interval().multipliedBy(3));
    boolean isLate =
        age(feed).compareTo(late) > 0 && sincePause(listing.system()).compareTo(late) > 0;
    return isLate ? "not read for " + age(feed).toMinutes() + " minutes" : null;
  }

  private Optional<String> findPause(String system) {
    if (!known().isDatabaseAway()) {
      pauses
          .find(system)
          .ifPresentOrElse(pause -> pausesSeen.put(system, pause), () -> pausesSeen.remove(system));
    }
    Optional<String> pause = Optional.ofNullable(pausesSeen.get(system));
    if (pause.isPresent()) {
      pausedAt.put(system, clock.instant());
    }
    return pause;
  }

  private Duration sincePause(String system) {
    return Duration.between(pausedAt.getOrDefault(system, Instant.EPOCH), clock.instant());
  }

  private Duration age(String feed) {
    Watermark watermark = known().watermarks().get(feed);
    Instant success = watermark == null ? null : watermark.succeededAt();
    Duration age = Duration.between(success == null ? started : success, clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Cached for a moment; while the database is unavailable, what was known last. */
  private synchronized Known known() {
    if (!known.isCurrent(clock.instant())) {
      try {
        known = new Known(watermarks.all(), false, clock.instant());
      } catch (DataAccessException | TransactionException databaseAway) {
        // It has its own entry. Each further question would wait for a connection as well.
        known = new Known(known.watermarks(), true, clock.instant());
      }
    }
    return known;
  }
}
