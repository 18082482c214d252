package dev.lockstep.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The records of a saved plan that depend on each other, so that none is carried out in part. */
final class PlannedGroups {
  private PlannedGroups() {}

  /**
   * @param records {@code ChangePlan.records} as JSON
   * @return by the first record of each group, the version of every record it is based on
   */
  static Map<RecordRef, Map<String, String>> of(JsonNode records) {
    Map<String, String> versions = new HashMap<>();
    Map<String, String> leaders = new HashMap<>();
    for (JsonNode record : records) {
      String first = null;
      for (Map.Entry<String, JsonNode> basis : record.path("basis").properties()) {
        versions.put(basis.getKey(), basis.getValue().asText());
        leaders.putIfAbsent(basis.getKey(), basis.getKey());
        first = first == null ? basis.getKey() : join(leaders, first, basis.getKey());
      }
    }
    Map<RecordRef, Map<String, String>> groups = new LinkedHashMap<>();
    new TreeMap<>(versions)
        .forEach(
            (record, version) ->
                groups
                    .computeIfAbsent(
                        RecordRef.parse(leader(leaders, record)), r -> new LinkedHashMap<>())
                    .put(record, version));
    return groups;
  }

  private static String join(Map<String, String> leaders, String one, String other) {
    String leader = leader(leaders, one);
    leaders.put(leader(leaders, other), leader);
    return leader;
  }

  private static String leader(Map<String, String> leaders, String record) {
    String leader = leaders.getOrDefault(record, record);
    return leader.equals(record) ? record : leader(leaders, leader);
  }
}
