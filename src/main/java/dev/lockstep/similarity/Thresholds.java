package dev.lockstep.similarity;

/**
 * The minimum scores.
 *
 * @param automatic to link without an operator
 * @param propose to propose to an operator
 */
public record Thresholds(double automatic, double propose) {
  public Thresholds {
    if (!(0 < propose && propose <= automatic && automatic <= 1)) {
      throw new IllegalArgumentException(
          "thresholds must be 0 < propose <= automatic <= 1, not " + propose + " and " + automatic);
    }
  }

  /** See {@code docs/duplicates.md} for how they were chosen. */
  public static Thresholds defaults() {
    return new Thresholds(0.925, 0.50);
  }
}
