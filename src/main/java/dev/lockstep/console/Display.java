package dev.lockstep.console;

import dev.lockstep.connector.ConnectorHealth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How times and names are shown; templates call it as {@code @display}. */
@Component("display")
public final class Display {
  private static final double HOUR = 3600;
  private static final double DAY = 24 * HOUR;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Above it a date says more than an age. */
  private static final Duration OLD = Duration.ofDays(14);

  private static final Map<String, String> TONES =
      Map.ofEntries(
          Map.entry("IN_SYNC", "good"),
          Map.entry("PASS", "good"),
          Map.entry("WARNING", "warn"),
          Map.entry("FAIL", "bad"),
          Map.entry("LINKED", "good"),
          Map.entry("SENT", "good"),
          Map.entry("BEHIND", "busy"),
          Map.entry("LINKING", "busy"),
          Map.entry("UNLINKING", "busy"),
          Map.entry("READY", "busy"),
          Map.entry("WAITING", "busy"),
          Map.entry("DUE", "busy"),
          Map.entry("SNOOZED", "warn"),
          Map.entry("LED", "good"),
          Map.entry("MISSING", "warn"),
          Map.entry("OVERDUE", "bad"),
          Map.entry("SENDING", "busy"),
          Map.entry("OPEN", "busy"),
          Map.entry("PROPOSED", "warn"),
          Map.entry("GAP", "warn"),
          Map.entry("REFUSED", "bad"),
          Map.entry("BROKEN", "bad"),
          Map.entry("DEAD_LETTER", "bad"));

  private final Clock clock;

  private final Map<String, String> titles;

  Display(Clock clock, ConnectorHealth systems) {
    this.clock = clock;
    this.titles =
        systems.health().stream()
            .collect(
                Collectors.toMap(ConnectorHealth.Health::system, ConnectorHealth.Health::title));
  }

  /** A system as its vendor calls it. */
  public String system(String name) {
    return titles.getOrDefault(name, name);
  }

  /** How long ago, for example {@code 5 min ago}; a date if that is long. */
  public String ago(@Nullable Instant at) {
    if (at == null) {
      return "never";
    }
    Duration age = Duration.between(at, clock.instant());
    if (age.compareTo(OLD) > 0) {
      return utc(at).substring(0, 10);
    }
    return age.isNegative() ? "in " + length(age.negated()) : length(age) + " ago";
  }

  /** In its largest unit, for example {@code 3 h}. */
  public String length(Duration duration) {
    if (duration.toMinutes() < 1) {
      return Math.max(0, duration.toSeconds()) + " s";
    }
    if (duration.toHours() < 1) {
      return duration.toMinutes() + " min";
    }
    return duration.toDays() < 1 ? duration.toHours() + " h" : duration.toDays() + " d";
  }

  /** A measured time, with one decimal from an hour on, for example {@code 1.4 h}. */
  public String measured(double seconds) {
    if (seconds < HOUR) {
      return seconds(Math.round(seconds));
    }
    return seconds < DAY
        ? String.format(Locale.ROOT, "%.1f h", seconds / HOUR)
        : String.format(Locale.ROOT, "%.1f d", seconds / DAY);
  }

  public String seconds(long seconds) {
    return length(Duration.ofSeconds(seconds));
  }

  /** How long until now; nothing waits if it is null. */
  public String since(@Nullable Instant at) {
    return at == null ? "0 s" : length(Duration.between(at, clock.instant()));
  }

  public String utc(@Nullable Instant at) {
    return at == null ? "" : UTC.format(at);
  }

  public String iso(@Nullable Instant at) {
    return at == null ? "" : at.toString();
  }

  /** A constant as words: {@code DEAD_LETTER} is {@code dead letter}. */
  public String words(Object constant) {
    return constant.toString().toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
  }

  /** The colour in which a state is shown: good, busy, warn, bad or quiet. */
  public String tone(Object state) {
    return TONES.getOrDefault(state.toString(), "quiet");
  }

  /** Only addresses of web pages become links. */
  public boolean isLink(@Nullable String url) {
    return url != null && (url.startsWith("https://") || url.startsWith("http://"));
  }

  public String number(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
  }
}
