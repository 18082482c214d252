package dev.lockstep.postmortem.actionitem;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** What was done and decided about action items, and the notes on them. */
@Component
public class ActionItemAudit {
  private static final String SUBJECT = "action-item";

  /** The kind of a note's entry starts with this and ends with the note's id. */
  private static final String NOTE = "note ";

  private static final List<String> FINISHED =
      Stream.of(ActionItemStatus.values())
          .filter(ActionItemStatus::isFinished)
          .map(ActionItemStatus::slug)
          .toList();

  private final AuditStore audit;

  public ActionItemAudit(AuditStore audit) {
    this.audit = audit;
  }

  /** Adds entries in the caller's transaction. */
  public void record(ActionItem item, List<AuditEntry> entries) {
    if (!entries.isEmpty()) {
      audit.record(subject(item), entries);
    }
  }

  /** Oldest first, without notes. */
  public List<AuditEvent> history(ActionItem item) {
    return audit.findAll(subject(item)).stream().filter(event -> !isNote(event)).toList();
  }

  /**
   * Adds a note.
   *
   * @return its id
   */
  String addNote(ActionItem item, String text, String by) {
    String id = UUID.randomUUID().toString();
    record(item, List.of(new AuditEntry(NOTE + id, text, Map.of(), by)));
    return id;
  }

  /** Oldest first. */
  List<ItemNote> notes(ActionItem item) {
    return audit.findAll(subject(item)).stream()
        .filter(ActionItemAudit::isNote)
        .map(
            event ->
                new ItemNote(
                    event.entry().what().substring(NOTE.length()),
                    event.entry().actor(),
                    event.at(),
                    event.entry().text()))
        .toList();
  }

  private static boolean isNote(AuditEvent event) {
    return event.entry().what().startsWith(NOTE);
  }

  /**
   * When items were last recorded as finished, by their id; items that were finished from the start
   * are not included.
   */
  public Map<Long, Instant> finishedAt() {
    Map<Long, Instant> times = new HashMap<>();
    audit
        .findLatestTimes(SUBJECT, FINISHED)
        .forEach((item, at) -> times.put(Long.valueOf(item), at));
    return times;
  }

  private static AuditSubject subject(ActionItem item) {
    return new AuditSubject(SUBJECT, String.valueOf(item.id()));
  }
}
