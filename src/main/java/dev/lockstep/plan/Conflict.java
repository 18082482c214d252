package dev.lockstep.plan;

import dev.lockstep.record.Side;

/**
 * Both sides changed the field since they last agreed.
 *
 * @param winner the side whose value is kept
 * @param kept the value that is kept, as the winner shows it
 * @param lost the value that is replaced, as the loser shows it
 */
public record Conflict(String field, Side winner, String kept, String lost) {}
