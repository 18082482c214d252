package dev.lockstep.inbox;

import java.time.Duration;
import java.util.List;

/** Work the scheduler does again and again, in one process at a time. */
public record RecurringWork(List<Job> jobs) {

  /**
   * @param interval from the end of one run to the beginning of the next
   */
  public record Job(String name, Duration interval, Runnable work) {}
}
