package dev.lockstep.connector;

import java.time.Instant;

/**
 * Evidence in a log feed that a note was written, without the note's id.
 *
 * @param entry id of the log entry, to recognise an entry shown on two pages; empty where entries
 *     have none
 * @param at when, to the second
 * @param text as the feed shows it, possibly truncated
 */
public record NoteFingerprint(String entry, Instant at, String text) {}
