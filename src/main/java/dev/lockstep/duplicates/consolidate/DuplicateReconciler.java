package dev.lockstep.duplicates.consolidate;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.mapping.Mapping;
import org.springframework.stereotype.Component;

/** Reconciles one duplicate: links it to its primary, updates it, or unlinks it. */
@Component
public class DuplicateReconciler {
  private final TicketLookup ticketLookup;
  private final DuplicateStore duplicates;
  private final ParentLinker linker;
  private final ChildUpdater updater;
  private final ParentUnlinker unlinker;
  private final DuplicateFindings findings;

  public DuplicateReconciler(
      TicketLookup ticketLookup,
      DuplicateStore duplicates,
      ParentLinker linker,
      ChildUpdater updater,
      ParentUnlinker unlinker,
      DuplicateFindings findings) {
    this.ticketLookup = ticketLookup;
    this.duplicates = duplicates;
    this.linker = linker;
    this.updater = updater;
    this.unlinker = unlinker;
    this.findings = findings;
  }

  /**
   * Idempotent: may run again after a crash at any point.
   *
   * @param outcomeUnknown an earlier attempt failed with an unknown outcome
   */
  public void reconcile(Duplicate found, Mapping mapping, boolean outcomeUnknown) {
    DuplicateContext context = loadContext(found, mapping, outcomeUnknown);
    try {
      StepResult result = step(context);
      Duplicate left = result.duplicate();
      result.unlinkReason().ifPresent(why -> startUnlinking(left, why));
    } catch (RecordNotFoundException e) {
      handleDeleted(context, e);
    }
  }

  private StepResult step(DuplicateContext context) {
    StepResult result = StepResult.of(context.duplicate());
    if (result.duplicate().state() == State.LINKING) {
      result = linker.link(context);
    }
    if (result.unlinkReason().isEmpty() && result.duplicate().state() == State.LINKED) {
      return updater.update(
          loadContext(result.duplicate(), context.mapping(), context.outcomeUnknown()));
    }
    if (result.duplicate().state() == State.UNLINKING) {
      unlinker.unlink(context);
    }
    return result;
  }

  /** Either the primary was deleted, and the duplicate is unlinked, or the duplicate itself was. */
  private void handleDeleted(DuplicateContext context, RecordNotFoundException e) {
    boolean primarys = context.primary().records().contains(e.ref());
    findings.markDeleted(primarys ? context.primary().ticket() : context.own().ticket());
    Duplicate duplicate = duplicates.find(context.duplicate().id()).orElseThrow();
    if (primarys && duplicate.state() != State.UNLINKING) {
      startUnlinking(duplicate, UnlinkReason.PRIMARY_ENDED);
    }
  }

  private DuplicateContext loadContext(
      Duplicate duplicate, Mapping mapping, boolean outcomeUnknown) {
    return new DuplicateContext(
        duplicate,
        ticketLookup.get(duplicate.duplicate()),
        ticketLookup.get(duplicate.primary()),
        mapping,
        mapping.duplicates().orElseThrow(),
        outcomeUnknown);
  }

  /**
   * Decides now; the scheduled pass carries it out. An operator's decision made meanwhile wins: the
   * row's revision has changed, and this pass is retried.
   */
  private void startUnlinking(Duplicate duplicate, UnlinkReason why) {
    String by = why == UnlinkReason.REMOVED ? "an operator" : DuplicateFindings.LOCKSTEP;
    findings.startUnlinking(duplicate, why, text(why), by);
  }

  private static String text(UnlinkReason why) {
    return switch (why) {
      case SPLIT -> "Split";
      case REMOVED -> "Unlinked in the source system";
      case REOPENED -> "Reopened while the primary stays resolved";
      case PRIMARY_ENDED -> "The primary ended without being resolved, or was deleted";
      case IMPOSSIBLE -> "No system can link it to the primary";
    };
  }
}
