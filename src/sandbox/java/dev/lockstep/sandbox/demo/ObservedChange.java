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
record ObservedChange(
    SystemSide place,
    String id,
    Instant at,
    boolean ours,
    boolean created,
    FieldState state,
    List<NoteLine> notes) {

  ObservedChange {
    notes = List.copyOf(notes);
  }
}
