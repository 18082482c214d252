package dev.lockstep.trace.timeline;

import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.record.RecordState;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** When its records were opened, and when the incident reached each stage. */
@Component
@Order(1)
class StageEvents implements TimelineSource {
  private final IncidentStore incidents;

  StageEvents(IncidentStore incidents) {
    this.incidents = incidents;
  }

  @Override
  public List<TimelineEvent> events(TimelineScope about) {
    List<TimelineEvent> events = new ArrayList<>();
    for (RecordState record : about.records().values()) {
      // Without its title: only today's is known, which may not be the one it was opened with.
      add(events, record.openedAt(), record.ref().system(), record.key(), "opened");
    }
    incidents.findAll(about.refs()).forEach(facts -> addStages(events, about, facts));
    return events;
  }

  /** Of stages that were reached at once, the furthest. */
  private static void addStages(
      List<TimelineEvent> events, TimelineScope about, IncidentFacts facts) {
    String system = facts.record().system();
    String key = about.key(facts.record());
    Instant resolved = facts.resolvedAt();
    Instant mitigated = facts.mitigatedAt();
    Instant acknowledged = facts.acknowledgedAt();
    if (!Objects.equals(acknowledged, resolved) && !Objects.equals(acknowledged, mitigated)) {
      add(events, acknowledged, system, key, "acknowledged");
    }
    if (!Objects.equals(mitigated, resolved)) {
      add(events, mitigated, system, key, "mitigated");
    }
    add(events, resolved, system, key, "resolved");
  }

  private static void add(
      List<TimelineEvent> events, @Nullable Instant at, String system, String key, String what) {
    if (at != null) {
      events.add(TimelineEvent.of(system, at, key, what, "", "").withWeight(Weight.MILESTONE));
    }
  }
}
