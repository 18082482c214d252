package dev.lockstep.trace.timeline;

import java.util.List;

/**
 * Adds the events of one kind to every timeline. Each component that implements it is asked; of
 * events of the same time, those of the source with the lower {@code @Order} come first.
 */
public interface TimelineSource {

  /** A fixed number of queries; in any order, each event dated as it is stored. */
  List<TimelineEvent> events(TimelineScope about);
}
