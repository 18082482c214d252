package dev.lockstep.inbox;

import java.time.Duration;
import java.util.List;

/** Recurring jobs; each runs in one process at a time. */
public record RecurringWork(List<Job> jobs) {

  /**
   * @param interval from the end of one run to the start of the next
   */
  public record Job(String name, Duration interval, Runnable work) {}
}
