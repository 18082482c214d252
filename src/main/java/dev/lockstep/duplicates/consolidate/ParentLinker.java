package dev.lockstep.duplicates.consolidate;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import dev.lockstep.similarity.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Links a duplicate to its primary in every system that supports it. Each step is idempotent: a
 * record that is already linked is not written to.
 */
@Component
class ParentLinker {
  private final Connectors connectors;
  private final TicketRefresher refresher;
  private final DuplicateStore duplicates;
  private final TicketStore tickets;
  private final PairStore pairs;
  private final ChildNotifier notifier;
  private final TransactionTemplate transaction;

  ParentLinker(
      Connectors connectors,
      TicketRefresher refresher,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      ChildNotifier notifier,
      TransactionTemplate transaction) {
    this.connectors = connectors;
    this.refresher = refresher;
    this.duplicates = duplicates;
    this.tickets = tickets;
    this.pairs = pairs;
    this.notifier = notifier;
    this.transaction = transaction;
  }

  /**
   * @return the duplicate as saved: still LINKING while the primary has no record yet to link to;
   *     the primary's next pass schedules it again
   */
  StepResult link(DuplicateContext context) {
    DuplicateContext now = context;
    boolean waits = false;
    boolean link = false;
    for (Side side : Side.values()) {
      RecordRef own = now.own().ref(side);
      if (own == null || !connectors.consolidates(own.system(), own.kind()) || now.isClosed(side)) {
        continue;
      }
      if (now.primary().ref(side) == null) {
        waits |= now.primary().mayGainRecord(side);
      } else if (!connectors.separates(own.system(), own.kind())) {
        link |= merge(now, side, own);
      } else if (hasOtherParent(now, side)) {
        return new StepResult(now.duplicate(), Optional.of(UnlinkReason.REMOVED));
      } else {
        now = linkToParent(now, side, own);
        link = true;
      }
    }
    if (waits) {
      return StepResult.of(now.duplicate());
    }
    return link
        ? StepResult.of(markLinked(now))
        : new StepResult(now.duplicate(), Optional.of(UnlinkReason.IMPOSSIBLE));
  }

  /** An operator linked it to another parent before Lockstep did: that link is kept. */
  private static boolean hasOtherParent(DuplicateContext context, Side side) {
    Snapshot seen = context.seen(side);
    Duplicate duplicate = context.duplicate();
    return seen != null
        && seen.primaryId() != null
        && !seen.primaryId().isEmpty()
        && !context.isPrimaryRecord(side, seen.primaryId())
        && duplicate.previousParent() == null
        && duplicate.decidedBy().equals(DuplicateFindings.LOCKSTEP);
  }

  private DuplicateContext linkToParent(DuplicateContext context, Side side, RecordRef own) {
    RecordRef target = Objects.requireNonNull(context.primary().ref(side));
    Snapshot now = context.seen(side);
    if (now == null || now.primaryId() == null) {
      now = refresher.fetch(own).in(context.mapping().name());
    }
    String names = now.primaryId() == null ? "" : now.primaryId();
    Duplicate duplicate = context.duplicate();
    if (names.equals(target.id())) {
      return context;
    }
    if (duplicate.previousParent() == null) {
      duplicate = duplicates.save(duplicate.withPreviousParent(names));
    }
    NativeRecord after = connectors.consolidate(own, target).orElseGet(() -> connectors.fetch(own));
    Snapshot seen = context.saveWritten(refresher, after);
    return context.with(duplicates.save(duplicate.withWritten(seen.version())));
  }

  /**
   * A merge cannot be undone, so the pair is no longer synced from then on. That is committed
   * first: if the merge's outcome is unknown, the end of the merged record must not be synced to
   * the caller's ticket.
   *
   * @return false when it cannot be merged: the primary's record is resolved or closed, or its
   *     system refuses. Then the pair continues to sync, and ends with its ITSM record.
   */
  private boolean merge(DuplicateContext context, Side side, RecordRef own) {
    RecordRef target = Objects.requireNonNull(context.primary().ref(side));
    if ((context.outcomeUnknown() || context.isEnded()) && isMerged(own)) {
      endPair(context);
      return true;
    }
    if (context.isPrimaryResolvedOrClosed(side)) {
      resumePair(context, own);
      return false;
    }
    endPair(context);
    try {
      connectors.consolidate(own, target);
      return true;
    } catch (RequestRejectedException refused) {
      if (isMerged(own)) {
        return true;
      }
      resumePair(context, own);
      String title = connectors.title(own.system());
      duplicates.addHistory(
          context.duplicate(),
          "not-merged",
          "%s refused the merge: %s".formatted(title, refused.answer()),
          title);
      return false;
    }
  }

  /** Into any record: a system merges a record only once. */
  private boolean isMerged(RecordRef own) {
    String into = connectors.fetch(own).primaryId();
    return into != null && !into.isEmpty();
  }

  private void endPair(DuplicateContext context) {
    Pair pair = context.own().pair();
    if (pair == null || pair.state().isOver()) {
      return;
    }
    String text =
        "Merged into the record of %s; no longer synced"
            .formatted(context.primary().displayedSnapshot().key());
    transaction.executeWithoutResult(
        status -> {
          pairs.save(
              pair.withState(Pair.State.ENDED), List.of(new AuditEntry("ended", text, Map.of())));
          RecordRef left = pair.left();
          if (left != null) {
            tickets.setSeenRecord(context.duplicate().duplicate(), Side.LEFT, left);
          }
        });
  }

  /** Resumes a pair that was ended for a merge that failed. */
  private void resumePair(DuplicateContext context, RecordRef own) {
    pairs
        .find(own, context.mapping().name())
        .filter(pair -> pair.state() == Pair.State.ENDED)
        .ifPresent(
            pair ->
                pairs.save(
                    pair.withState(Pair.State.LINKED),
                    List.of(new AuditEntry("resumed", "The merge failed", Map.of()))));
  }

  private Duplicate markLinked(DuplicateContext context) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              boolean named = context.duplicate().decidedBy().equals(titleOf(context));
              Duplicate linked =
                  duplicates.save(withInitialResolution(context, named).withState(State.LINKED));
              String key = context.primary().displayedSnapshot().key();
              duplicates.addHistory(linked, "linked", "Linked to " + key, linked.decidedBy());
              if (!named) {
                String name = "linked:" + linked.id() + ":" + linked.revision();
                notifier.enqueue(linked, name, Visibility.INTERNAL, noteText(context));
              }
              return linked;
            }));
  }

  /**
   * An operator who links a ticket to a resolved primary in the source system has not asked for it
   * to be resolved.
   */
  private static Duplicate withInitialResolution(DuplicateContext context, boolean named) {
    boolean over =
        Stream.of(Side.values())
            .anyMatch(
                side -> context.rules().follows(side) && context.isPrimaryResolvedOrClosed(side));
    Duplicate duplicate = context.duplicate();
    return named && over ? duplicate.withResolution(Resolution.SKIPPED, Map.of()) : duplicate;
  }

  private String titleOf(DuplicateContext context) {
    return connectors.title(context.own().ticket().seen().ref().system());
  }

  /**
   * States only what both tickets have in common: the readers of one may not be allowed to see the
   * other.
   */
  private static String noteText(DuplicateContext context) {
    Duplicate duplicate = context.duplicate();
    String reasons =
        duplicate.reasons().stream()
            .filter(reason -> reason.points() > 0)
            .map(Reason::text)
            .collect(Collectors.joining("; "));
    Double score = duplicate.score();
    boolean shares =
        Stream.of(Side.values())
            .anyMatch(side -> context.rules().follows(side) && context.sharesTexts(side));
    return "Linked as a duplicate of %s%s. This ticket stays open%s and is resolved when the primary is resolved.\n"
            .formatted(
                context.primary().displayedSnapshot().key(),
                duplicate.decidedBy().equals(DuplicateFindings.LOCKSTEP)
                    ? " by Lockstep"
                    : ", decided by " + duplicate.decidedBy(),
                shares ? ", receives the primary's public comments" : "")
        + (score == null
            ? ""
            : "Similarity %s: %s.\n".formatted(String.format(Locale.ROOT, "%.2f", score), reasons))
        + (shares
            ? ""
            : "If the two are the same, run lockstep duplicates accept %d: the caller then receives the primary's public comments.\n"
                .formatted(duplicate.id()))
        + "If they are not the same, run lockstep duplicates split "
        + duplicate.id();
  }
}
