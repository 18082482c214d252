package dev.lockstep.communication;

import dev.lockstep.communication.settings.Audience;
import dev.lockstep.communication.settings.CommunicationSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** How many updates are overdue: counted in the table with each scrape. */
@Component
record UpdateGauges(CommunicationSettings settings, CadenceStore cadences, Clock clock)
    implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry metrics) {
    for (Audience audience : settings.audiences()) {
      Gauge.builder(
              "lockstep.updates.overdue",
              () -> cadences.countOverdue(audience.name(), clock.instant()))
          .description("Updates that stakeholders of incidents are waiting for")
          .tag("audience", audience.name())
          .register(metrics);
    }
  }
}
