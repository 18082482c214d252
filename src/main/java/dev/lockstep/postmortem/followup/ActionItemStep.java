package dev.lockstep.postmortem.followup;

import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.util.Optional;

/**
 * Wraps all other handlers: an action item is planned before it becomes a change request, and an
 * incident is notified of its action items after it was synced.
 */
class ActionItemStep implements EntryHandler {
  private final EntryHandler next;
  private final PairStore pairs;
  private final IncidentLookup incidents;
  private final ActionItemPlanner itemPass;
  private final IncidentNotifier incidentPass;

  ActionItemStep(
      EntryHandler next,
      PairStore pairs,
      IncidentLookup incidents,
      ActionItemPlanner itemPass,
      IncidentNotifier incidentPass) {
    this.next = next;
    this.pairs = pairs;
    this.incidents = incidents;
    this.itemPass = itemPass;
    this.incidentPass = incidentPass;
  }

  @Override
  public void process(InboxEntry entry) {
    if (entry.subject() instanceof Subject.OfRecord record) {
      processRecord(record.ref(), entry);
    } else if (entry.subject() instanceof Subject.OfPair pair) {
      processPair(pair, entry);
    } else {
      next.process(entry);
    }
  }

  private void processRecord(RecordRef ref, InboxEntry entry) {
    if (isItem(ref)) {
      itemPass.plan(ref);
      next.process(entry);
      return;
    }
    next.process(entry);
    incidents
        .findKnown(ref)
        .or(() -> incidentPass.handles(ref) ? incidents.find(ref) : Optional.empty())
        .ifPresent(incidentPass::process);
  }

  private void processPair(Subject.OfPair subject, InboxEntry entry) {
    Optional<RecordRef> localRecord = pairs.find(subject.id()).flatMap(ActionItemStep::localRecord);
    if (localRecord.isPresent()) {
      itemPass.plan(localRecord.get());
      next.process(entry);
      pairs.find(subject.id()).ifPresent(pair -> processItem(localRecord.get(), pair));
      return;
    }
    next.process(entry);
    pairs.find(subject.id()).flatMap(incidents::toIncident).ifPresent(incidentPass::process);
  }

  private void processItem(RecordRef localRecord, Pair pair) {
    boolean there = pair.state() != Pair.State.BROKEN;
    if (localRecord.kind().equals(ActionItem.FOLLOW_UP) && !there) {
      ActionItem item = itemPass.find(localRecord).orElseThrow();
      RecordRef of = item.incident();
      if (of != null) {
        incidents.find(of).ifPresent(incident -> incidentPass.notifyFollowUpGone(incident, item));
      }
    }
    itemPass.markChangePresent(localRecord, there);
    if (there) {
      itemPass.sendSuccessorNote(localRecord, pair);
    }
  }

  private static Optional<RecordRef> localRecord(Pair pair) {
    for (Side side : Side.values()) {
      RecordRef ref = pair.ref(side);
      if (ref != null && isItem(ref)) {
        return Optional.of(ref);
      }
    }
    return Optional.empty();
  }

  private static boolean isItem(RecordRef ref) {
    return ref.system().equals(ActionItem.SYSTEM);
  }
}
