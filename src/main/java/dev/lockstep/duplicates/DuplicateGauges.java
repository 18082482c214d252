package dev.lockstep.duplicates;

import dev.lockstep.duplicates.ticket.DuplicateStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.springframework.stereotype.Component;

/** How many tickets are, or may be, duplicates: counted in the table with each scrape. */
@Component
record DuplicateGauges(DuplicateStore duplicates) implements MeterBinder {
  private static final List<Duplicates.State> OPEN =
      List.of(
          Duplicates.State.PROPOSED,
          Duplicates.State.LINKING,
          Duplicates.State.LINKED,
          Duplicates.State.UNLINKING);

  @Override
  public void bindTo(MeterRegistry metrics) {
    for (Duplicates.State state : OPEN) {
      Gauge.builder("lockstep.duplicates.open", () -> duplicates.count(state))
          .description("Tickets that are, or may be, duplicates")
          .tag("state", state.name())
          .register(metrics);
    }
  }
}
