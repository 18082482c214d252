package dev.lockstep.similarity;

import org.jspecify.annotations.Nullable;

/**
 * A ticket prepared for comparison. Preparation takes milliseconds, so it is done once per text.
 *
 * @param ticket with cleaned texts: no markup, truncated to what is compared
 * @param subject the texts including the identifiers removed from {@code ticket}; they distinguish
 *     tickets made from one template
 * @param embedding the sentence embedding, of length one; null if embeddings are switched off
 */
public record PreparedTicket(Ticket ticket, Subject subject, float @Nullable [] embedding) {

  /**
   * @param reply whether the title is that of a reply or forwarded message
   */
  public record Subject(String title, String description, boolean reply) {}
}
