package dev.lockstep.similarity;

import dev.lockstep.similarity.text.CleanText;
import dev.lockstep.similarity.text.Quotations;
import org.jspecify.annotations.Nullable;

/** Prepares tickets for comparison: removes markup and noise, and computes the embedding. */
public final class TicketPreparer {
  private static final int TITLE = 300;
  private static final int DESCRIPTION = 4_000;

  /**
   * The model was trained on short texts: longer ones give less precise embeddings at proportional
   * cost.
   */
  private static final int EMBEDDED = 300;

  private final Embedding embedding;

  public TicketPreparer(Embedding embedding) {
    this.embedding = embedding;
  }

  public PreparedTicket prepare(Ticket ticket) {
    PreparedTicket read = prepare(ticket, null);
    Ticket clean = read.ticket();
    String text =
        CleanText.truncate((clean.title() + ". " + clean.description()).strip(), EMBEDDED);
    return new PreparedTicket(
        clean, read.subject(), text.length() < 2 ? null : embedding.embed(text));
  }

  /**
   * Prepares a ticket whose embedding is already known.
   *
   * @param knownEmbedding the {@link PreparedTicket#embedding} of the same texts; null: none
   */
  public PreparedTicket prepare(Ticket ticket, float @Nullable [] knownEmbedding) {
    String title = CleanText.toPlainText(ticket.title());
    String description = CleanText.toPlainText(ticket.description());
    Ticket clean =
        new Ticket(
            ticket.id(),
            CleanText.toComparedText(title, TITLE),
            CleanText.toComparedText(description, DESCRIPTION),
            ticket.service().strip(),
            ticket.category().strip(),
            ticket.openedAt());
    PreparedTicket.Subject subject =
        new PreparedTicket.Subject(
            CleanText.toSubjectText(title, TITLE),
            CleanText.toSubjectText(description, DESCRIPTION),
            Quotations.isReply(title));
    return new PreparedTicket(clean, subject, knownEmbedding);
  }
}
