package dev.lockstep.trace.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long incidents took, in groups. {@code docs/metrics.md} defines every figure. */
public interface IncidentReports {
  /** More groups are left out, those with the fewest incidents. */
  int MOST_GROUPS = 1000;

  /** By what incidents are grouped. */
  enum GroupBy {
    SERVICE,
    LEVEL,
    TEAM,
    /** In which they were opened, as {@code 2026-11} (UTC). */
    MONTH
  }

  /**
   * How long it took from the opening, in seconds.
   *
   * @param count the incidents that the figures are based on
   * @param unknown those that reached it, but not known when, or not known when they were opened
   * @param pending those that have not reached it
   * @param mean null if {@code count} is 0, as the others
   */
  record Times(
      long count,
      long unknown,
      long pending,
      @Nullable Double mean,
      @Nullable Double median,
      @Nullable Double p90) {}

  /**
   * Updates for stakeholders.
   *
   * @param sent all that were sent
   * @param due those of them that were due
   * @param late those of them that were sent after they were due
   * @param overdue those that are due and not sent yet
   */
  record Updates(long sent, long due, long late, long overdue) {}

  /**
   * @param name empty for those without one
   * @param open not resolved
   * @param reopened how many were reopened at least once
   * @param update to the first note that people can have written
   */
  record Group(
      String name,
      long incidents,
      long open,
      long reopened,
      Times acknowledge,
      Times update,
      Times mitigate,
      Times resolve,
      Updates updates) {
    Group named(String other) {
      return new Group(
          other, incidents, open, reopened, acknowledge, update, mitigate, resolve, updates);
    }
  }

  /**
   * @param total over all groups
   * @param groups months oldest first, others with the most incidents first
   * @param omitted how many groups are left out
   */
  record Report(Period period, GroupBy by, Group total, List<Group> groups, int omitted) {}

  /** One query, regardless of the number of incidents. */
  Report report(Period opened, GroupBy by);
}
