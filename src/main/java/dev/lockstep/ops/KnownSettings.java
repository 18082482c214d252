package dev.lockstep.ops;

import dev.lockstep.ops.yaml.Suggestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.stereotype.Component;

/**
 * Refuses misspelt settings, which Spring would silently ignore, and values of Lockstep's settings
 * that Spring would misread.
 */
@Component
public final class KnownSettings implements StartupCheck {
  private static final Logger log = LoggerFactory.getLogger(KnownSettings.class);

  private static final String PROPERTY_PREFIX = "lockstep.";
  private static final String VARIABLE_PREFIX = "LOCKSTEP_";

  /** OpenTelemetry reads many more of these than are listed here, some with similar names. */
  private static final String OPENTELEMETRY_PREFIX = "OTEL_";

  /** Begins the properties in which {@link #withholdWrongValues} keeps the configured values. */
  private static final String WITHHELD = "withheld:";

  /** Values and services are validated where they are read. */
  private static final String DUPLICATES = "lockstep.duplicates";

  /** A list; its keys and values are validated where they are read. */
  private static final String FREEZE_WINDOWS = "lockstep.freeze-windows";

  /** All properties, with the type of their values. */
  private static final Map<String, SettingType> PROPERTIES =
      Map.ofEntries(
          Map.entry("lockstep.adoption", SettingType.SWITCH),
          Map.entry("lockstep.backfill.records-per-minute", SettingType.NUMBER),
          Map.entry("lockstep.backfill.waiting", SettingType.NUMBER),
          Map.entry("lockstep.calls.answer-size", SettingType.SIZE),
          Map.entry("lockstep.calls.answer-within", SettingType.DURATION),
          Map.entry("lockstep.checks.interval", SettingType.DURATION),
          Map.entry("lockstep.checks.repair", SettingType.SWITCH),
          Map.entry("lockstep.communications", SettingType.TEXT),
          Map.entry("lockstep.connectors", SettingType.TEXT),
          Map.entry("lockstep.duplicates.closed-window", SettingType.TEXT),
          Map.entry("lockstep.duplicates.embedding", SettingType.TEXT),
          Map.entry("lockstep.duplicates.mode", SettingType.TEXT),
          Map.entry("lockstep.duplicates.thresholds.automatic", SettingType.TEXT),
          Map.entry("lockstep.duplicates.thresholds.propose", SettingType.TEXT),
          Map.entry("lockstep.everything-in-scope", SettingType.SWITCH),
          Map.entry("lockstep.inbox.poll-interval", SettingType.DURATION),
          Map.entry("lockstep.inbox.retry.initial-delay", SettingType.DURATION),
          Map.entry("lockstep.inbox.retry.max-delay", SettingType.DURATION),
          Map.entry("lockstep.inbox.threads", SettingType.NUMBER),
          Map.entry("lockstep.instances", SettingType.TEXT),
          Map.entry("lockstep.mappings", SettingType.TEXT),
          Map.entry("lockstep.mappings-dir", SettingType.TEXT),
          Map.entry("lockstep.notes.copied-within", SettingType.DURATION),
          Map.entry("lockstep.oidc.admins", SettingType.TEXT),
          Map.entry("lockstep.oidc.operators", SettingType.TEXT),
          Map.entry("lockstep.oidc.remembered", SettingType.DURATION),
          Map.entry("lockstep.oidc.roles-claim", SettingType.TEXT),
          Map.entry("lockstep.oidc.viewers", SettingType.TEXT),
          Map.entry("lockstep.poll.first-look-back", SettingType.DURATION),
          Map.entry("lockstep.poll.overlap", SettingType.DURATION),
          Map.entry("lockstep.postmortems.folder", SettingType.TEXT),
          Map.entry("lockstep.postmortems.look", SettingType.DURATION),
          Map.entry("lockstep.postmortems.rounds", SettingType.DURATION),
          Map.entry("lockstep.postmortems.settings", SettingType.TEXT),
          Map.entry("lockstep.postmortems.words", SettingType.TEXT),
          Map.entry("lockstep.problems.incidents", SettingType.NUMBER),
          Map.entry("lockstep.problems.mode", SettingType.TEXT),
          Map.entry("lockstep.problems.open-action-items", SettingType.SWITCH),
          Map.entry("lockstep.problems.within", SettingType.DURATION),
          Map.entry("lockstep.reconcile.cron", SettingType.TEXT),
          Map.entry("lockstep.reconcile.mode", SettingType.TEXT),
          Map.entry("lockstep.reconcile.records-per-minute", SettingType.NUMBER),
          Map.entry("lockstep.retention.after", SettingType.DURATION),
          Map.entry("lockstep.retention.archive", SettingType.TEXT),
          Map.entry("lockstep.smtp.from", SettingType.TEXT),
          Map.entry("lockstep.smtp.host", SettingType.TEXT),
          Map.entry("lockstep.smtp.password", SettingType.TEXT),
          Map.entry("lockstep.smtp.port", SettingType.NUMBER),
          Map.entry("lockstep.smtp.security", SettingType.TEXT),
          Map.entry("lockstep.smtp.username", SettingType.TEXT),
          Map.entry("lockstep.timeline.note-at-closing", SettingType.SWITCH),
          Map.entry("lockstep.tracing", SettingType.SWITCH),
          Map.entry("lockstep.webhooks.recent", SettingType.DURATION));

  /** Variables read before properties are bound, here or by the launcher. */
  private static final Set<String> VARIABLES =
      Set.of(
          "DATABASE_URL",
          "DATABASE_USERNAME",
          "DATABASE_PASSWORD",
          "LOCKSTEP_API_TOKEN",
          "LOCKSTEP_DATA_DIR",
          "LOCKSTEP_JAVA_OPTS",
          "LOCKSTEP_LOG_FORMAT",
          "LOCKSTEP_PORT",
          "LOCKSTEP_SECRETS_DIR",
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_HEADERS",
          "OTEL_RESOURCE_ATTRIBUTES",
          "OTEL_SERVICE_NAME",
          "OTEL_TRACES_SAMPLER",
          "OTEL_TRACES_SAMPLER_ARG");

  private static final Set<String> LOG_FORMATS = Set.of("text", "json");

  /** Set by the launcher as system properties. */
  private static final Set<String> LAUNCHER =
      Set.of("lockstep.cwd", "lockstep.terminal", "lockstep.columns");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9]*_[A-Z0-9_]+)");

  private final ConfigurableEnvironment environment;
  private final List<ConnectorFolders.SystemFolder> systems;

  KnownSettings(ConfigurableEnvironment environment, FileSettings files) {
    this.environment = environment;
    this.systems = files.folders().all();
  }

  /**
   * Must be called before any bean is created. The other checks are created with bound settings: a
   * value that cannot be bound would be the only problem reported, in Spring's words.
   */
  public static void withholdWrongValues(ConfigurableEnvironment environment) {
    Map<String, Object> withheld = new HashMap<>();
    PROPERTIES.forEach(
        (name, type) -> {
          String value = value(environment, name);
          if (!type.accepts(value)) {
            withheld.put(name, "");
            withheld.put(WITHHELD + name, value);
          }
        });
    environment.getPropertySources().addFirst(new MapPropertySource("withheld values", withheld));
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    Set<String> variables = variables();
    for (String name : names()) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        checkProperty(name, problems);
      } else if (name.matches("[A-Z][A-Z0-9]*_[A-Z0-9_]+") && !variables.contains(name)) {
        checkVariable(name, variables, problems);
      }
    }
    PROPERTIES.forEach((name, type) -> checkValue(name, type, problems));
    checkLogFormat(problems);
    return problems.stream().distinct().sorted().toList();
  }

  private void checkProperty(String name, List<String> problems) {
    String canonical = canonical(name);
    boolean known =
        PROPERTIES.containsKey(canonical)
            || LAUNCHER.contains(canonical)
            || canonical.matches("lockstep\\.(connectors|instances|mappings|oidc\\.\\w+)\\[\\d+]")
            || canonical.startsWith(FREEZE_WINDOWS + "[")
            || canonical.equals(DUPLICATES)
            || canonical.startsWith(DUPLICATES + ".");
    // A group whose keys are all commented out has no value.
    boolean isEmpty = String.valueOf(environment.getProperty(name)).isBlank();
    if (!known && !isEmpty) {
      Set<String> all = new TreeSet<>(PROPERTIES.keySet());
      all.add(DUPLICATES);
      all.add(FREEZE_WINDOWS);
      problems.add(name + ": no such setting" + Suggestion.of(canonical, all));
    }
  }

  /**
   * A {@code LOCKSTEP_} variable is refused when it nearly matches a setting that is not set. Any
   * other is only logged, because other programs share the environment.
   */
  private void checkVariable(String name, Set<String> known, List<String> problems) {
    String prefix = name.substring(0, name.indexOf('_') + 1);
    String typed = name.substring(prefix.length());
    List<String> unset =
        known.stream()
            .filter(other -> other.startsWith(prefix))
            .filter(other -> environment.getProperty(other) == null)
            .map(other -> other.substring(prefix.length()))
            .toList();
    Optional<String> meant = Suggestion.near(typed, unset);
    boolean isOurs = prefix.equals(VARIABLE_PREFIX);
    boolean isSlip =
        meant.isPresent() && isSlip(prefix, typed, Suggestion.distance(typed, meant.get()));
    if (isOurs && isSlip) {
      problems.add(
          "%s: no such setting; did you mean '%s%s'?".formatted(name, prefix, meant.get()));
    } else if (isSlip) {
      log.warn("{} is not read; did you mean {}{}?", name, prefix, meant.get());
    } else if (isOurs && !name.startsWith(VARIABLE_PREFIX + "SHARED")) {
      log.warn("{} is not a setting of Lockstep and is ignored", name);
    }
  }

  /** A short name resembles many. */
  private static boolean isSlip(String prefix, String typed, int distance) {
    return prefix.equals(OPENTELEMETRY_PREFIX)
        ? distance <= 2
        : typed.length() >= 8 || distance == 1;
  }

  private void checkValue(String name, SettingType type, List<String> problems) {
    String value = environment.getProperty(WITHHELD + name, value(environment, name));
    if (!type.accepts(value)) {
      problems.add("%s: %s %s".formatted(name, value, type.problem()));
    }
  }

  private static String value(ConfigurableEnvironment environment, String name) {
    return environment.getProperty(name, "").strip();
  }

  private void checkLogFormat(List<String> problems) {
    String format = environment.getProperty("LOCKSTEP_LOG_FORMAT", "text").strip();
    if (!LOG_FORMATS.contains(format.toLowerCase(Locale.ROOT))) {
      problems.add(
          "LOCKSTEP_LOG_FORMAT: %s is not a log format; write one of %s"
              .formatted(format, String.join(", ", new TreeSet<>(LOG_FORMATS))));
    }
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    environment.getPropertySources().stream()
        .filter(EnumerablePropertySource.class::isInstance)
        .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
        .forEach(names::add);
    return names;
  }

  /** The names of all properties and variables. */
  Set<String> all() {
    Set<String> all = new TreeSet<>(PROPERTIES.keySet());
    // Of the spellings of a property as a variable, those that somebody uses.
    variables().stream()
        .filter(name -> VARIABLES.contains(name) || environment.containsProperty(name))
        .forEach(all::add);
    return all;
  }

  /** The variables that the code, {@code config/} and {@code connectors/} use. */
  Set<String> variables() {
    Set<String> known = new TreeSet<>(VARIABLES);
    PROPERTIES
        .keySet()
        .forEach(
            name -> {
              String upper = name.toUpperCase(Locale.ROOT).replace('.', '_');
              known.add(upper.replace('-', '_'));
              known.add(upper.replace("-", ""));
            });
    List<String> texts = new ArrayList<>(read(Path.of("config")));
    systems.forEach(system -> read(system.folder()).forEach(text -> texts.add(system.adapt(text))));
    for (String text : texts) {
      Matcher placeholder = PLACEHOLDER.matcher(text);
      while (placeholder.find()) {
        known.add(placeholder.group(1));
      }
    }
    names().stream().filter(name -> name.startsWith("LOCKSTEP_DUPLICATES_")).forEach(known::add);
    return known;
  }

  private static List<String> read(Path folder) {
    List<String> texts = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return texts;
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        texts.add(Files.readString(file));
      }
    } catch (IOException | UncheckedIOException e) {
      // The readers of these files report what is wrong with them.
      log.debug("Cannot look for settings in {}", folder, e);
    }
    return texts;
  }

  /** Spring also binds {@code first_look_back} and {@code firstLookBack}. */
  private static String canonical(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
