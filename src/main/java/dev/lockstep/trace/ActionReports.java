package dev.lockstep.trace;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which action items need somebody, and where incidents came again meanwhile. */
public interface ActionReports {

  /**
   * Which items are looked at: those of a service, of an owner (letter case does not matter), those
   * that are overdue. Empty: all.
   */
  record Filter(String service, String owner, boolean overdue) {}

  /** What is wrong with an item. */
  enum Finding {
    /** It was due before today (UTC) and is not over. */
    OVERDUE,
    /** Nobody the system of changes knows is named for it. */
    NO_OWNER,
    NO_DUE_DATE,
    /** It has no change request; the moment in which one is being created included. */
    NO_CHANGE,
    /** Its change failed or was cancelled: it is open again. */
    REOPENED
  }

  /**
   * @param owner an e-mail address; if nobody is known by it, what its source wrote
   * @param daysLate 0 unless it is overdue
   * @param incident the key of its incident; empty if it is not known
   * @param change the key of its newest change request; empty if there is none
   * @param earlierChanges those of the change requests that failed before, oldest first
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

  /** Items of one service or one owner, counted; the name is empty where there is none. */
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
   * <p>Counted is each incident known to Lockstep, paired or compared only, of the same service by
   * name (letter case does not matter), that its system says was opened after the item was added
   * and before it was over. An item that was deployed and opened again was open all the time, as it
   * turned out. Not counted are the item's own incident, and whatever is a duplicate: an incident
   * counts once, by its primary and the time that was opened. Neither is an incident Lockstep has
   * forgotten, or was never told of.
   *
   * @param incidents their keys, oldest first; each once, however many items were open
   */
  record Recurrence(String service, List<String> incidents, List<RecurringItem> items) {}

  /**
   * @param incidents how many were opened while this one was open
   */
  record RecurringItem(String key, String title, String stage, int incidents) {}

  /**
   * @param items how many were looked at
   * @param total all of them, counted
   * @param lines those with something wrong, longest overdue first
   * @param services those with an item that is open, likewise the owners
   */
  record Report(
      Instant at,
      int items,
      Group total,
      List<Line> lines,
      List<Group> services,
      List<Group> owners,
      List<Recurrence> recurrence) {}

  /** Asks a fixed number of questions of the database, however many items there are. */
  Report report(Filter filter);
}
