package dev.lockstep.record;

import java.time.Instant;

/**
 * One entry of a record's journal.
 *
 * @param id the system's own id of the entry
 * @param author as the system shows it; may be empty
 * @param text never null; as the system stores it
 */
public record WorkNote(
    String id, String author, Instant createdAt, String text, Visibility visibility) {}
