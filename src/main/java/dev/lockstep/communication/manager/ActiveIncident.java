package dev.lockstep.communication.manager;

import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.record.RecordRef;

/**
 * An incident that needs a manager of its own.
 *
 * @param key as people call it
 * @param manager who leads it; empty for nobody
 */
record ActiveIncident(IncidentFacts facts, String key, String manager) {
  RecordRef ref() {
    return facts.record();
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(key, facts.level());
  }
}
