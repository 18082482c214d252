package dev.lockstep.postmortem.actionitem;

import java.util.Locale;

/** The status of an action item. */
public enum ActionItemStatus {
  /** No owner is named who is known to the change system. */
  NEEDS_OWNER,
  /** No due date is committed. */
  NEEDS_DUE_DATE,
  /** Its source reports a status that is not understood. */
  NEEDS_STATUS,
  /** Complete; its change request is about to be created. */
  READY,
  /** Its change request is in progress. */
  IN_CHANGE,
  /** Its change request was closed, and not as unsuccessful. */
  DEPLOYED,
  /** Its change request was closed unsuccessful, or cancelled: it is open again. */
  REOPENED,
  /** Done without a change request, according to its source. */
  DONE,
  /** Cancelled by its source, or no longer listed in the postmortem. */
  CANCELLED;

  /** Display text, for example {@code needs due date}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Identifier in files and records, for example {@code needs-due-date}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean isFinished() {
    return this == DEPLOYED || this == DONE || this == CANCELLED;
  }
}
