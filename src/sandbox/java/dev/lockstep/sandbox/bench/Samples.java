package dev.lockstep.sandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Footprints over time, taken at a steady pace until closed. */
final class Samples implements AutoCloseable {
  private final List<Footprint> taken = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "bench-samples");
            thread.setDaemon(true);
            return thread;
          });

  Samples(Duration pace, Supplier<Footprint> source) {
    timer.scheduleAtFixedRate(() -> add(source.get()), 0, pace.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void add(Footprint footprint) {
    taken.add(footprint);
  }

  synchronized List<Footprint> taken() {
    return List.copyOf(taken);
  }

  /** The middle one of each tenth, so that growth can be seen at a glance. */
  static List<Footprint> tenths(List<Footprint> all) {
    List<Footprint> chosen = new ArrayList<>();
    for (int tenth = 0; tenth < 10 && !all.isEmpty(); tenth++) {
      chosen.add(all.get((int) ((tenth + 0.5) * all.size() / 10)));
    }
    return chosen;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
