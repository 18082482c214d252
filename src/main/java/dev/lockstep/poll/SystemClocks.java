package dev.lockstep.poll;

import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.connector.ConnectorHealth.ClockBounds;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How far the clocks of the systems are ahead of Lockstep's, now and in the past: the table {@code
 * clock_difference}. Known from the {@code Date} header of their answers (RFC 9110, section 6.6.1),
 * to about two seconds.
 */
@Component
public class SystemClocks {
  /** A smaller difference may be that of two servers of one system. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /** Bounds that PostgreSQL and Java both know. */
  private static final Instant ALWAYS = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  private final JdbcClient jdbc;
  private final ConnectorHealth systems;
  private final Clock clock;

  public SystemClocks(JdbcClient jdbc, ConnectorHealth systems, Clock clock) {
    this.jdbc = jdbc;
    this.systems = systems;
    this.clock = clock;
  }

  /**
   * A time during which the difference was the same.
   *
   * @param from by the system's clock
   * @param until exclusive, by the system's clock
   * @param ahead negative: behind
   */
  public record Span(String system, Instant from, Instant until, Duration ahead) {
    private boolean contains(Instant at) {
      return !at.isBefore(from) && at.isBefore(until);
    }
  }

  /**
   * All differences. Times before the first measurement of a system count as dated by the same
   * clock, so that the order of what one system dated is kept.
   */
  public record Spans(List<Span> all) {
    public Spans {
      all = List.copyOf(all);
    }

    /** How far that clock was ahead then; zero if it was never measured, or is Lockstep's own. */
    public Duration ahead(String system, Instant at) {
      return all.stream()
          .filter(span -> span.system().equals(system) && span.contains(at))
          .map(Span::ahead)
          .findFirst()
          .orElse(Duration.ZERO);
    }

    /** The last measured difference of each system; one that was never measured is absent. */
    public Map<String, Duration> latest() {
      Map<String, Duration> latest = new HashMap<>();
      all.stream()
          .filter(span -> span.until().equals(NEVER))
          .forEach(span -> latest.put(span.system(), span.ahead()));
      return latest;
    }

    /** A time of that system by Lockstep's clock. */
    public Instant toOwnTime(String system, Instant at) {
      return at.minus(ahead(system, at));
    }
  }

  private record Difference(Instant since, Duration ahead) {
    /** When it began, by the system's clock. */
    Instant from() {
      return since.plus(ahead);
    }
  }

  /** Stores each difference that the last answers contradict; none is stored twice. */
  void measure() {
    Map<String, List<Difference>> known = load();
    for (ConnectorHealth.Health health : systems.health()) {
      ClockBounds bounds = health.clock();
      List<Difference> before = known.getOrDefault(health.system(), List.of());
      if (bounds != null
          && (before.isEmpty() || !allows(bounds, before.get(before.size() - 1).ahead()))) {
        store(health.system(), measured(bounds));
      }
    }
  }

  private static boolean allows(ClockBounds bounds, Duration ahead) {
    return ahead.compareTo(bounds.least().minus(TOLERANCE)) >= 0
        && ahead.compareTo(bounds.most().plus(TOLERANCE)) <= 0;
  }

  private static Duration measured(ClockBounds bounds) {
    return allows(bounds, Duration.ZERO)
        ? Duration.ZERO
        : bounds.least().plus(bounds.most()).dividedBy(2);
  }

  private void store(String system, Duration ahead) {
    jdbc.sql("insert into clock_difference values (?, ?, ?) on conflict do nothing")
        .params(system, Timestamp.from(clock.instant()), ahead.toMillis())
        .update();
  }

  private Map<String, List<Difference>> load() {
    Map<String, List<Difference>> found = new TreeMap<>();
    jdbc.sql("select * from clock_difference order by system, since")
        .query(
            rs -> {
              found
                  .computeIfAbsent(rs.getString("system"), system -> new ArrayList<>())
                  .add(
                      new Difference(
                          rs.getTimestamp("since").toInstant(),
                          Duration.ofMillis(rs.getLong("ahead_ms"))));
            });
    return found;
  }

  /** One query. */
  public Spans spans() {
    List<Span> spans = new ArrayList<>();
    load()
        .forEach(
            (system, differences) -> {
              // From the newest: a time that a clock showed twice counts as the later one.
              Instant until = NEVER;
              for (int i = differences.size() - 1; i >= 0; i--) {
                Instant from = i == 0 ? ALWAYS : differences.get(i).from();
                if (from.isBefore(until)) {
                  spans.add(new Span(system, from, until, differences.get(i).ahead()));
                  until = from;
                }
              }
            });
    return new Spans(spans);
  }

  /** The last measured difference of each system; systems that never answered are absent. */
  public Map<String, Duration> latest() {
    return spans().latest();
  }
}
