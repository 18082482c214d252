package dev.lockstep.likeness;

import org.jspecify.annotations.Nullable;

/**
 * A ticket made ready to be compared. Making one costs milliseconds, so it is done once for each
 * text.
 *
 * @param ticket its texts cleaned: no markup, no more than is compared
 * @param meaning its sentence embedding, of length one; null when embeddings are switched off
 */
public record Reading(Ticket ticket, float @Nullable [] meaning) {}
