package dev.lockstep.postmortem.actionitem;

import java.util.Locale;

/** How far an action item is. */
public enum ActionItemStatus {
  /** Nobody who is known to the system of changes is named for it. */
  NEEDS_OWNER,
  /** No date is committed for it. */
  NEEDS_DUE_DATE,
  /** Its source says something of its progress that is not understood. */
  NEEDS_STATUS,
  /** All is there; its change request is about to be created. */
  READY,
  /** Its change request is under way. */
  IN_CHANGE,
  /** Its change request was closed and was not unsuccessful. */
  DEPLOYED,
  /** Its change request was closed unsuccessful, or cancelled: it is open again. */
  REOPENED,
  /** It was done without a change request, says the postmortem. */
  DONE,
  /** The postmortem says so, or does not list it any more. */
  CANCELLED;

  /** As people read it, for example {@code needs due date}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** As files and records spell it, for example {@code needs-due-date}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean isFinished() {
    return this == DEPLOYED || this == DONE || this == CANCELLED;
  }
}
