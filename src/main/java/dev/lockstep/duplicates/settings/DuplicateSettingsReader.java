package dev.lockstep.duplicates.settings;

import dev.lockstep.duplicates.settings.DuplicateSettings.Policy;
import dev.lockstep.ops.StartupException;
import dev.lockstep.ops.yaml.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Reads {@link DuplicateSettings} and finds everything that is wrong with them at once. It reads
 * the names as they were written, since Spring's binder would drop the spaces of a service's name
 * and pass over what it does not know.
 */
final class DuplicateSettingsReader {
  private static final String PREFIX = "lockstep.duplicates.";
  private static final String VARIABLE_PREFIX = "LOCKSTEP_DUPLICATES_";
  private static final String SERVICES = "services";

  private static final List<String> KEYS =
      List.of("mode", "embedding", "closed-window", "thresholds.automatic", "thresholds.propose");
  private static final List<String> SERVICE_KEYS = List.of("mode", "automatic", "propose");

  /** {@code services[Patient Records].mode} or {@code services.Patient Records.mode}. */
  private static final Pattern SERVICE =
      Pattern.compile("services(?:\\[(?<bracketed>.+?)]|\\.(?<plain>[^.\\[]+))(?:\\.(?<key>.+))?");

  private final ConfigurableEnvironment environment;
  private final List<String> problems = new ArrayList<>();

  private DuplicateSettingsReader(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  static DuplicateSettings read(ConfigurableEnvironment environment) {
    DuplicateSettingsReader reader = new DuplicateSettingsReader(environment);
    DuplicateSettings settings = reader.settings();
    if (!reader.problems.isEmpty()) {
      throw new StartupException(reader.problems, null);
    }
    return settings;
  }

  static List<String> problems(ConfigurableEnvironment environment) {
    DuplicateSettingsReader reader = new DuplicateSettingsReader(environment);
    reader.settings();
    return reader.problems;
  }

  private DuplicateSettings settings() {
    Map<String, Map<String, String>> services = services();
    int before = problems.size();
    Policy otherwise = DuplicateSettings.DEFAULT_POLICY;
    Policy policy =
        new Policy(
            value("mode", SettingText::mode, otherwise.mode()),
            value("thresholds.automatic", SettingText::threshold, otherwise.automatic()),
            value("thresholds.propose", SettingText::threshold, otherwise.propose()));
    ordered(policy, PREFIX + "thresholds", before);
    boolean embedding = value("embedding", SettingText::embedding, true);
    Duration closedWindow =
        value("closed-window", SettingText::closedWindow, DuplicateSettings.DEFAULT_CLOSED_WINDOW);
    return new DuplicateSettings(
        policy, embedding, closedWindow, policies(services, policy, before));
  }

  private Map<String, Policy> policies(
      Map<String, Map<String, String>> services, Policy policy, int before) {
    Map<String, Policy> policies = new HashMap<>();
    services.forEach(
        (service, names) -> {
          String where = PREFIX + SERVICES + "[" + service + "]";
          Policy own =
              new Policy(
                  read(names.get("mode"), SettingText::mode, policy.mode()),
                  read(names.get("automatic"), SettingText::threshold, policy.automatic()),
                  read(names.get("propose"), SettingText::threshold, policy.propose()));
          ordered(own, where, before);
          if (policies.put(DuplicateSettings.key(service), own) != null) {
            problems.add(
                where + ": this service stands there twice; capitals make no difference, keep one");
          }
        });
    return policies;
  }

  /** Thresholds are only worth comparing while each of them is right. */
  private void ordered(Policy policy, String where, int before) {
    if (policy.propose() > policy.automatic() && problems.size() == before) {
      problems.add(
          "%s: propose (%s) is above automatic (%s); make propose the lower one or the same"
              .formatted(where, policy.propose(), policy.automatic()));
    }
  }

  /** The names of what each service has set, by service and key; complains of all others. */
  private Map<String, Map<String, String>> services() {
    Map<String, Map<String, String>> services = new TreeMap<>();
    for (String name : writtenNames()) {
      if (name.startsWith(VARIABLE_PREFIX)) {
        checkVariable(name);
        continue;
      }
      String rest = name.substring(PREFIX.length());
      Matcher service = SERVICE.matcher(rest);
      if (service.matches()) {
        String key = Objects.toString(service.group("key"), "");
        String bracketed = service.group("bracketed");
        String who = bracketed == null ? service.group("plain") : bracketed;
        if (SERVICE_KEYS.contains(key)) {
          services.computeIfAbsent(who, any -> new LinkedHashMap<>()).put(key, name);
        } else if (!(key.isEmpty() && empty(name))) {
          problems.add(
              name
                  + ": no such setting"
                  + Suggestion.of(key, SERVICE_KEYS)
                  + "; a service whose name has a dot is written in brackets");
        }
      } else if (!KEYS.contains(kebab(rest)) && !(topKeys().contains(rest) && empty(name))) {
        problems.add(name + ": no such setting" + Suggestion.of(rest, topKeys()));
      }
    }
    return services;
  }

  /** A key below which everything is commented out. */
  private boolean empty(String name) {
    return Objects.toString(environment.getProperty(name), "").isBlank();
  }

  private void checkVariable(String name) {
    String rest = name.substring(VARIABLE_PREFIX.length());
    List<String> known = KEYS.stream().map(DuplicateSettingsReader::upper).toList();
    if (rest.startsWith("SERVICES_")) {
      problems.add(
          name
              + ": a variable can't name a service; write it below lockstep.duplicates.services in"
              + " config/application.yaml");
    } else if (!known.contains(rest)) {
      problems.add(name + ": no such setting" + Suggestion.of(rest, known));
    }
  }

  private static List<String> topKeys() {
    return Stream.concat(KEYS.stream(), Stream.of("thresholds", SERVICES)).toList();
  }

  private Set<String> writtenNames() {
    return environment.getPropertySources().stream()
        .filter(EnumerablePropertySource.class::isInstance)
        .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
        .filter(name -> name.startsWith(PREFIX) || name.startsWith(VARIABLE_PREFIX))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private <T> T value(String key, Function<String, T> reading, T otherwise) {
    String variable = VARIABLE_PREFIX + upper(key);
    // First by its variable's name: a file for secrets may be called so as well.
    return read(
        environment.getProperty(variable) == null ? PREFIX + key : variable, reading, otherwise);
  }

  private <T> T read(@Nullable String name, Function<String, T> reading, T otherwise) {
    String text = name == null ? null : environment.getProperty(name);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      return reading.apply(text.strip());
    } catch (SettingText.Wrong wrong) {
      problems.add(name + ": " + wrong.getMessage());
      return otherwise;
    }
  }

  private static String upper(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** {@code closedWindow} and {@code closed_window} are read as well, as everywhere in Spring. */
  private static String kebab(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
