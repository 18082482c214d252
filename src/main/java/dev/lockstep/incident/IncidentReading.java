package dev.lockstep.incident;

import dev.lockstep.mapping.IncidentRule;
import java.util.Map;
import java.util.Optional;

/**
 * What a record now says of an incident. Nothing, where it lacks a field: that is no evidence of a
 * change.
 *
 * @param level for example {@code P1}; empty if its priority is in no level
 */
record IncidentReading(
    Optional<String> level,
    Optional<Boolean> major,
    Optional<IncidentStage> stage,
    Optional<String> service,
    Optional<String> team,
    Optional<String> manager) {

  static IncidentReading of(IncidentRule rule, Map<String, String> values) {
    return new IncidentReading(
        rule.level(values),
        rule.major().decide(values),
        stage(rule, values),
        Optional.ofNullable(values.get(rule.service())),
        Optional.ofNullable(values.get(rule.team())),
        Optional.ofNullable(values.get(rule.manager())));
  }

  private static Optional<IncidentStage> stage(IncidentRule rule, Map<String, String> values) {
    Optional<Boolean> resolved = rule.resolved().decide(values);
    Optional<Boolean> mitigated = rule.mitigated().decide(values);
    Optional<Boolean> acknowledged = rule.acknowledged().decide(values);
    if (resolved.isEmpty() || resolved.get()) {
      return resolved.map(yes -> IncidentStage.RESOLVED);
    }
    if (mitigated.isEmpty() || mitigated.get()) {
      return mitigated.map(yes -> IncidentStage.MITIGATED);
    }
    return acknowledged.map(yes -> yes ? IncidentStage.ACKNOWLEDGED : IncidentStage.OPEN);
  }
}
