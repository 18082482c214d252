package dev.lockstep.poll;

import org.jspecify.annotations.Nullable;

/** Why a feed, or some of its records, could not be read: one line of limited length. */
record PollProblem(String text) {
  private static final int LONGEST = 500;

  /** Responses may contain ids that differ each time. */
  private static final int COMPARED = 60;

  PollProblem {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    text = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  /** Whether a stored problem is most likely the same. */
  boolean isSimilar(@Nullable String known) {
    return known != null
        && text.regionMatches(
            0, known, 0, Math.min(COMPARED, Math.min(text.length(), known.length())));
  }
}
