package dev.lockstep.connector;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition.Setting;
import dev.lockstep.connector.definition.ConnectorDefinition.SettingKind;
import dev.lockstep.connector.definition.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keeps the instances of a connector apart: two of them that reach one system would take its
 * records for counterparts of each other, and with a common secret a webhook of one would be
 * accepted as one of the other.
 */
final class InstancesCheck {
  private static final Pattern DEFAULT_PORT =
      Pattern.compile("^(https://[^/:]+(?=:443(/|$))|http://[^/:]+(?=:80(/|$))):\\d+");

  private InstancesCheck() {}

  /** One line per problem; never contains a value. */
  static List<String> problems(Collection<ConnectorDefinition> systems) {
    List<String> problems = new ArrayList<>();
    systems.stream()
        // The connector of that name first.
        .sorted(Comparator.comparing(InstancesCheck::isInstance))
        .collect(Collectors.groupingBy(ConnectorDefinition::folder))
        .values()
        .forEach(group -> check(group, problems));
    systems.stream()
        .filter(InstancesCheck::isInstance)
        .forEach(instance -> refuseTaken(instance, systems, problems));
    return problems;
  }

  /** {@code slack-workspace} would have SLACK_WORKSPACE_URL, which Slack has already. */
  private static void refuseTaken(
      ConnectorDefinition instance,
      Collection<ConnectorDefinition> systems,
      List<String> problems) {
    for (ConnectorDefinition other : systems) {
      if (!other.system().equals(instance.system())) {
        instance.settings().values().stream()
            .map(Setting::env)
            .filter(
                env -> other.settings().values().stream().anyMatch(one -> one.env().equals(env)))
            .forEach(
                env ->
                    problems.add(
                        "LOCKSTEP_INSTANCES (lockstep.instances): '%s' can't be an instance, since %s is a setting of %s; give it another name"
                            .formatted(instance.system(), env, other.system())));
      }
    }
  }

  private static boolean isInstance(ConnectorDefinition system) {
    return !system.system().equals(system.connector());
  }

  private static void check(List<ConnectorDefinition> group, List<String> problems) {
    for (ConnectorDefinition system : group) {
      if (isInstance(system) && identity(system).isEmpty()) {
        problems.add(
            "LOCKSTEP_INSTANCES (lockstep.instances): '%s' can't be an instance of %s: no setting in %s has `identifies: true`, so that nothing tells them apart"
                .formatted(system.system(), system.connector(), system.file()));
      }
      for (ConnectorDefinition other : group.subList(0, group.indexOf(system))) {
        compare(other, system, problems);
      }
    }
  }

  private static void compare(
      ConnectorDefinition one, ConnectorDefinition other, List<String> problems) {
    if (!identity(one).isEmpty() && identity(one).equals(identity(other))) {
      problems.add(
          "%s and %s are the same system, since %s has the value of %s: set it to that of the other system, or leave one of them out"
              .formatted(one.system(), other.system(), names(other), names(one)));
    }
    Set<String> credentials =
        one.authorization().stream()
            .flatMap(way -> way.needs().stream())
            .collect(Collectors.toUnmodifiableSet());
    one.settings()
        .forEach(
            (name, setting) -> {
              Setting others = Objects.requireNonNull(other.settings().get(name));
              if (setting.secret()
                  && !credentials.contains(name)
                  && parts(setting).stream().anyMatch(parts(others)::contains)) {
                problems.add(
                    "%s is the same secret as %s, so that what is signed for one would be accepted by the other: give each instance its own"
                        .formatted(others.env(), setting.env()));
              }
            });
  }

  /** The values that tell systems apart; empty if one of them is missing. */
  private static Map<String, String> identity(ConnectorDefinition system) {
    Map<String, String> values =
        system.settings().entrySet().stream()
            .filter(one -> one.getValue().identifies())
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> comparable(one.getValue())));
    return values.containsValue("") ? Map.of() : values;
  }

  private static String comparable(Setting setting) {
    String value = Settings.value(setting);
    boolean isAddress = setting.kind() == SettingKind.URL || setting.kind() == SettingKind.ORIGIN;
    return isAddress
        ? DEFAULT_PORT.matcher(value.toLowerCase(Locale.ROOT)).replaceFirst("$1")
        : value;
  }

  private static String names(ConnectorDefinition system) {
    return system.settings().values().stream()
        .filter(Setting::identifies)
        .map(Setting::env)
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  private static List<String> parts(Setting secret) {
    return Arrays.stream(Settings.value(secret).split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
