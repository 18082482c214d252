package dev.lockstep.plan;

import dev.lockstep.record.Side;

/**
 * Both sides changed the field since they last agreed.
 *
 * @param winner the side whose value stays
 * @param kept the value that stays, in the winner's words
 * @param lost the value that gives way, in the loser's words
 */
public record Conflict(String field, Side winner, String kept, String lost) {}
