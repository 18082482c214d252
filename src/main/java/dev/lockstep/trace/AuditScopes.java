package dev.lockstep.trace;

import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditExport.Scope;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Which entries of the audit are about an incident. */
@Component
public class AuditScopes {
  private final IdResolver lookup;
  private final IncidentLookup incidents;
  private final RecordStore records;
  private final TraceQueries queries;
  private final AuditStore audit;

  AuditScopes(
      IdResolver lookup,
      IncidentLookup incidents,
      RecordStore records,
      TraceQueries queries,
      AuditStore audit) {
    this.lookup = lookup;
    this.incidents = incidents;
    this.records = records;
    this.queries = queries;
    this.audit = audit;
  }

  /**
   * Those about its pairs, duplicates, action items, postmortems, dead letters and earlier exports.
   *
   * @param id as for a trace
   */
  public Optional<Scope> find(String id, @Nullable Instant since, @Nullable Instant until) {
    return lookup
        .find(id.strip())
        .flatMap(found -> Optional.ofNullable(found.incident()))
        .flatMap(incidents::findKnown)
        .map(incident -> new Scope(name(incident), subjects(incident), since, until));
  }

  private static String name(Incident incident) {
    return incident.seen().key();
  }

  private List<AuditSubject> subjects(Incident incident) {
    List<RecordRef> refs = incident.records();
    List<String> work = new ArrayList<>(refs.stream().map(ref -> "record:" + ref).toList());
    refs.forEach(
        ref -> records.correlationOf(ref).ifPresent(own -> work.add("correlation:" + own)));
    Set<AuditSubject> subjects = new LinkedHashSet<>();
    queries.findAuditSubjects(refs).forEach(subject -> subjects.add(AuditSubject.parse(subject)));
    audit.findDecisions(work, refs.stream().map(ref -> "note:" + ref).toList()).stream()
        .map(AuditEvent::subject)
        .forEach(subjects::add);
    subjects.add(Scope.anchor(name(incident)));
    return List.copyOf(subjects);
  }
}
