package dev.lockstep.pause;

import java.util.Map;
import java.util.Set;

/** The work that waits for pauses to end. */
public interface PausedWork {

  /**
   * Schedules the work that waits for anything but these, highest priority first. Joins the
   * caller's transaction.
   *
   * @param paused scopes that are still paused
   * @return how many entries were scheduled
   */
  int release(Set<String> paused);

  /** By scope, how many entries wait for it. */
  Map<String, Long> count();
}
