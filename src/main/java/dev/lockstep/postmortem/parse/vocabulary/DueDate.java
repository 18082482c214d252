package dev.lockstep.postmortem.parse.vocabulary;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A parsed due date, or why it could not be parsed.
 *
 * @param rest text next to the date that is not part of it
 */
public record DueDate(@Nullable LocalDate date, @Nullable String problem, String rest) {
  public static final DueDate NONE = new DueDate(null, null, "");

  public static DueDate of(LocalDate date) {
    return new DueDate(date, null, "");
  }
}
