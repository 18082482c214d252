package dev.lockstep.postmortem.reading;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A due date as it was read, or why it could not be.
 *
 * @param rest what stands beside the date and is not part of it
 */
record Due(@Nullable LocalDate date, @Nullable String problem, String rest) {
  static final Due NONE = new Due(null, null, "");
}
