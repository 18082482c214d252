package dev.lockstep.sandbox.demo;

import java.time.Instant;
import java.util.List;

/**
 * Something that happened to a record in a sandbox, with the record as it was then.
 *
 * @param id the record's own id
 * @param at by the sandboxes' common clock
 * @param ours done by the user Lockstep acts as
 * @param created the record came to be
 * @param notes what was written on it
 */
record Happening(
    Place place,
    String id,
    Instant at,
    boolean ours,
    boolean created,
    State state,
    List<Line> notes) {

  Happening {
    notes = List.copyOf(notes);
  }
}
