package dev.lockstep.communication.vendor;

import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.Vendor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** How many comments of vendors are overdue: counted in the table with each scrape. */
@Component
record VendorGauges(CommunicationSettings settings, VendorStore watches, Clock clock)
    implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry metrics) {
    for (Vendor vendor : settings.vendors()) {
      Gauge.builder(
              "lockstep.vendor.updates.overdue",
              () -> watches.countOverdue(vendor.name(), clock.instant()))
          .description("Public comments that vendors were to write on their tickets")
          .tag("vendor", vendor.name())
          .register(metrics);
    }
  }
}
