package dev.lockstep.postmortem.parse;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A due date as it was read, or why it could not be.
 *
 * @param rest what stands beside the date and is not part of it
 */
record DueDate(@Nullable LocalDate date, @Nullable String problem, String rest) {
  static final DueDate NONE = new DueDate(null, null, "");
}
