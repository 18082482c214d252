package dev.lockstep.communication.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.publish.Channel;
import dev.lockstep.publish.ChannelKind;
import dev.lockstep.record.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads lists of targets, whose channels and systems must exist. */
final class TargetReader {
  private final YamlFile yaml;
  private final Set<String> channels;
  private final ConfiguredIncidents incidents;
  private final ChannelKind email;

  TargetReader(
      YamlFile yaml, Set<String> channels, ConfiguredIncidents incidents, ChannelKind email) {
    this.yaml = yaml;
    this.channels = channels;
    this.incidents = incidents;
    this.email = email;
  }

  List<Target> read(List<String> place, JsonNode nodes) {
    List<Target> targets = new ArrayList<>();
    for (JsonNode node : nodes) {
      targets.add(target(YamlFile.with(place, String.valueOf(targets.size())), node));
    }
    return targets;
  }

  /** Of texts that no person has written. */
  List<Target> readInternal(List<String> place, JsonNode nodes) {
    List<Target> targets = read(place, nodes);
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i) instanceof Target.ToSystem system) {
        refuseOwn(YamlFile.with(place, String.valueOf(i)), system);
      }
    }
    return targets;
  }

  /** Internal notes of another company's system are internal to that company. */
  private void refuseOwn(List<String> place, Target.ToSystem target) {
    if (target.visibility() == Visibility.PUBLIC) {
      yaml.refuse(
          place, "what Lockstep writes by itself is never public; write visibility: internal");
    } else if (incidents.systemsWithoutOwnNotes().contains(target.system())) {
      yaml.refuse(
          place,
          "Lockstep writes nothing of its own in %s, since its mapping says `own: none`; name another target"
              .formatted(target.system()));
    }
  }

  private Target target(List<String> place, JsonNode node) {
    if (node.has("channel")) {
      return channel(place, node.path("channel").asText());
    }
    if (node.has("system")) {
      String visibility = node.path("visibility").asText().toUpperCase(Locale.ROOT);
      return system(place, node.path("system").asText(), Visibility.valueOf(visibility));
    }
    Channel manager = new Channel("manager", email.name(), List.of("manager@example.com"), "");
    email
        .problems(manager)
        .forEach(line -> yaml.refuse(place, "manager" + line.substring(line.indexOf(':'))));
    return new Target.ToLead();
  }

  private Target channel(List<String> place, String name) {
    if (!channels.contains(name)) {
      yaml.refuse(
          place, "'%s' is none of the channels%s".formatted(name, Suggestion.of(name, channels)));
    }
    return new Target.ToChannel(name);
  }

  private Target system(List<String> place, String name, Visibility visibility) {
    Set<String> systems = incidents.systems();
    if (!systems.isEmpty() && !systems.contains(name)) {
      yaml.refuse(
          place,
          "'%s' is no system of the mappings in use%s"
              .formatted(name, Suggestion.of(name, systems)));
    }
    return new Target.ToSystem(name, visibility);
  }
}
