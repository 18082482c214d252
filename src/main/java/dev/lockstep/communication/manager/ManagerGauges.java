package dev.lockstep.communication.manager;

import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.incident.AssignmentStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** How many incidents lack a manager for too long: counted in the table with each scrape. */
@Component
record ManagerGauges(CommunicationSettings settings, AssignmentStore assignments, Clock clock)
    implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry metrics) {
    if (settings.managers().isOn()) {
      Gauge.builder(
              "lockstep.incidents.without.manager",
              () ->
                  assignments.countWithoutSince(
                      clock.instant().minus(settings.managers().within())))
          .description("Active incidents that lack a manager of their own for longer than allowed")
          .register(metrics);
    }
  }
}
