package dev.lockstep.incident;

import dev.lockstep.sync.MappingCatalog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** How many incidents of each level are open: counted in the table with each scrape. */
@Component
record IncidentGauges(MappingCatalog mappings, IncidentStore incidents) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry metrics) {
    mappings.all().stream()
        .flatMap(mapping -> mapping.incident().stream())
        .flatMap(rule -> rule.levels().keySet().stream())
        .distinct()
        .forEach(
            level ->
                Gauge.builder("lockstep.incidents.open", () -> incidents.countOpen(level))
                    .description("Incidents that are not resolved")
                    .tag("level", level)
                    .register(metrics));
  }
}
