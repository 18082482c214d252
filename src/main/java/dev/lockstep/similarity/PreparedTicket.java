package dev.lockstep.similarity;

import org.jspecify.annotations.Nullable;

/**
 * A ticket made ready to be compared. Making one costs milliseconds, so it is done once for each
 * text.
 *
 * @param ticket its texts cleaned: no markup, no more than is compared
 * @param subject the texts with the identifiers that {@code ticket} is without; they say what it is
 *     about, where a template says the rest
 * @param meaning its sentence embedding, of length one; null when embeddings are switched off
 */
public record PreparedTicket(Ticket ticket, Subject subject, float @Nullable [] embedding) {

  /**
   * @param answer whether the title is that of a message it answers or forwards
   */
  public record Subject(String title, String description, boolean reply) {}
}
