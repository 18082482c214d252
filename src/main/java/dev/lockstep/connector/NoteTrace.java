package dev.lockstep.connector;

import java.time.Instant;

/**
 * Says that a note was written on a record, without its id.
 *
 * @param at when, in whole seconds
 * @param text as the listing shows it, maybe cut short
 */
public record NoteTrace(Instant at, String text) {}
