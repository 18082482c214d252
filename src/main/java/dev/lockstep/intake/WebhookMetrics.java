package dev.lockstep.intake;

import dev.lockstep.intake.definition.WebhookDefinitions;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** The counter {@code lockstep.webhooks{system,outcome}}. */
@Component
final class WebhookMetrics {
  private final MeterRegistry meters;

  /** Registers all counters at zero: a rate() misses the first increment of a new counter. */
  WebhookMetrics(MeterRegistry meters, WebhookDefinitions webhooks) {
    this.meters = meters;
    for (String system : webhooks.systems()) {
      for (WebhookOutcome outcome : WebhookOutcome.values()) {
        meters.counter("lockstep.webhooks", "system", system, "outcome", outcome.label());
      }
    }
  }

  /**
   * @param system a known system, or {@code unknown}; never text from a request, since each value
   *     creates a time series
   */
  void count(String system, WebhookOutcome outcome) {
    meters.counter("lockstep.webhooks", "system", system, "outcome", outcome.label()).increment();
  }
}
