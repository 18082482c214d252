package dev.lockstep.postmortem.followup;

import dev.lockstep.pair.Pair;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.Pass;
import dev.lockstep.sync.Step;
import java.util.List;
import java.util.Optional;

/**
 * Wraps all other steps: an action item is planned before it becomes a change request, and an
 * incident is notified of its action items after it was synced.
 */
class ActionItemStep implements Step {
  private final Step next;
  private final IncidentLookup incidents;
  private final ActionItemPlanner planner;
  private final IncidentNotifier notifier;

  ActionItemStep(
      Step next,
      IncidentLookup incidents,
      ActionItemPlanner planner,
      IncidentNotifier notifier) {
    this.next = next;
    this.incidents = incidents;
    this.planner = planner;
    this.notifier = notifier;
  }

  @Override
  public void process(Pass pass) {
    pass.record().ifPresentOrElse(ref -> processRecord(ref, pass), () -> processPairs(pass));
  }

  private void processRecord(RecordRef ref, Pass pass) {
    if (isItem(ref)) {
      planner.plan(ref);
      next.process(pass);
      return;
    }
    next.process(pass);
    incidents
        .findKnown(ref)
        .or(() -> notifier.handles(ref) ? incidents.find(ref) : Optional.empty())
        .ifPresent(notifier::process);
  }

  private void processPairs(Pass pass) {
    List<RecordRef> items =
        pass.correlation().records().stream().filter(ActionItemStep::isItem).toList();
    items.forEach(planner::plan);
    next.process(pass);
    for (RecordRef item : items) {
      pass.correlation().pairsOf(item).forEach(pair -> processItem(item, pair));
    }
    incidents.toIncident(pass.correlation()).ifPresent(notifier::process);
  }

  private void processItem(RecordRef localRecord, Pair pair) {
    boolean there = pair.state() != Pair.State.BROKEN;
    if (localRecord.kind().equals(ActionItem.FOLLOW_UP) && !there) {
      ActionItem item = planner.find(localRecord).orElseThrow();
      RecordRef of = item.incident();
      if (of != null) {
        incidents.find(of).ifPresent(incident -> notifier.notifyFollowUpGone(incident, item));
      }
    }
    planner.markChangePresent(localRecord, there);
    if (there) {
      planner.sendSuccessorNote(localRecord, pair);
    }
  }

  private static boolean isItem(RecordRef ref) {
    return ref.system().equals(ActionItem.SYSTEM);
  }
}
