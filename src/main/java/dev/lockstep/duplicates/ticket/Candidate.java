package dev.lockstep.duplicates.ticket;

import dev.lockstep.similarity.GroupSimilarity;
import dev.lockstep.similarity.Similarity;
import java.util.Optional;

/**
 * A ticket that another one may be a duplicate of, with what is known about the two.
 *
 * @param own the ticket that was compared
 * @param primary the primary of the similar tickets, or the only one
 * @param similarity to those of them that are similar enough to be proposed
 * @param toPrimary the similarity to the primary itself; empty if it cannot be compared
 * @param proposed whether the primary is itself proposed as a duplicate
 * @param unlinkedBefore whether the two were linked, and unlinked again
 */
public record Candidate(
    TicketView own,
    TicketView primary,
    GroupSimilarity similarity,
    Optional<Similarity> toPrimary,
    boolean proposed,
    boolean unlinkedBefore) {}
