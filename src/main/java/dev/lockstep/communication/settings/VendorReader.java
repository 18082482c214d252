package dev.lockstep.communication.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.convert.DurationStyle;

/** Reads the section {@code vendors}. */
final class VendorReader {
  private static final String SECTION = "vendors";

  private final YamlFile yaml;
  private final ConfiguredIncidents incidents;
  private final TargetReader targets;
  private final Intervals intervals;

  /** Reads the intervals by level. */
  interface Intervals {
    Map<String, Duration> read(List<String> place, JsonNode node);
  }

  VendorReader(
      YamlFile yaml, ConfiguredIncidents incidents, TargetReader targets, Intervals intervals) {
    this.yaml = yaml;
    this.incidents = incidents;
    this.targets = targets;
    this.intervals = intervals;
  }

  List<Vendor> read(JsonNode nodes) {
    List<Vendor> vendors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : nodes.properties()) {
      List<String> place = List.of(SECTION, entry.getKey());
      JsonNode node = entry.getValue();
      String system = node.path("system").asText();
      requireSystem(YamlFile.with(place, "system"), system);
      vendors.add(
          new Vendor(
              entry.getKey(),
              node.path("title").asText(entry.getKey()),
              system,
              intervals.read(YamlFile.with(place, "every"), node.path("every")),
              done(YamlFile.with(place, "done"), system, node.path("done")),
              steps(YamlFile.with(place, "escalate"), system, node.path("escalate"))));
    }
    return vendors;
  }

  private void requireSystem(List<String> place, String system) {
    Set<String> systems = incidents.systems();
    if (!systems.isEmpty() && !systems.contains(system)) {
      yaml.refuse(
          place,
          "'%s' is no system of the mappings in use%s"
              .formatted(system, Suggestion.of(system, systems)));
    }
  }

  private Map<String, Set<String>> done(List<String> place, String system, JsonNode node) {
    Map<String, Set<String>> done = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      Set<String> values = new HashSet<>();
      entry.getValue().forEach(value -> values.add(value.asText()));
      done.put(entry.getKey(), values);
      incidents
          .fields(system)
          .filter(fields -> !fields.isEmpty() && !fields.contains(entry.getKey()))
          .ifPresent(
              fields ->
                  yaml.refuse(
                      YamlFile.with(place, entry.getKey()),
                      "no mapping of %s in use has a field '%s'%s"
                          .formatted(
                              system, entry.getKey(), Suggestion.of(entry.getKey(), fields))));
    }
    return done;
  }

  private List<Vendor.Step> steps(List<String> place, String system, JsonNode nodes) {
    List<Vendor.Step> steps = new ArrayList<>();
    for (JsonNode node : nodes) {
      List<String> at = YamlFile.with(place, String.valueOf(steps.size()));
      steps.add(
          new Vendor.Step(
              DurationStyle.SIMPLE.parse(node.path("after").asText()),
              contacts(YamlFile.with(at, "to"), system, node.path("to")),
              targets.readInternal(YamlFile.with(at, "inform"), node.path("inform"))));
    }
    steps.sort(Comparator.comparing(Vendor.Step::after));
    return steps;
  }

  /** What they get is written for the vendor: in another system it would be out of place. */
  private List<Target> contacts(List<String> place, String system, JsonNode nodes) {
    List<Target> contacts = targets.read(place, nodes);
    for (int i = 0; i < contacts.size(); i++) {
      boolean isOurs =
          contacts.get(i) instanceof Target.ToLead
              || contacts.get(i) instanceof Target.ToSystem to && !to.system().equals(system);
      if (isOurs) {
        yaml.refuse(
            YamlFile.with(place, String.valueOf(i)),
            "'to' is the vendor's side: write {system: %s, ...} or a channel; who learns of it here is named by 'inform'"
                .formatted(system));
      }
    }
    return contacts;
  }
}
