package dev.lockstep.trace.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of incidents after they were resolved, and where they recur. */
public interface FollowUpReports {
  /** Upper bound of each {@code limit}. */
  int MAX_LIMIT = 10_000;

  /**
   * A resolved incident that has led to no change request.
   *
   * @param closedAt when it was resolved; if that is not known, when it was last changed
   * @param postmortem the name of its postmortem; empty if there is none
   * @param items its action items and those of its duplicates
   */
  record ClosedIncident(
      String record,
      String key,
      String title,
      String level,
      String service,
      Instant closedAt,
      String postmortem,
      int items,
      int openItems) {}

  /**
   * Resolved in that period, newest first; without duplicates, which are closed with their primary.
   *
   * @param level for example {@code P1}; empty for all
   * @param after the last one of the previous page; null for the first page
   */
  List<ClosedIncident> closedWithoutChange(
      Period closed, String level, @Nullable ClosedIncident after, int limit);

  /**
   * A service with many incidents in a short time.
   *
   * @param incidents in the period
   * @param most the most incidents within the given time
   * @param from when the first of those was opened
   * @param last when the last incident of the period was opened
   */
  record RecurringService(String service, long incidents, long most, Instant from, Instant last) {}

  /**
   * Services with at least so many incidents within some time, worst first.
   *
   * @param least at least 2
   */
  List<RecurringService> recurringServices(Period opened, int least, Duration within, int limit);

  /** A primary with the number of its duplicates. */
  record Outage(String key, String title, String service, Instant openedAt, long duplicates) {}

  /**
   * @param outages how many tickets opened in the period have duplicates
   * @param mean duplicates per outage; null if there is none
   * @param largest with the most duplicates first
   */
  record Outages(long outages, long duplicates, @Nullable Double mean, List<Outage> largest) {}

  Outages outages(Period opened, int limit);
}
