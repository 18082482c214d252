package dev.lockstep.postmortem.followup;

import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Schedules work that only the passage of time makes due: a change that is late, a postmortem that
 * is due.
 */
@Component
public class ClosureSweep {
  private final ClosureStore closures;
  private final ActionItemStore store;
  private final ActionItems items;
  private final PostmortemSettings settings;
  private final Clock clock;

  ClosureSweep(
      ClosureStore closures,
      ActionItemStore store,
      ActionItems items,
      PostmortemSettings settings,
      Clock clock) {
    this.closures = closures;
    this.store = store;
    this.items = items;
    this.settings = settings;
    this.clock = clock;
  }

  /** Incidents whose changes are late, or whose postmortems are due. */
  public void scheduleIncidents() {
    Instant now = clock.instant();
    PostmortemSettings.Guard guard = settings.guard();
    closures.waiting(now.minus(guard.patience())).forEach(items::scheduleRoutine);
    if (!guard.needsPostmortem().isEmpty()) {
      closures.withoutPostmortem(now.minus(guard.within())).forEach(items::scheduleRoutine);
    }
  }

  /**
   * Items without an owner or a due date, and items that are open again: users that were added to a
   * system are found, and changed settings are applied.
   */
  public void scheduleUnplannedItems() {
    for (ActionItemStatus stage :
        List.of(ActionItemStatus.NEEDS_OWNER, ActionItemStatus.NEEDS_DUE_DATE)) {
      store.findByStatus(stage).forEach(item -> items.scheduleRoutine(item.ref()));
    }
    store.findByStatus(ActionItemStatus.REOPENED).forEach(items::refresh);
  }
}
