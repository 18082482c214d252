package dev.lockstep.pause;

import dev.lockstep.ops.StartupCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.stereotype.Component;

/**
 * The setting {@code lockstep.freeze-windows}, a list with {@code cron}, {@code zone}, {@code
 * duration}, {@code scope} and {@code reason}. Not bound by Spring, whose messages name no line.
 */
@Component
class FreezeWindows implements StartupCheck {
  static final String PREFIX = "lockstep.freeze-windows";

  private static final ConfigurationPropertyName NAME = ConfigurationPropertyName.of(PREFIX);
  private static final Set<String> KEYS = Set.of("cron", "zone", "duration", "scope", "reason");
  private static final int LONGEST_REASON = 100;

  private final ConfigurableEnvironment environment;
  private final PausableNames names;
  private final List<String> problems = new ArrayList<>();
  private final List<FreezeWindow> windows = new ArrayList<>();

  FreezeWindows(ConfigurableEnvironment environment, PausableNames names) {
    this.environment = environment;
    this.names = names;
    properties().values().forEach(this::read);
  }

  List<FreezeWindow> all() {
    return List.copyOf(windows);
  }

  @Override
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** By the index of the window, its keys. What is found first takes precedence. */
  private Map<String, Map<String, ConfigurationProperty>> properties() {
    Map<String, Map<String, ConfigurationProperty>> found = new TreeMap<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource listed) {
        listed.stream()
            .filter(name -> NAME.isAncestorOf(name) && name.getNumberOfElements() > 2)
            .forEach(
                name -> {
                  String index = name.getElement(2, Form.DASHED);
                  String key = name.getNumberOfElements() < 4 ? "" : name.subName(3).toString();
                  ConfigurationProperty property = listed.getConfigurationProperty(name);
                  if (property != null) {
                    found.computeIfAbsent(index, i -> new TreeMap<>()).putIfAbsent(key, property);
                  }
                });
      }
    }
    return found;
  }

  private void read(Map<String, ConfigurationProperty> window) {
    int before = problems.size();
    window.forEach(
        (key, property) -> {
          if (!KEYS.contains(key)) {
            refuse(
                property, "no such key; a freeze window has cron, zone, duration, scope, reason");
          }
        });
    CronExpression start =
        value(
            window,
            "cron",
            null,
            text -> CronExpression.parse(text),
            "is no cron expression of six fields, seconds first; use for example \"0 0 18 * * FRI\""
                + " for every Friday at 18:00");
    ZoneId zone =
        value(
            window,
            "zone",
            "UTC",
            FreezeWindows::zone,
            "is no time zone; write it like Europe/Zurich or UTC");
    Duration duration = value(window, "duration", null, PausableNames::duration, "");
    PauseScope scope = value(window, "scope", "", names::scope, "");
    String reason = value(window, "reason", "", FreezeWindows::reason, "");
    if (problems.size() == before) {
      windows.add(
          new FreezeWindow(
              Objects.requireNonNull(start),
              Objects.requireNonNull(zone),
              Objects.requireNonNull(duration),
              Objects.requireNonNull(scope),
              Objects.requireNonNull(reason)));
    }
  }

  /**
   * @param problem what is wrong with a value that cannot be read; empty if the reader says so
   * @return null if it cannot be read; the problem is recorded
   */
  private <T> @Nullable T value(
      Map<String, ConfigurationProperty> window,
      String key,
      @Nullable String otherwise,
      Function<String, T> reader,
      String problem) {
    ConfigurationProperty property = window.get(key);
    String given =
        property == null
            ? ""
            : environment.resolvePlaceholders(String.valueOf(property.getValue())).strip();
    if (given.isEmpty() && otherwise == null) {
      ConfigurationProperty any = property == null ? window.values().iterator().next() : property;
      problems.add(
          "%s%s[%s].%s: is missing; a freeze window needs cron and duration"
              .formatted(place(any), PREFIX, any.getName().getElement(2, Form.DASHED), key));
      return null;
    }
    try {
      return reader.apply(given.isEmpty() ? String.valueOf(otherwise) : given);
    } catch (IllegalArgumentException e) {
      refuse(
          Objects.requireNonNull(property),
          problem.isEmpty()
              ? String.valueOf(e.getMessage())
              : "\"%s\" %s".formatted(given, problem));
      return null;
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String reason(String text) {
    if (text.length() > LONGEST_REASON || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "must be one line of at most %d characters".formatted(LONGEST_REASON));
    }
    return text;
  }

  private void refuse(ConfigurationProperty property, String problem) {
    problems.add("%s%s: %s".formatted(place(property), property.getName(), problem));
  }

  /** File and line, if the setting is in a file. */
  private static String place(ConfigurationProperty property) {
    Origin found = property.getOrigin();
    if (found instanceof PropertySourceOrigin source) {
      found = source.getOrigin();
    }
    if (found instanceof TextResourceOrigin origin
        && origin.getResource() != null
        && origin.getLocation() != null) {
      return "%s:%d: ".formatted(file(origin), origin.getLocation().getLine() + 1);
    }
    return "";
  }

  private static String file(TextResourceOrigin origin) {
    try {
      Path file = origin.getResource().getFile().toPath().toAbsolutePath().normalize();
      Path here = Path.of("").toAbsolutePath();
      return (file.startsWith(here) ? here.relativize(file) : file).toString();
    } catch (IOException e) {
      return String.valueOf(origin.getResource().getFilename());
    }
  }
}
