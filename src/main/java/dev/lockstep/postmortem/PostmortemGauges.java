package dev.lockstep.postmortem;

import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Open action items, and postmortems that do not become any: counted with each scrape. */
@Component
record PostmortemGauges(ActionItemStore items, PostmortemStore postmortems, RejectedFiles rejected)
    implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry metrics) {
    for (ActionItemStatus stage : ActionItemStatus.values()) {
      if (!stage.isFinished()) {
        Gauge.builder("lockstep.action.items.open", () -> items.count(stage))
            .description("Action items that are not done")
            .tag("stage", stage.slug())
            .register(metrics);
      }
    }
    stuck("refused", () -> rejected.all().size(), metrics);
    stuck("waiting", postmortems::countWaiting, metrics);
  }

  private static void stuck(String why, Supplier<Number> count, MeterRegistry metrics) {
    Gauge.builder("lockstep.postmortems.stuck", count)
        .description("Postmortems that are waiting or were rejected")
        .tag("why", why)
        .register(metrics);
  }
}
