package dev.lockstep.postmortem.followup;

import dev.lockstep.pair.Pair;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.Pass;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Two steps of processing an entry: an action item is planned before it becomes a change request,
 * and an incident is notified of its action items after it was synced.
 */
@Component
public final class ActionItemStep {
  private final IncidentLookup incidents;
  private final ActionItemPlanner planner;
  private final IncidentNotifier notifier;

  ActionItemStep(IncidentLookup incidents, ActionItemPlanner planner, IncidentNotifier notifier) {
    this.incidents = incidents;
    this.planner = planner;
    this.notifier = notifier;
  }

  public void plan(Pass pass) {
    pass.record().filter(ActionItemStep::isItem).ifPresent(planner::plan);
    items(pass).forEach(planner::plan);
  }

  private static List<RecordRef> items(Pass pass) {
    return pass.correlation().records().stream().filter(ActionItemStep::isItem).toList();
  }

  public void report(Pass pass) {
    pass.finish(() -> reportItems(pass));
  }

  private void reportItems(Pass pass) {
    pass.record().filter(ref -> !isItem(ref)).ifPresent(this::reportUnpaired);
    for (RecordRef item : items(pass)) {
      pass.correlation().pairsOf(item).forEach(pair -> processItem(item, pair));
    }
    incidents.toIncident(pass.correlation()).ifPresent(found -> notifier.process(found));
  }

  private void reportUnpaired(RecordRef ref) {
    incidents
        .findKnown(ref)
        .or(() -> notifier.handles(ref) ? incidents.find(ref) : Optional.empty())
        .ifPresent(notifier::process);
  }

  private void processItem(RecordRef localRecord, Pair pair) {
    boolean there = pair.state() != Pair.State.BROKEN;
    if (!planner.isFollowUp(localRecord, pair)) {
      planner.markChangePresent(localRecord, there);
      if (there) {
        planner.sendSuccessorNote(localRecord, pair);
      }
    } else if (!there) {
      ActionItem item = planner.find(localRecord).orElseThrow();
      RecordRef of = item.incident();
      if (of != null) {
        incidents.find(of).ifPresent(incident -> notifier.notifyFollowUpGone(incident, item));
      }
    }
  }

  private static boolean isItem(RecordRef ref) {
    return ref.system().equals(ActionItem.SYSTEM);
  }
}
