package dev.lockstep.likeness;

import org.jspecify.annotations.Nullable;

/** Reads tickets: takes markup and noise out of their texts and finds out what they mean. */
public final class Reader {
  private static final int TITLE = 300;
  private static final int DESCRIPTION = 4_000;

  /**
   * The model was trained on short texts: more makes meanings vaguer, and costs as many times more.
   */
  private static final int MEANT = 300;

  private final Embedding embedding;

  public Reader(Embedding embedding) {
    this.embedding = embedding;
  }

  public Reading read(Ticket ticket) {
    Ticket clean = clean(ticket);
    String text = CleanText.cut((clean.title() + ". " + clean.description()).strip(), MEANT);
    return new Reading(clean, text.length() < 2 ? null : embedding.of(text));
  }

  /**
   * Reads a ticket whose meaning is known from before, without computing it again.
   *
   * @param knownMeaning what {@link Reading#meaning} was for the same texts; null: none
   */
  public Reading read(Ticket ticket, float @Nullable [] knownMeaning) {
    return new Reading(clean(ticket), knownMeaning);
  }

  private static Ticket clean(Ticket ticket) {
    return new Ticket(
        ticket.id(),
        CleanText.of(ticket.title(), TITLE),
        CleanText.of(ticket.description(), DESCRIPTION),
        ticket.service().strip(),
        ticket.category().strip(),
        ticket.openedAt());
  }
}
