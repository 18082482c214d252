package dev.lockstep.duplicates.consolidate;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.mapping.Mapping;

/** One pass over one duplicate: it is hung under its primary, follows it, or is taken out. */
public class DuplicateReconciler {
  private final TicketLookup standings;
  private final DuplicateStore duplicates;
  private final ParentLinker joiner;
  private final ChildUpdater follower;
  private final ParentUnlinker leaver;
  private final DuplicateFindings verdicts;

  public DuplicateReconciler(
      TicketLookup standings,
      DuplicateStore duplicates,
      ParentLinker joiner,
      ChildUpdater follower,
      ParentUnlinker leaver,
      DuplicateFindings verdicts) {
    this.standings = standings;
    this.duplicates = duplicates;
    this.joiner = joiner;
    this.follower = follower;
    this.leaver = leaver;
    this.verdicts = verdicts;
  }

  /**
   * May run again after a crash at any point, and must then end the same.
   *
   * @param doubt an earlier attempt may have done anything
   */
  public void reconcile(Duplicate found, Mapping mapping, boolean doubt) {
    DuplicateContext relation = loadContext(found, mapping, doubt);
    try {
      StepResult stay = step(relation);
      Duplicate left = stay.duplicate();
      stay.unlinkReason().ifPresent(why -> startUnlinking(left, why));
    } catch (RecordNotFoundException e) {
      handleDeleted(relation, e);
    }
  }

  private StepResult step(DuplicateContext relation) {
    StepResult stay = StepResult.of(relation.duplicate());
    if (stay.duplicate().state() == State.LINKING) {
      stay = joiner.link(relation);
    }
    if (stay.unlinkReason().isEmpty() && stay.duplicate().state() == State.LINKED) {
      return follower.update(loadContext(stay.duplicate(), relation.mapping(), relation.outcomeUnknown()));
    }
    if (stay.duplicate().state() == State.UNLINKING) {
      leaver.unlink(relation);
    }
    return stay;
  }

  /** The primary was deleted: the duplicate goes its own way. Or the duplicate itself was. */
  private void handleDeleted(DuplicateContext relation, RecordNotFoundException e) {
    boolean primarys = relation.primary().records().contains(e.ref());
    verdicts.markDeleted(primarys ? relation.primary().ticket() : relation.own().ticket());
    Duplicate duplicate = duplicates.find(relation.duplicate().id()).orElseThrow();
    if (primarys && duplicate.state() != State.UNLINKING) {
      startUnlinking(duplicate, UnlinkReason.PRIMARY_ENDED);
    }
  }

  private DuplicateContext loadContext(Duplicate duplicate, Mapping mapping, boolean doubt) {
    return new DuplicateContext(
        duplicate,
        standings.get(duplicate.duplicate()),
        standings.get(duplicate.primary()),
        mapping,
        mapping.duplicates().orElseThrow(),
        doubt);
  }

  /**
   * Decided now, done in the pass this wakes. What a person decided since this pass looked stays:
   * the row's revision has moved on, and the pass is made again.
   */
  private void startUnlinking(Duplicate duplicate, UnlinkReason why) {
    String by = why == UnlinkReason.REMOVED ? "a person" : DuplicateFindings.LOCKSTEP;
    verdicts.startUnlinking(duplicate, why, text(why), by);
  }

  private static String text(UnlinkReason why) {
    return switch (why) {
      case SPLIT -> "Split";
      case REMOVED -> "Taken out in its own system";
      case REOPENED -> "Reopened while its primary stays resolved";
      case PRIMARY_ENDED -> "Its primary ended without being resolved, or was deleted";
      case IMPOSSIBLE -> "No system would hang it under its primary";
    };
  }
}
