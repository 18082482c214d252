package dev.lockstep.poll;

import java.time.Duration;
import java.util.List;

/**
 * What is polled.
 *
 * @param interval from the end of one poll to the beginning of the next
 */
public record PollTarget(String system, String kind, Duration interval) {

  /** All of it. */
  public record Plan(List<PollTarget> targets) {}

  String name() {
    return system + "/" + kind;
  }

  /** What one of its feeds is called in the watermarks, in health and in metrics. */
  String name(String feed) {
    return name() + "/" + feed;
  }
}
