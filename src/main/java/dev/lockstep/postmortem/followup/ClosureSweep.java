package dev.lockstep.postmortem.followup;

import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Wakes what nothing else would: time alone makes a change late, or a postmortem due. */
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
   * Items nobody owns, or that are due on no day: who is new in a system is found from now on, and
   * what the configuration says since the last start is taken. So is what it says of items that are
   * open again.
   */
  public void scheduleUnplannedItems() {
    for (ActionItemStatus stage :
        List.of(ActionItemStatus.NEEDS_OWNER, ActionItemStatus.NEEDS_DUE_DATE)) {
      store.findByStatus(stage).forEach(item -> items.scheduleRoutine(item.ref()));
    }
    store.findByStatus(ActionItemStatus.REOPENED).forEach(items::refresh);
  }
}
