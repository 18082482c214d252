package dev.lockstep.communication.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.communication.settings.CommunicationSettings.Escalation;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.publish.EmailChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the sections {@code incident-manager} and {@code on-call}. */
final class ManagerReader {
  private static final String MANAGER = "incident-manager";
  private static final String ON_CALL = "on-call";
  private static final String SYSTEM = "system";
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final List<Precedence> USUAL = List.of(Precedence.LEVEL, Precedence.LONGEST_OPEN);

  private final YamlFile yaml;
  private final ConfiguredIncidents incidents;
  private final LevelCheck levels;

  /** Refuses a level that no mapping has. */
  interface LevelCheck {
    void require(List<String> place, String level);
  }

  ManagerReader(YamlFile yaml, ConfiguredIncidents incidents, LevelCheck levels) {
    this.yaml = yaml;
    this.incidents = incidents;
    this.levels = levels;
  }

  /**
   * @param within the value of the key
   */
  ManagerRules readManager(JsonNode node, Duration within, List<Escalation> escalate) {
    if (node.isMissingNode()) {
      return ManagerRules.OFF;
    }
    if (within.compareTo(SHORTEST) < 0) {
      yaml.refuse(List.of(MANAGER, "within"), "within: at least 1m");
    }
    List<ManagerCandidate> candidates = new ArrayList<>();
    for (JsonNode candidate : node.path("candidates")) {
      List<String> place = List.of(MANAGER, "candidates", String.valueOf(candidates.size()));
      candidates.add(candidate(place, candidate));
    }
    boolean isAutomatic = node.path("assign").asText("propose").equals("automatic");
    if (isAutomatic && candidates.isEmpty()) {
      yaml.refuse(List.of(MANAGER, "assign"), "automatic needs candidates; name some");
    }
    return new ManagerRules(
        levels(MANAGER, node),
        within,
        isAutomatic,
        candidates,
        precedence(node.path("precedence")),
        escalate);
  }

  private List<String> levels(String section, JsonNode node) {
    List<String> read = new ArrayList<>();
    for (JsonNode level : node.path("levels")) {
      levels.require(List.of(section, "levels", String.valueOf(read.size())), level.asText());
      read.add(level.asText());
    }
    return read;
  }

  private static List<Precedence> precedence(JsonNode nodes) {
    List<Precedence> read = new ArrayList<>();
    nodes.forEach(
        node ->
            read.add(Precedence.valueOf(node.asText().replace('-', '_').toUpperCase(Locale.ROOT))));
    return read.isEmpty() ? USUAL : read;
  }

  private ManagerCandidate candidate(List<String> place, JsonNode node) {
    if (node.isTextual()) {
      if (!EmailChannel.isAddress(node.asText())) {
        yaml.refuse(
            place,
            "'%s' is not an e-mail address; write one, or {system: ..., schedule: ...}"
                .formatted(node.asText()));
      }
      return new ManagerCandidate.Person(node.asText());
    }
    String system = node.path(SYSTEM).asText();
    Map<String, JsonNode> others = others(node, Set.of(SYSTEM));
    String kind = kind(place, system, others);
    JsonNode id = others.get(kind);
    return new ManagerCandidate.OnCall(
        new OnCallSource(system, kind, id == null ? "" : id.asText()));
  }

  private static Map<String, JsonNode> others(JsonNode node, Set<String> keys) {
    Map<String, JsonNode> others = new TreeMap<>();
    node.properties().stream()
        .filter(entry -> !keys.contains(entry.getKey()))
        .forEach(entry -> others.put(entry.getKey(), entry.getValue()));
    return others;
  }

  /** The one key that says what the system is asked for; an empty text if it is wrong. */
  private String kind(List<String> place, String system, Map<String, JsonNode> others) {
    Set<String> systems = incidents.systems();
    if (!systems.isEmpty() && !systems.contains(system)) {
      yaml.refuse(
          YamlFile.with(place, SYSTEM),
          "'%s' is no system of the mappings in use%s"
              .formatted(system, Suggestion.of(system, systems)));
      return "";
    }
    Set<String> kinds = incidents.onCallKinds(system);
    if (!systems.isEmpty() && kinds.isEmpty()) {
      yaml.refuse(
          YamlFile.with(place, SYSTEM),
          "the connector of %s does not tell who is on call".formatted(system));
      return "";
    }
    if (others.size() != 1) {
      yaml.refuse(place, "write one of %s".formatted(String.join(", ", kinds)));
      return "";
    }
    String kind = others.keySet().iterator().next();
    if (!kinds.isEmpty() && !kinds.contains(kind)) {
      yaml.refuse(
          YamlFile.with(place, kind),
          "%s does not tell who is on call for '%s'%s"
              .formatted(system, kind, Suggestion.of(kind, kinds)));
    }
    return kind;
  }

  OnCallRules readOnCall(JsonNode node) {
    if (node.isMissingNode()) {
      return OnCallRules.OFF;
    }
    String system = node.path(SYSTEM).asText();
    Map<String, JsonNode> others = others(node, Set.of(SYSTEM, "levels"));
    String kind = kind(List.of(ON_CALL), system, others);
    JsonNode named = others.get(kind);
    String field = named == null ? "" : named.path("field").asText("");
    Map<String, String> services = new HashMap<>();
    if (named != null) {
      named
          .path("services")
          .properties()
          .forEach(entry -> services.put(entry.getKey(), entry.getValue().asText()));
    }
    incidents
        .fields(system)
        .filter(fields -> !field.isEmpty() && !fields.contains(field))
        .ifPresent(
            fields ->
                yaml.refuse(
                    List.of(ON_CALL, kind, "field"),
                    "no mapping of %s in use has a field '%s'%s"
                        .formatted(system, field, Suggestion.of(field, fields))));
    if (!field.isEmpty() && !incidents.hasKey(system, kind)) {
      yaml.refuse(
          List.of(ON_CALL, kind, "field"),
          "no field of a mapping names a %s of %s; write services".formatted(kind, system));
    }
    return new OnCallRules(levels(ON_CALL, node), system, kind, field, services);
  }
}
