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
 * Reads {@link DuplicateSettings} and reports all problems at once. Property names are read as
 * written: Spring's binder would remove spaces from service names and ignore unknown keys.
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
    checkOrder(policy, PREFIX + "thresholds", before);
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
          checkOrder(own, where, before);
          if (policies.put(DuplicateSettings.key(service), own) != null) {
            problems.add(
                where + ": this service is listed twice; names are case-insensitive, keep one");
          }
        });
    return policies;
  }

  /** Compares the thresholds only if each of them is valid. */
  private void checkOrder(Policy policy, String where, int before) {
    if (policy.propose() > policy.automatic() && problems.size() == before) {
      problems.add(
          "%s: propose (%s) is above automatic (%s); propose must not exceed automatic"
              .formatted(where, policy.propose(), policy.automatic()));
    }
  }

  /** The property names set for each service, by service and key; reports all unknown ones. */
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
        } else if (!(key.isEmpty() && isEmpty(name))) {
          problems.add(
              name
                  + ": no such setting"
                  + Suggestion.of(key, SERVICE_KEYS)
                  + "; write a service name that contains a dot in brackets");
        }
      } else if (!KEYS.contains(kebab(rest)) && !(topKeys().contains(rest) && isEmpty(name))) {
        problems.add(name + ": no such setting" + Suggestion.of(rest, topKeys()));
      }
    }
    return services;
  }

  /** A key whose children are all commented out. */
  private boolean isEmpty(String name) {
    return Objects.toString(environment.getProperty(name), "").isBlank();
  }

  private void checkVariable(String name) {
    String rest = name.substring(VARIABLE_PREFIX.length());
    List<String> known = KEYS.stream().map(DuplicateSettingsReader::upper).toList();
    if (rest.startsWith("SERVICES_")) {
      problems.add(
          name
              + ": a variable cannot name a service; set it below lockstep.duplicates.services in"
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
    // The variable first: a secrets file may have its name as well.
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
    } catch (SettingText.InvalidSettingException wrong) {
      problems.add(name + ": " + wrong.getMessage());
      return otherwise;
    }
  }

  private static String upper(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Accepts {@code closedWindow} and {@code closed_window}, as Spring's relaxed binding does. */
  private static String kebab(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
