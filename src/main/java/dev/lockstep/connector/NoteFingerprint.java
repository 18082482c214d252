package dev.lockstep.connector;

import java.time.Instant;

/**
 * Says that a note was written on a record, without the note's id.
 *
 * @param entry the log's own id of what it says, by which an entry shown on two pages is one; empty
 *     where entries have none
 * @param at when, in whole seconds
 * @param text as the listing shows it, maybe cut short
 */
public record NoteFingerprint(String entry, Instant at, String text) {}
