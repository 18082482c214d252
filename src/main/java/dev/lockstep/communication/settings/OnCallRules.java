package dev.lockstep.communication.settings;

import java.util.List;
import java.util.Map;

/**
 * Whose on-call people are shown on incidents: the section {@code on-call}.
 *
 * @param levels the incidents on which they are shown; empty: on none
 * @param system that is asked
 * @param kind what it is asked for, for example {@code escalation-policy}
 * @param field of the mappings that names it, on the incident's record in that system; empty: none
 *     does
 * @param services by service of the incident, the id of what it is asked for; before {@code field}
 */
public record OnCallRules(
    List<String> levels, String system, String kind, String field, Map<String, String> services) {

  public static final OnCallRules OFF = new OnCallRules(List.of(), "", "", "", Map.of());

  public OnCallRules {
    levels = List.copyOf(levels);
    services = Map.copyOf(services);
  }

  public boolean isOn() {
    return !levels.isEmpty();
  }
}
