package dev.lockstep.sandbox.bench;

import java.time.Duration;

/** Opens tickets until there are as many pairs as a measurement needs. */
final class Pairing {
  /** More at once would only queue up. */
  private static final int MOST_UNDER_WAY = 2000;

  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

  private Pairing() {}

  /**
   * @param perSecond how fast tickets are opened at most
   */
  static void make(World world, int pairs, int perSecond, FigureReport report) {
    long start = System.nanoTime();
    for (int i = 0; i < pairs; i++) {
      Waiting.untilMoment(start + i * 1_000_000_000L / perSecond);
      Waiting.until(LONGEST_SILENCE, () -> world.waitingForTheirPair() < MOST_UNDER_WAY);
      world.open();
      if (i % perSecond == 0) {
        report.progress("%d of %d pairs made".formatted(world.linked().size(), pairs));
      }
    }
    Waiting.until(
        Duration.ofSeconds(120 + pairs / 5),
        () -> {
          report.progress("%d of %d pairs made".formatted(world.linked().size(), pairs));
          return world.waitingForTheirPair() == 0;
        });
    if (world.waitingForTheirPair() > 0) {
      throw new IllegalStateException(
          world.waitingForTheirPair() + " of " + pairs + " pairs were never made");
    }
    world.awaitRest(LONGEST_SILENCE);
  }
}
