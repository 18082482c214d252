package dev.lockstep.similarity;

import org.jspecify.annotations.Nullable;

/** Reads tickets: takes markup and noise out of their texts and finds out what they mean. */
public final class TicketPreparer {
  private static final int TITLE = 300;
  private static final int DESCRIPTION = 4_000;

  /**
   * The model was trained on short texts: more makes meanings vaguer, and costs as many times more.
   */
  private static final int MEANT = 300;

  private final Embedding embedding;

  public TicketPreparer(Embedding embedding) {
    this.embedding = embedding;
  }

  public PreparedTicket read(Ticket ticket) {
    PreparedTicket read = read(ticket, null);
    Ticket clean = read.ticket();
    String text = CleanText.cut((clean.title() + ". " + clean.description()).strip(), MEANT);
    return new PreparedTicket(clean, read.subject(), text.length() < 2 ? null : embedding.of(text));
  }

  /**
   * Reads a ticket whose meaning is known from before, without computing it again.
   *
   * @param knownMeaning what {@link PreparedTicket#meaning} was for the same texts; null: none
   */
  public PreparedTicket read(Ticket ticket, float @Nullable [] knownMeaning) {
    String title = CleanText.plain(ticket.title());
    String description = CleanText.plain(ticket.description());
    Ticket clean =
        new Ticket(
            ticket.id(),
            CleanText.compared(title, TITLE),
            CleanText.compared(description, DESCRIPTION),
            ticket.service().strip(),
            ticket.category().strip(),
            ticket.openedAt());
    PreparedTicket.Subject subject =
        new PreparedTicket.Subject(
            CleanText.subject(title, TITLE),
            CleanText.subject(description, DESCRIPTION),
            Quotations.isAnswer(title));
    return new PreparedTicket(clean, subject, knownMeaning);
  }
}
