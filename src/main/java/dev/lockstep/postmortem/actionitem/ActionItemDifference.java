package dev.lockstep.postmortem.actionitem;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.record.RecordRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a change of an item is recorded as, and which records it concerns. */
record ActionItemDifference(ActionItem before, ActionItem after) {

  /**
   * @param by who made the change; empty for Lockstep itself
   */
  List<AuditEntry> auditEntries(String by) {
    List<AuditEntry> entries = new ArrayList<>();
    addValue("title", before.title(), after.title(), by, entries);
    addValue("owner", before.owner(), after.owner(), by, entries);
    addValue("due date", text(before.due()), text(after.due()), by, entries);
    for (int attempt = 0; attempt <= after.earlier().size(); attempt++) {
      addChangeRequest(attempt, entries);
    }
    for (ActionItem reached : reachedStatuses()) {
      entries.add(entry(reached.stage().slug(), reached.statusText(), by));
    }
    return entries;
  }

  private static void addValue(
      String what, String before, String after, String by, List<AuditEntry> entries) {
    if (!before.equals(after) && !before.isEmpty()) {
      String text = "%s: %s → %s".formatted(what, before, after.isEmpty() ? "none" : after);
      entries.add(entry("changed", text, by));
    }
  }

  private void addChangeRequest(int attempt, List<AuditEntry> entries) {
    ActionItem now = after.forAttempt(attempt);
    ActionItem previous = attempt <= before.earlier().size() ? before.forAttempt(attempt) : null;
    String status = now.change().statusText();
    if (now.hasChange()
        && (previous == null
            || !previous.hasChange()
            || !status.equals(previous.change().statusText()))
        && (previous == null || !now.change().equals(previous.change()))) {
      entries.add(entry("change", status, now.change().by()));
    }
  }

  private static AuditEntry entry(String what, String text, String by) {
    return new AuditEntry(what, text, Map.of(), by);
  }

  private static String text(@Nullable Object value) {
    return Objects.toString(value, "");
  }

  /**
   * The item in each status it reached. If its change request failed and has a successor, it was
   * open again before the status it has now.
   */
  List<ActionItem> reachedStatuses() {
    List<ActionItem> reached = new ArrayList<>();
    int attempts = before.earlier().size();
    if (after.earlier().size() > attempts && before.stage() != ActionItemStatus.REOPENED) {
      reached.add(after.forAttempt(attempts));
    }
    if (before.stage() != after.stage()) {
      reached.add(after);
    }
    return reached;
  }

  /**
   * The records that show what changed.
   *
   * @param reporter the record that reported the change and shows it already; null if none did
   */
  Set<RecordRef> affectedRecords(@Nullable RecordRef reporter) {
    Set<RecordRef> records = new LinkedHashSet<>();
    records.add(after.ref());
    if (after.sourceItem().ticket() != null || !after.followUp().isEmpty()) {
      records.add(after.followUpRef());
    }
    int attempts = after.earlier().size();
    if (attempts > 0 && !after.change().key().equals(before.change().key())) {
      // The failed change request names its successor.
      records.add(after.forAttempt(attempts - 1).ref());
    }
    records.remove(reporter);
    RecordRef incident = after.incident();
    boolean news = !after.statusText().equals(before.statusText());
    if (incident != null && (news || !incident.equals(before.incident()))) {
      records.add(incident);
    }
    return records;
  }
}
