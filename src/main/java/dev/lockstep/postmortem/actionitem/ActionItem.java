package dev.lockstep.postmortem.actionitem;

import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One action item: what its source reported, how it was planned, and its status.
 *
 * @param revision incremented with each change
 * @param postmortem the id of its postmortem; null if it comes from elsewhere
 * @param source {@code postmortem}, or the system that reported it
 * @param sourceId its id there, which never changes
 * @param incident the record its incident is identified by; null while unknown
 * @param owner an e-mail address known to the change system; empty while there is none
 * @param service name of what is affected; empty if unknown
 * @param earlier its change requests that failed and have a successor, oldest first
 * @param counterpart the record of its newest change request; empty while there is none
 * @param followUp the record of the issue it is followed up in; empty if there is none
 * @param problems why it does not progress, one sentence each
 * @param notified what was last reported to its incident
 * @param reportedAt when its source last reported it, by that source's clock
 */
public record ActionItem(
    long id,
    long revision,
    @Nullable Long postmortem,
    String source,
    String sourceId,
    @Nullable RecordRef incident,
    SourceItem sourceItem,
    String title,
    String description,
    String owner,
    @Nullable LocalDate due,
    String service,
    String group,
    String type,
    List<EarlierChange> earlier,
    String counterpart,
    String followUp,
    ChangeRequestState change,
    ActionItemStatus stage,
    List<String> problems,
    String notified,
    Instant reportedAt,
    Instant createdAt,
    Instant changedAt) {

  public static final String SYSTEM = "lockstep";
  public static final String KIND = "action-item";

  public ActionItem {
    earlier = List.copyOf(earlier);
    problems = List.copyOf(problems);
  }

  /** Its display key. */
  public String key() {
    return "AI-" + id;
  }

  /** The record that is kept in sync with its newest change request. */
  public RecordRef ref() {
    return new LocalRecordId(id, earlier.size()).ref();
  }

  /**
   * The item as one of its change requests knows it: an earlier one keeps the values it last had
   * and does not follow later changes of the item.
   *
   * @param attempt index of the change request, from 0
   */
  public ActionItem forAttempt(int attempt) {
    return attempt == earlier.size() ? this : earlier.get(attempt).applyTo(this, attempt);
  }

  /** Applies changes to the item as one of its change requests knows it. */
  ActionItem withAttempt(int attempt, ActionItem changed) {
    if (attempt == earlier.size()) {
      return changed;
    }
    List<EarlierChange> attempts = new ArrayList<>(earlier);
    attempts.set(attempt, earlier.get(attempt).withChangesOf(changed));
    return edit().earlier(attempts).done();
  }

  /** The record that is kept in sync with the issue it is followed up in: its first one. */
  public RecordRef followUpRef() {
    return new LocalRecordId(id, 0).ref();
  }

  public boolean hasChange() {
    return !counterpart.isEmpty();
  }

  /**
   * The change request that determines the status: the newest that has not failed, else the newest.
   */
  ChangeRequestState effectiveChange() {
    if (hasChange() && !change.failed()) {
      return change;
    }
    for (int i = earlier.size() - 1; i >= 0; i--) {
      if (!earlier.get(i).change().failed()) {
        return earlier.get(i).change();
      }
    }
    return change;
  }

  /** Whether all its earlier change requests failed. */
  boolean hasOnlyFailedBefore() {
    return earlier.stream().allMatch(attempt -> attempt.change().failed());
  }

  /** Whether it has not been planned yet; afterwards, what is missing is stated in its problems. */
  public boolean isUnplanned() {
    return (stage == ActionItemStatus.NEEDS_OWNER
            || stage == ActionItemStatus.NEEDS_DUE_DATE
            || stage == ActionItemStatus.NEEDS_STATUS)
        && problems.isEmpty();
  }

  /** One line for display: what is missing, or the status of its change. */
  public String statusText() {
    return switch (stage) {
      case NEEDS_OWNER, NEEDS_DUE_DATE, NEEDS_STATUS ->
          stage.label() + (problems.isEmpty() ? "" : ": " + String.join("; ", problems));
      case READY ->
          earlier.isEmpty()
              ? "its change request is being created"
              : predecessor() + "; another change request is being created";
      case IN_CHANGE ->
          earlier.isEmpty() || !effectiveChange().equals(change)
              ? effectiveChange().statusText()
              : predecessor() + "; its successor " + change.statusText();
      case DEPLOYED -> "deployed: " + effectiveChange().statusText();
      case REOPENED ->
          "open again%s: %s"
              .formatted(
                  earlier.isEmpty()
                      ? ""
                      : " after %d change requests".formatted(earlier.size() + 1),
                  change.statusText());
      case DONE -> "done according to its source";
      case CANCELLED ->
          sourceItem.status() == Status.CANCELLED
              ? "cancelled by its source"
              : "cancelled: no longer in its postmortem";
    };
  }

  private String predecessor() {
    return earlier.get(earlier.size() - 1).change().statusText();
  }

  public ActionItemBuilder edit() {
    return new ActionItemBuilder(this);
  }

  /**
   * The item after its source reported it again: what the source changed is applied, edits made
   * elsewhere are kept.
   *
   * @param reportedFor its incident according to the source; null while unknown
   */
  public ActionItem withReport(SourceItem report, @Nullable RecordRef reportedFor) {
    ActionItemBuilder edit = edit().sourceItem(report);
    if (reportedFor != null && !reportedFor.equals(incident)) {
      // The new incident has not been notified of what the previous one was.
      edit.incident(reportedFor).notified("");
    }
    if (!report.title().equals(sourceItem.title())) {
      edit.title(report.title());
    }
    if (!report.description().equals(sourceItem.description())) {
      edit.description(report.description());
    }
    if (!Objects.equals(report.owner(), sourceItem.owner())) {
      edit.owner("").problems(List.of());
    }
    if (!Objects.equals(report.due(), sourceItem.due())) {
      edit.due(report.due());
    }
    if (stage == ActionItemStatus.CANCELLED) {
      edit.stage(ActionItemStatus.NEEDS_OWNER);
    }
    return edit.done();
  }
}
