package dev.lockstep.intake;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;

/** The counter {@code lockstep.webhooks{system,outcome}}. */
final class WebhookMetrics {
  private final MeterRegistry meters;

  /** All counters exist from the start, at zero: an alert on a rate misses a counter's birth. */
  WebhookMetrics(MeterRegistry meters, Collection<String> systems) {
    this.meters = meters;
    for (String system : systems) {
      for (WebhookOutcome outcome : WebhookOutcome.values()) {
        meters.counter("lockstep.webhooks", "system", system, "outcome", outcome.label());
      }
    }
  }

  /**
   * @param system a known system, or {@code unknown}: callers must not pass on what a stranger
   *     chose, each value is a time series
   */
  void count(String system, WebhookOutcome outcome) {
    meters.counter("lockstep.webhooks", "system", system, "outcome", outcome.label()).increment();
  }
}
