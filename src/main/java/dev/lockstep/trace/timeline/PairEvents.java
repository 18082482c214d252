package dev.lockstep.trace.timeline;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.WriteAudit;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** What became of the pairs, and which values were synced between them, from the audit. */
@Component
@Order(2)
public class PairEvents implements TimelineSource {
  private static final int LONGEST_VALUE = 120;

  /** Events that say what became of a pair, rather than what was written. */
  private static final Set<String> MILESTONES =
      Set.of(
          "started",
          "created",
          "found",
          "linked",
          "adopted",
          "approved",
          "rejected",
          "conflict",
          "broken",
          "resumed",
          "ended",
          "released",
          "unlinked",
          "requested");

  /** That a note was delivered, which the note itself says better. */
  private static final String DELIVERY = "note";

  private final AuditStore audit;

  public PairEvents(AuditStore audit) {
    this.audit = audit;
  }

  @Override
  public List<TimelineEvent> events(TimelineScope about) {
    Map<String, Pair> byId = new HashMap<>();
    about.pairs().forEach(pair -> byId.put(pair.id().toString(), pair));
    return audit
        .findAll(byId.keySet().stream().map(id -> new AuditSubject("pair", id)).toList())
        .stream()
        .map(event -> event(about, Objects.requireNonNull(byId.get(event.subject().id())), event))
        .toList();
  }

  private static TimelineEvent event(TimelineScope about, Pair pair, AuditEvent stored) {
    AuditEntry entry = stored.entry();
    if (entry.what().equals(WriteAudit.WHAT)) {
      return change(about, pair, stored, WriteAudit.parse(entry));
    }
    RecordRef ref = pair.records().stream().findFirst().orElse(null);
    Weight weight =
        MILESTONES.contains(entry.what())
            ? Weight.MILESTONE
            : entry.what().equals(DELIVERY) ? Weight.DETAIL : Weight.EVENT;
    return TimelineEvent.own(stored.at(), about.key(ref), entry.what(), entry.text(), entry.actor())
        .withWeight(weight)
        .withDetails(entry.details());
  }

  /** A change is dated when its record was last changed, at the latest when it was synced. */
  private static TimelineEvent change(
      TimelineScope about, Pair pair, AuditEvent stored, WriteAudit write) {
    RecordRef source = pair.ref(write.side().other());
    RecordRef target = pair.ref(write.side());
    String by = Objects.requireNonNullElse(write.changedBy(), "");
    String text = values(write) + (target == null ? "" : ", written to " + about.key(target));
    TimelineEvent event =
        source == null || write.changedAt() == null
            ? TimelineEvent.own(stored.at(), about.key(source), WriteAudit.WHAT, text, by)
            : TimelineEvent.of(
                source.system(), write.changedAt(), about.key(source), WriteAudit.WHAT, text, by);
    // What an operator chose was changed nowhere before.
    boolean isChosen = write.changedBy() == null && write.changedAt() == null;
    TimelineEvent placed = source == null || isChosen ? event : event.in(source.system());
    return placed.withDetails(stored.entry().details());
  }

  /** Old and new values, as the record to which they were written shows them. */
  private static String values(WriteAudit write) {
    return new TreeMap<>(write.written())
        .entrySet().stream()
            .map(
                field ->
                    "%s: %s → %s"
                        .formatted(
                            field.getKey(),
                            shown(write.was().getOrDefault(field.getKey(), "")),
                            shown(field.getValue())))
            .collect(Collectors.joining("; "));
  }

  private static String shown(String value) {
    String line = PlainText.oneLine(value);
    return line.isEmpty() ? "–" : PlainText.shorten(line, LONGEST_VALUE);
  }
}
