package dev.lockstep.poll;

import java.time.Duration;
import java.util.List;

/**
 * One system and kind to poll.
 *
 * @param interval from the end of one poll to the beginning of the next
 */
public record PollTarget(String system, String kind, Duration interval) {

  /** All poll targets. */
  public record Plan(List<PollTarget> targets) {}

  String name() {
    return system + "/" + kind;
  }

  /** Name of one of its feeds in watermarks, health details and metrics. */
  String name(String feed) {
    return name() + "/" + feed;
  }
}
