package dev.lockstep.trace.timeline;

import dev.lockstep.pair.Correlation;
import dev.lockstep.record.RecordRef;
import java.util.Optional;

/** The one place where timelines are made: for the console, the API and notes. */
public interface Timelines {

  /**
   * @param id anything that leads to an incident, as for a trace; a duplicate has its own timeline
   */
  Optional<Timeline> find(String id);

  /** The same for one of its records. */
  Optional<Timeline> find(RecordRef record);

  /** Of records that are kept in sync, whether they are an incident or not. */
  Timeline of(Correlation correlation);
}
