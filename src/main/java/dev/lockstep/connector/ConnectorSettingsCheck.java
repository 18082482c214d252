package dev.lockstep.connector;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition.Authorization;
import dev.lockstep.connector.definition.ConnectorDefinition.Setting;
import dev.lockstep.connector.definition.ConnectorDefinition.SettingKind;
import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.connector.definition.Settings;
import dev.lockstep.ops.ConnectorFolders;
import dev.lockstep.ops.StartupCheck;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.PropertyResolver;

/**
 * Validates the connectors' files and settings at start. Depends on nothing else and never prints a
 * secret.
 */
public final class ConnectorSettingsCheck implements StartupCheck {
  private final ConnectorFolders folders;
  private final PropertyResolver environment;
  private final Supplier<@Nullable Map<String, Set<String>>> used;

  /** Checks every folder. */
  public ConnectorSettingsCheck(List<Path> directories, PropertyResolver environment) {
    this(new ConnectorFolders(directories, List.of()), environment, () -> null);
  }

  /**
   * @param used system to the mappings that use it; null: all systems
   */
  ConnectorSettingsCheck(
      ConnectorFolders folders,
      PropertyResolver environment,
      Supplier<@Nullable Map<String, Set<String>>> used) {
    this.folders = folders;
    this.environment = environment;
    this.used = used;
  }

  @Override
  public List<String> problems() {
    Map<String, Set<String>> mappings = used.get();
    try {
      return problems(
          ConnectorCatalog.load(
              folders, environment, name -> mappings == null || mappings.containsKey(name)),
          mappings == null ? Map.of() : mappings);
    } catch (ConnectorDefinitionException e) {
      return e.problems();
    }
  }

  private static List<String> problems(
      ConnectorCatalog catalog, Map<String, Set<String>> mappings) {
    List<String> problems = new ArrayList<>();
    catalog
        .connectors()
        .forEach(
            (system, connector) -> {
              String why = why(system, mappings.getOrDefault(system, Set.of()));
              problems.addAll(settings(connector, why));
              problems.addAll(authorization(connector, why));
            });
    problems.addAll(InstancesCheck.problems(catalog.connectors().values()));
    // Two systems may share a setting.
    return problems.stream().distinct().sorted().toList();
  }

  private static List<String> settings(ConnectorDefinition connector, String why) {
    List<String> problems = new ArrayList<>();
    Set<String> alternatives = new TreeSet<>();
    connector.authorization().forEach(way -> alternatives.addAll(way.needs()));
    connector
        .settings()
        .forEach(
            (name, setting) -> {
              String value = Settings.value(setting);
              if (!value.isEmpty()) {
                malformed(setting, value).ifPresent(problems::add);
              } else if (!setting.optional() && !alternatives.contains(name)) {
                problems.add(missing(setting) + why);
              }
            });
    return problems;
  }

  /** Why a setting is required: the mappings that use its system. */
  private static String why(String system, Set<String> mappings) {
    return mappings.isEmpty()
        ? ""
        : " (%s is used by mappings/%s)"
            .formatted(
                system,
                mappings.stream()
                    .map(name -> name + ".yaml")
                    .collect(Collectors.joining(", mappings/")));
  }

  private static String missing(Setting setting) {
    return setting.env() + " is missing: set it to " + setting.about() + example(setting);
  }

  private static String example(Setting setting) {
    return setting.secret() || setting.example().isEmpty()
        ? ""
        : ", for example " + setting.example();
  }

  private static Optional<String> malformed(Setting setting, String value) {
    SettingKind kind = setting.kind() == null ? SettingKind.TEXT : setting.kind();
    String wrong =
        switch (kind) {
          case TEXT -> wrongText(setting, value);
          case TABLE -> wrongTable(setting, value);
          case URL -> wrongUrl(value, true);
          case ORIGIN -> wrongUrl(value, false);
          case DURATION ->
              isDuration(value) ? "" : "is not a time span with a unit, such as 30s or 5m";
          case EMAIL -> value.matches("[^@\\s]+@[^@\\s]+") ? "" : "is not an e-mail address";
        };
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    String shown = setting.secret() ? "" : " (" + value.lines().findFirst().orElse("") + ")";
    return Optional.of(
        setting.env() + shown + " " + wrong + ": set it to " + setting.about() + example(setting));
  }

  private static String wrongText(Setting setting, String value) {
    if (value.lines().count() > 1) {
      return "has more than one line";
    }
    boolean isShort =
        Stream.of(value.split(",")).anyMatch(part -> part.strip().length() < setting.minLength());
    return isShort
        ? "has fewer than %d characters, so that it can be guessed".formatted(setting.minLength())
        : "";
  }

  private static String wrongTable(Setting setting, String value) {
    Map<String, String> table = Settings.table(value);
    boolean isComplete =
        table.entrySet().stream()
            .noneMatch(entry -> entry.getKey().isEmpty() || entry.getValue().isEmpty());
    if (value.lines().count() > 1 || !isComplete) {
      return "is not a list of names and values in one line, such as A = 1, B = 2";
    }
    return table.values().stream().anyMatch(one -> one.length() < setting.minLength())
        ? "has a value of fewer than %d characters".formatted(setting.minLength())
        : "";
  }

  private static String wrongUrl(String value, boolean mayHavePath) {
    try {
      URI uri = URI.create(value);
      boolean isAddress =
          uri.getHost() != null
              && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
              && uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null;
      if (!isAddress) {
        return "is not an http or https address";
      }
      if (!mayHavePath && !uri.getPath().isEmpty()) {
        return "has a path after the host (%s); leave it out".formatted(uri.getPath());
      }
      return "";
    } catch (IllegalArgumentException e) {
      return "is not an http or https address";
    }
  }

  /** A number without a unit is refused: Spring would read it as milliseconds. */
  private static boolean isDuration(String value) {
    try {
      return !value.matches("[+-]?\\d+") && DurationStyle.detectAndParse(value).toMillis() > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** One authorization scheme must be complete; reports what the most complete one lacks. */
  private static List<String> authorization(ConnectorDefinition connector, String why) {
    List<Authorization> ways = connector.authorization();
    if (ways.isEmpty() || ways.stream().anyMatch(way -> Settings.complete(connector, way))) {
      return List.of();
    }
    // The last scheme is the default; another one is meant when any of its settings is set.
    Authorization meant =
        ways.stream()
            .filter(way -> absent(connector, way).size() < way.needs().size())
            .findFirst()
            .orElse(ways.get(ways.size() - 1));
    String others =
        ways.stream()
            .filter(way -> !way.equals(meant))
            .map(way -> way.needs().stream().map(n -> env(connector, n)))
            .map(names -> names.collect(Collectors.joining(" and ")))
            .collect(Collectors.joining(", or "));
    return absent(connector, meant).stream()
        .map(name -> connector.settings().get(name))
        .map(
            setting ->
                missing(setting) + (others.isEmpty() ? "" : " (or set " + others + ")") + why)
        .toList();
  }

  private static List<String> absent(ConnectorDefinition connector, Authorization way) {
    return way.needs().stream().filter(name -> Settings.value(connector, name).isEmpty()).toList();
  }

  private static String env(ConnectorDefinition connector, String name) {
    Setting setting = connector.settings().get(name);
    return setting == null ? name : setting.env();
  }
}
