package dev.lockstep.sandbox.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The people's edits, one after the other at a given rate. Every edit is made when the schedule
 * says, whatever became of the earlier ones, and its lag counts from then: a service that falls
 * behind can't slow down what measures it.
 */
final class EditSchedule {
  private final World world;
  private final Edits edits;
  private final FigureReport report;
  private int made;

  EditSchedule(World world, FigureReport report) {
    this.world = world;
    this.edits = new Edits(world);
    this.report = report;
  }

  /**
   * Makes {@code count} edits.
   *
   * @param rate edits a second
   * @param start when the first is due, by {@link System#nanoTime()}
   * @return how late edits were begun: a delay of the benchmark's own
   */
  Percentiles run(Arrivals arrivals, int rate, int count, long start) {
    edits.expectIn(arrivals);
    List<World.Linked> among = world.linked();
    List<Long> late = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(i) / rate;
      Waiting.untilMoment(due);
      late.add(System.nanoTime() - due);
      edits.make(made, among.get(made % among.size()), due);
      made++;
      if (i % rate == 0) {
        report.progress(
            "%d of %d edits at %d/s, %d on their way"
                .formatted(i, count, rate, arrivals.missing()));
      }
    }
    return Percentiles.ofNanos(late);
  }
}
