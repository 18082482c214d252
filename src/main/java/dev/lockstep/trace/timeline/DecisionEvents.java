package dev.lockstep.trace.timeline;

import dev.lockstep.audit.AuditStore;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** What operators decided about its dead letters. */
@Component
@Order(4)
class DecisionEvents implements TimelineSource {
  private final AuditStore audit;

  DecisionEvents(AuditStore audit) {
    this.audit = audit;
  }

  @Override
  public List<TimelineEvent> events(TimelineScope about) {
    List<String> notes = about.refs().stream().map(ref -> "note:" + ref).toList();
    String key = about.key(about.refs().stream().findFirst().orElse(null));
    return audit.findDecisions(about.workSubjects(), notes).stream()
        .map(
            event ->
                TimelineEvent.own(
                        event.at(),
                        key,
                        event.entry().what(),
                        "Dead letter: " + event.entry().text(),
                        event.entry().actor())
                    .withDetails(event.entry().details())
                    .forOperators(true))
        .toList();
  }
}
