package dev.lockstep.sync;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Counts writes to other systems by outcome. */
@Component
class WriteMetrics {
  /** The kinds of writes. */
  enum Action {
    CREATE,
    UPDATE,
    NOTE
  }

  private final MeterRegistry metrics;

  WriteMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  <T> T count(Action action, Supplier<T> call) {
    try {
      T answer = call.get();
      increment(action, "done");
      return answer;
    } catch (RuntimeException e) {
      increment(action, e.getClass().getSimpleName());
      throw e;
    }
  }

  private void increment(Action action, String outcome) {
    metrics.counter("lockstep.actions", "action", action.name(), "outcome", outcome).increment();
  }
}
