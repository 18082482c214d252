package dev.lockstep.connector;

import dev.lockstep.connector.Connector.Authorization;
import dev.lockstep.connector.Connector.Setting;
import dev.lockstep.connector.Connector.SettingKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.PropertyResolver;

/**
 * Looks at the connectors' files and settings before there is any traffic. Depends on nothing but
 * those, and never repeats a secret.
 */
public final class SettingsCheck {
  private final List<Path> directories;
  private final PropertyResolver environment;
  private final Predicate<String> used;

  public SettingsCheck(List<Path> directories, PropertyResolver environment) {
    this(directories, environment, system -> true);
  }

  SettingsCheck(List<Path> directories, PropertyResolver environment, Predicate<String> used) {
    this.directories = List.copyOf(directories);
    this.environment = environment;
    this.used = used;
  }

  /** One line per problem: what is wrong and how to mend it. Empty when all is well. */
  public List<String> problems() {
    try {
      return problems(ConnectorCatalog.load(directories, environment, used));
    } catch (InvalidConnector e) {
      return e.problems();
    }
  }

  private static List<String> problems(ConnectorCatalog catalog) {
    List<String> problems = new ArrayList<>();
    for (Connector connector : catalog.connectors().values()) {
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
                  problems.add(missing(setting));
                }
              });
      problems.addAll(authorization(connector));
    }
    problems.sort(Comparator.naturalOrder());
    return problems;
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
          case TEXT -> value.lines().count() > 1 ? "has more than one line" : "";
          case URL -> isUrl(value) ? "" : "is not an http or https address";
          case DURATION -> isDuration(value) ? "" : "is not a time span such as 30s or 5m";
          case EMAIL -> value.matches("[^@\\s]+@[^@\\s]+") ? "" : "is not an e-mail address";
        };
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    String shown = setting.secret() ? "" : " (" + value.lines().findFirst().orElse("") + ")";
    return Optional.of(
        setting.env() + shown + " " + wrong + ": set it to " + setting.about() + example(setting));
  }

  private static boolean isUrl(String value) {
    try {
      URI uri = URI.create(value);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getUserInfo() == null
          && uri.getQuery() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isDuration(String value) {
    try {
      return DurationStyle.detectAndParse(value).toMillis() > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** One way of several must be complete; the one nearest to it is what gets complained about. */
  private static List<String> authorization(Connector connector) {
    List<Authorization> ways = connector.authorization();
    if (ways.isEmpty() || ways.stream().anyMatch(way -> Settings.complete(connector, way))) {
      return List.of();
    }
    // The last way is the usual one; another is meant when something of it is set.
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
        .map(setting -> missing(setting) + (others.isEmpty() ? "" : " (or set " + others + ")"))
        .toList();
  }

  private static List<String> absent(Connector connector, Authorization way) {
    return way.needs().stream().filter(name -> Settings.value(connector, name).isEmpty()).toList();
  }

  private static String env(Connector connector, String name) {
    Setting setting = connector.settings().get(name);
    return setting == null ? name : setting.env();
  }
}
