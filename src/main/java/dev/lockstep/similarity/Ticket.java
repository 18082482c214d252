package dev.lockstep.similarity;

import java.time.Instant;

/**
 * What is compared of a ticket, as its system has it: markup and all.
 *
 * @param id unlike any other ticket's
 * @param service the service or configuration item it is about; may be empty
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
