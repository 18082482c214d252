package dev.lockstep.communication;

import dev.lockstep.communication.settings.ConfiguredIncidents;
import dev.lockstep.incident.Assignment;
import dev.lockstep.incident.AssignmentStore;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.CorrelationQueries;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Finds incidents by what people call them. */
@Component
public class IncidentSearch {
  private final CorrelationQueries correlations;
  private final RecordStore records;
  private final PairStore pairs;
  private final IncidentStore incidents;
  private final AssignmentStore assignments;
  private final CadenceStore cadences;
  private final ConfiguredIncidents configured;

  IncidentSearch(
      CorrelationQueries correlations,
      RecordStore records,
      PairStore pairs,
      IncidentStore incidents,
      AssignmentStore assignments,
      CadenceStore cadences,
      ConfiguredIncidents configured) {
    this.correlations = correlations;
    this.records = records;
    this.pairs = pairs;
    this.incidents = incidents;
    this.assignments = assignments;
    this.cadences = cadences;
    this.configured = configured;
  }

  /**
   * @param name the key or id of one of its records, or of its correlation
   * @throws RefusedUpdateException if there is no such incident, or several, or if only a record in
   *     a system that other companies read is called so
   */
  public KnownIncident find(String name) {
    List<UUID> named = correlations.findByName(name);
    List<KnownIncident> found =
        named.stream().flatMap(id -> find(pairs.load(id)).stream()).toList();
    // Another incident may have a record of that key in another instance of the system.
    List<KnownIncident> own =
        found.stream().filter(one -> one.key().equalsIgnoreCase(name)).toList();
    List<KnownIncident> meant = own.isEmpty() ? found : own;
    if (meant.size() > 1) {
      throw RefusedUpdateException.conflict(
          "There are several incidents with a record called %s; write which: %s"
              .formatted(
                  name,
                  meant.stream()
                      .map(one -> one.ref().system() + ":" + one.key())
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    if (own.isEmpty()) {
      meant.forEach(one -> requireOurs(one, name));
    }
    return meant.stream()
        .findFirst()
        .orElseThrow(
            () ->
                RefusedUpdateException.notFound(
                    named.isEmpty()
                        ? "Nothing that is kept in sync is called " + name
                        : name
                            + " is no incident: the mapping of its records has no section"
                            + " 'incident'"));
  }

  /** Another company numbers its records as we do, and ours of that number may not be in sync. */
  private void requireOurs(KnownIncident incident, String name) {
    Set<String> theirs = configured.systemsWithoutOwnNotes();
    Set<String> named =
        records.findStates(incident.correlation().records()).stream()
            .filter(record -> record.key().equalsIgnoreCase(name))
            .map(record -> record.ref().system())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!named.isEmpty() && theirs.containsAll(named)) {
      throw RefusedUpdateException.conflict(
          "Only a record of %s is called %s; write %s:%s if its incident %s is meant"
              .formatted(
                  String.join(", ", named),
                  name,
                  incident.ref().system(),
                  incident.key(),
                  incident.key()));
    }
  }

  /** Empty if none of its records is an incident. */
  public Optional<KnownIncident> find(Correlation correlation) {
    return incidents.findAll(correlation.records()).stream()
        .findFirst()
        .map(facts -> known(facts, correlation));
  }

  private KnownIncident known(IncidentFacts facts, Correlation correlation) {
    return new KnownIncident(facts, correlation, assignments.find(facts.record()).manager(facts));
  }

  /** By the records that are the incidents; without those that are in no correlation any more. */
  public Map<RecordRef, KnownIncident> findAll(Collection<RecordRef> refs) {
    Map<RecordRef, Correlation> correlations = new HashMap<>();
    for (Correlation correlation : pairs.loadAll(refs)) {
      correlation.records().forEach(ref -> correlations.put(ref, correlation));
    }
    Map<RecordRef, Assignment> managers = assignments.findActiveOrOf(refs);
    Map<RecordRef, KnownIncident> found = new HashMap<>();
    for (IncidentFacts facts : incidents.findAll(refs)) {
      RecordRef ref = facts.record();
      Correlation correlation = correlations.get(ref);
      if (correlation != null) {
        Assignment manager = managers.getOrDefault(ref, Assignment.none(ref));
        found.put(ref, new KnownIncident(facts, correlation, manager.manager(facts)));
      }
    }
    return found;
  }

  /** By the record that is the incident; empty if it is in no correlation any more. */
  public Optional<KnownIncident> find(RecordRef incident) {
    Optional<IncidentFacts> facts = incidents.find(incident);
    return records
        .correlationOf(incident)
        .map(pairs::load)
        .flatMap(correlation -> facts.map(known -> known(known, correlation)));
  }

  /**
   * Those of these incidents that nobody works on by themselves: duplicates of another ticket, and
   * those that are no longer synced.
   */
  public Set<RecordRef> findCovered(Collection<RecordRef> records) {
    return cadences.findCovered(records);
  }
}
