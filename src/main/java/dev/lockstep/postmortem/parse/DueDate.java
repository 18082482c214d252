package dev.lockstep.postmortem.parse;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A parsed due date, or why it could not be parsed.
 *
 * @param rest text next to the date that is not part of it
 */
record DueDate(@Nullable LocalDate date, @Nullable String problem, String rest) {
  static final DueDate NONE = new DueDate(null, null, "");

  static DueDate of(LocalDate date) {
    return new DueDate(date, null, "");
  }
}
