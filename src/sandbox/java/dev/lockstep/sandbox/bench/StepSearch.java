package dev.lockstep.sandbox.bench;

import java.util.OptionalInt;

/**
 * Searches the highest rate that holds: from a first rate up by a factor until one does not, then
 * half-way between, until both are close. Ends by itself.
 */
final class StepSearch {
  /** A rate that holds and one that does not are close when they differ by no more. */
  private static final double CLOSE = 0.05;

  private static final double FACTOR = 1.5;

  private final int first;
  private final int most;
  private int highestHeld;
  private int lowestFailed;

  /**
   * @param first the first rate to try, at least 1
   * @param most the highest one, at least {@code first}
   */
  StepSearch(int first, int most) {
    this.first = first;
    this.most = most;
    this.lowestFailed = most + 1;
  }

  /** The rate to try next; none when the search is over. */
  OptionalInt next() {
    if (highestHeld == 0 && lowestFailed > most) {
      return OptionalInt.of(first);
    }
    if (lowestFailed > most) {
      int higher = Math.max(highestHeld + 1, (int) Math.round(highestHeld * FACTOR));
      return highestHeld >= most ? OptionalInt.empty() : OptionalInt.of(Math.min(most, higher));
    }
    int between = lowestFailed - highestHeld;
    return between <= Math.max(1, CLOSE * lowestFailed)
        ? OptionalInt.empty()
        : OptionalInt.of(highestHeld + between / 2);
  }

  /** Says what became of the rate that {@link #next()} named. */
  void tried(int rate, boolean held) {
    if (held) {
      highestHeld = Math.max(highestHeld, rate);
    } else {
      lowestFailed = Math.min(lowestFailed, rate);
    }
  }

  /** 0 when none has held. */
  int highestHeld() {
    return highestHeld;
  }

  /** Whether any rate was too high. */
  boolean anyFailed() {
    return lowestFailed <= most;
  }
}
