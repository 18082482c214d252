package dev.lockstep.similarity;

/**
 * From which score on something is done.
 *
 * @param automatic tickets are joined without asking
 * @param propose a person is asked
 */
public record Thresholds(double automatic, double propose) {
  public Thresholds {
    if (!(0 < propose && propose <= automatic && automatic <= 1)) {
      throw new IllegalArgumentException(
          "thresholds must be 0 < propose <= automatic <= 1, not " + propose + " and " + automatic);
    }
  }

  /** {@code docs/duplicates.md} says how they were chosen. */
  public static Thresholds defaults() {
    return new Thresholds(0.925, 0.50);
  }
}
