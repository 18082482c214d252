package dev.lockstep.trace.timeline;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.sync.WriteAudit;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Events as they may be shown to everyone: without details, and without texts in which a value of a
 * record, an answer of a system or a title may be.
 */
final class PublicForm {
  /** Public notes as they are, and what consists of keys and fixed words. */
  private static final Set<String> WITH_TEXT =
      Set.of(
          "note",
          "guarded",
          "started",
          "created",
          "found",
          "linked",
          "adopted",
          "approved",
          "rejected",
          "resumed",
          "ended",
          "released",
          "requested");

  private PublicForm() {}

  /** Of a changed field only the name. */
  static TimelineEvent of(TimelineEvent event) {
    return event.withText(text(event)).withDetails(Map.of());
  }

  private static String text(TimelineEvent event) {
    if (event.what().equals(WriteAudit.WHAT)) {
      WriteAudit write =
          WriteAudit.parse(new AuditEntry(event.what(), event.text(), event.details()));
      return "Changed: " + String.join(", ", new TreeMap<>(write.written()).keySet());
    }
    return WITH_TEXT.contains(event.what()) ? event.text() : "";
  }
}
