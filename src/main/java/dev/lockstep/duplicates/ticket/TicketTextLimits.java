package dev.lockstep.duplicates.ticket;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.ops.database.PostgresText;

/**
 * Bounds the stored texts: 100 kB of log are no more informative than their beginning. NUL is
 * removed, since PostgreSQL's text type cannot hold it.
 */
public final class TicketTextLimits {
  /** Similar to nothing: the texts of a ticket that is out of scope. */
  public static final DuplicateRules.Compared NOTHING = new DuplicateRules.Compared("", "", "", "");

  private static final int TITLE = 500;
  private static final int DESCRIPTION = 8000;
  private static final int NAME = 255;

  private TicketTextLimits() {}

  public static DuplicateRules.Compared bounded(DuplicateRules.Compared whole) {
    return new DuplicateRules.Compared(
        cut(whole.title(), TITLE),
        cut(whole.description(), DESCRIPTION),
        cut(whole.service(), NAME),
        cut(whole.category(), NAME));
  }

  private static String cut(String text, int most) {
    String storable = PostgresText.removeNul(text);
    if (storable.length() <= most) {
      return storable;
    }
    int end = Character.isHighSurrogate(storable.charAt(most - 1)) ? most - 1 : most;
    return storable.substring(0, end);
  }
}
