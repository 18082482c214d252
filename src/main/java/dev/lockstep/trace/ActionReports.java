package dev.lockstep.trace;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which action items need attention, and where incidents recurred in the meantime. */
public interface ActionReports {

  /**
   * Selects items by service, by owner (both case-insensitive), or only overdue ones. Empty: all.
   */
  record Filter(String service, String owner, boolean overdue) {}

  /** What is wrong with an item. */
  enum Finding {
    /** Due before today (UTC) and not finished. */
    OVERDUE,
    /** No owner is named who is known to the change system. */
    NO_OWNER,
    NO_DUE_DATE,
    /** It has no change request, or its change request is just being created. */
    NO_CHANGE,
    /** Its change failed or was cancelled: it is open again. */
    REOPENED
  }

  /**
   * @param owner an e-mail address; if it could not be resolved, the name given by the source
   * @param daysLate 0 unless it is overdue
   * @param incident the key of its incident; empty if unknown
   * @param change the key of its newest change request; empty if there is none
   * @param earlierChanges keys of the change requests that failed before, oldest first
   */
  record Line(
      String key,
      String title,
      String service,
      String owner,
      @Nullable LocalDate due,
      long daysLate,
      String stage,
      String standing,
      List<Finding> wrong,
      String incident,
      String change,
      List<String> earlierChanges) {}

  /** Counts for one service or one owner; the name is empty for items without one. */
  record Group(
      String name,
      int items,
      int open,
      int overdue,
      int noOwner,
      int noDueDate,
      int noChange,
      int reopened) {}

  /**
   * Incidents of a service that were opened while an action item of that service was not done.
   *
   * <p>Counts each incident known to Lockstep, paired or only compared, of the same service by name
   * (case-insensitive), that its system says was opened after the item was added and before it was
   * finished. An item that was deployed and reopened counts as open all the time. Not counted are
   * the item's own incident and duplicates: an incident counts once, by its primary and the time
   * the primary was opened. Incidents that Lockstep never received or has deleted are not counted
   * either.
   *
   * @param incidents their keys, oldest first; each once, however many items were open
   */
  record Recurrence(String service, List<String> incidents, List<RecurringItem> items) {}

  /**
   * @param incidents how many were opened while this one was open
   */
  record RecurringItem(String key, String title, String stage, int incidents) {}

  /**
   * @param items how many were selected
   * @param total counts over all of them
   * @param lines items with findings, longest overdue first
   * @param services those with an open item; owners likewise
   */
  record Report(
      Instant at,
      int items,
      Group total,
      List<Line> lines,
      List<Group> services,
      List<Group> owners,
      List<Recurrence> recurrence) {}

  /** Runs a fixed number of database queries, regardless of the number of items. */
  Report report(Filter filter);
}
