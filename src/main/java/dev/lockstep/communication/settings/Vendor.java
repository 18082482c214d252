package dev.lockstep.communication.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A vendor who has to report on its ticket in time: an entry of the section {@code vendors}.
 *
 * @param name in the settings, for example {@code acme}
 * @param system that holds its tickets
 * @param every by level of the incident, the longest time between two public comments of the vendor
 * @param done by field of the mappings, the values of its ticket at which nothing is expected
 * @param escalate the steps, the earliest first
 */
public record Vendor(
    String name,
    String title,
    String system,
    Map<String, Duration> every,
    Map<String, Set<String>> done,
    List<Step> escalate) {

  public Vendor {
    every = Map.copyOf(every);
    done = Map.copyOf(done);
    escalate = List.copyOf(escalate);
  }

  /**
   * A step that is taken once for each comment that is overdue.
   *
   * @param after how long after it was due
   * @param to at the vendor: they get nothing but what is known of its own ticket
   * @param inform who learns of it here
   */
  public record Step(Duration after, List<Target> to, List<Target> inform) {
    public Step {
      to = List.copyOf(to);
      inform = List.copyOf(inform);
    }
  }

  /** Empty if nothing is expected for incidents of that level. */
  public Optional<Duration> interval(String level) {
    return Optional.ofNullable(every.get(level));
  }
}
