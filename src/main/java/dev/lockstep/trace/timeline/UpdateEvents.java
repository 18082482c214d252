package dev.lockstep.trace.timeline;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.record.RecordRef;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.util.List;
import java.util.Set;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Which updates its stakeholders got, who was reminded of one that was due, and who led it. For
 * operators only, since subjects and recipients are not meant for everybody.
 */
@Component
@Order(5)
class UpdateEvents implements TimelineSource {
  private static final Set<String> MILESTONES =
      Set.of(
          "informed",
          "escalated",
          "manager-assigned",
          "manager-handed-over",
          "manager-released",
          "manager-escalated",
          "vendor-escalated");

  private final AuditStore audit;

  UpdateEvents(AuditStore audit) {
    this.audit = audit;
  }

  @Override
  public List<TimelineEvent> events(TimelineScope about) {
    return audit
        .findAll(
            about.refs().stream()
                .map(ref -> new AuditSubject(AuditSubject.INCIDENT, ref.toString()))
                .toList())
        .stream()
        .map(event -> event(about, event))
        .toList();
  }

  private static TimelineEvent event(TimelineScope about, AuditEvent stored) {
    AuditEntry entry = stored.entry();
    RecordRef incident = RecordRef.parse(stored.subject().id());
    String sent = entry.details().getOrDefault("text", "");
    String text = sent.isEmpty() ? entry.text() : entry.text() + ": " + sent;
    return TimelineEvent.own(stored.at(), about.key(incident), entry.what(), text, entry.actor())
        .withWeight(MILESTONES.contains(entry.what()) ? Weight.MILESTONE : Weight.EVENT)
        .withDetails(entry.details())
        .forOperators(true);
  }
}
