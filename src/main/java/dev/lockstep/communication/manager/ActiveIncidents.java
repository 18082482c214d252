package dev.lockstep.communication.manager;

import dev.lockstep.communication.IncidentSearch;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.incident.Assignment;
import dev.lockstep.incident.AssignmentStore;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStage;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The incidents that need a manager now, with what is known of who leads them. */
@Component
class ActiveIncidents {
  private final CommunicationSettings settings;
  private final IncidentStore incidents;
  private final IncidentSearch search;
  private final AssignmentStore assignments;
  private final JdbcClient jdbc;

  ActiveIncidents(
      CommunicationSettings settings,
      IncidentStore incidents,
      IncidentSearch search,
      AssignmentStore assignments,
      JdbcClient jdbc) {
    this.settings = settings;
    this.incidents = incidents;
    this.search = search;
    this.assignments = assignments;
    this.jdbc = jdbc;
  }

  /**
   * @param assignments of them, and of those that were active at the last check
   */
  record Found(List<ActiveIncident> active, Map<RecordRef, Assignment> assignments) {
    Assignment assignment(RecordRef incident) {
      return assignments.getOrDefault(incident, Assignment.none(incident));
    }
  }

  Found load() {
    List<IncidentFacts> open = findOpen(settings.managers().levels());
    List<RecordRef> refs = open.stream().map(IncidentFacts::record).toList();
    Found found = new Found(new ArrayList<>(), assignments.findActiveOrOf(refs));
    Map<RecordRef, String> keys = keys(refs);
    for (IncidentFacts facts : open) {
      RecordRef ref = facts.record();
      String manager = found.assignment(ref).manager(facts).strip();
      found.active().add(new ActiveIncident(facts, keys.getOrDefault(ref, ref.id()), manager));
    }
    return found;
  }

  /** Those of these levels that are worked on by themselves. */
  List<IncidentFacts> findOpen(List<String> levels) {
    List<IncidentFacts> open = incidents.findOpen(levels);
    Set<RecordRef> covered = search.findCovered(open.stream().map(IncidentFacts::record).toList());
    return open.stream().filter(facts -> !covered.contains(facts.record())).toList();
  }

  /** Whether it needs a manager of its own. */
  boolean isActive(IncidentFacts facts) {
    return settings.managers().levels().contains(facts.level())
        && facts.stage() != IncidentStage.RESOLVED
        && !search.findCovered(Set.of(facts.record())).contains(facts.record());
  }

  private Map<RecordRef, String> keys(Collection<RecordRef> refs) {
    Map<RecordRef, String> keys = new HashMap<>();
    jdbc.sql("select ref, key from record where ref = any(?)")
        .param(RecordStore.names(refs))
        .query(
            rs -> {
              keys.put(RecordRef.parse(rs.getString("ref")), rs.getString("key"));
            });
    return keys;
  }
}
