package dev.lockstep.similarity;

import java.time.Instant;

/**
 * The compared fields of a ticket, unprocessed.
 *
 * @param id unique among all tickets
 * @param service its service or configuration item; may be empty
 * @param category may be empty
 * @param openedAt when its caller or alert reported it
 */
public record Ticket(
    String id,
    String title,
    String description,
    String service,
    String category,
    Instant openedAt) {}
