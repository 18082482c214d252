package dev.lockstep.duplicates.consolidate;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.pair.AuditEntry;
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
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hangs a duplicate under its primary in every system that can. Each step can be repeated: a record
 * that hangs there already is left as it is.
 */
class ParentLinker {
  private final Connectors connectors;
  private final TicketRefresher lookout;
  private final DuplicateStore duplicates;
  private final TicketStore tickets;
  private final PairStore pairs;
  private final ChildNotifier voice;
  private final TransactionTemplate transaction;

  ParentLinker(
      Connectors connectors,
      TicketRefresher lookout,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      ChildNotifier voice,
      TransactionTemplate transaction) {
    this.connectors = connectors;
    this.lookout = lookout;
    this.duplicates = duplicates;
    this.tickets = tickets;
    this.pairs = pairs;
    this.voice = voice;
    this.transaction = transaction;
  }

  /**
   * @return the duplicate as it is then: still joining while the primary has no record yet that
   *     this one could hang under; the primary's next pass wakes it
   */
  StepResult link(DuplicateContext relation) {
    DuplicateContext now = relation;
    boolean waits = false;
    boolean hangs = false;
    for (Side side : Side.values()) {
      RecordRef own = now.own().ref(side);
      if (own == null || !connectors.consolidates(own.system(), own.kind()) || now.isClosed(side)) {
        continue;
      }
      if (now.primary().ref(side) == null) {
        waits |= now.primary().mayGainRecord(side);
      } else if (!connectors.separates(own.system(), own.kind())) {
        hangs |= merge(now, side, own);
      } else if (hasOtherParent(now, side)) {
        return new StepResult(now.duplicate(), Optional.of(UnlinkReason.REMOVED));
      } else {
        now = linkToParent(now, side, own);
        hangs = true;
      }
    }
    if (waits) {
      return StepResult.of(now.duplicate());
    }
    return hangs
        ? StepResult.of(markLinked(now))
        : new StepResult(now.duplicate(), Optional.of(UnlinkReason.IMPOSSIBLE));
  }

  /** A person hung it under another one before Lockstep came to it: that stays. */
  private static boolean hasOtherParent(DuplicateContext relation, Side side) {
    Snapshot seen = relation.seen(side);
    Duplicate duplicate = relation.duplicate();
    return seen != null
        && seen.primaryId() != null
        && !seen.primaryId().isEmpty()
        && !relation.isPrimaryRecord(side, seen.primaryId())
        && duplicate.previousParent() == null
        && duplicate.decidedBy().equals(DuplicateFindings.LOCKSTEP);
  }

  private DuplicateContext linkToParent(DuplicateContext relation, Side side, RecordRef own) {
    RecordRef target = Objects.requireNonNull(relation.primary().ref(side));
    Snapshot now = relation.seen(side);
    if (now == null || now.primaryId() == null) {
      now = lookout.fetch(relation.mapping(), side, own, now);
    }
    String names = now.primaryId() == null ? "" : now.primaryId();
    Duplicate duplicate = relation.duplicate();
    if (names.equals(target.id())) {
      return relation;
    }
    if (duplicate.previousParent() == null) {
      duplicate = duplicates.save(duplicate.withPreviousParent(names));
    }
    NativeRecord after = connectors.consolidate(own, target).orElseGet(() -> connectors.fetch(own));
    Snapshot seen = relation.saveWritten(lookout, side, after);
    return relation.with(duplicates.save(duplicate.withWritten(seen.version())));
  }

  /**
   * What was merged can't be taken apart, so that it is in step with nothing from then on. This is
   * committed first: of a merge whose answer never came, the merged record's end must not be
   * carried to the caller's ticket.
   *
   * @return false when it can't be merged: nobody works on the primary's record any more, or its
   *     system would not. Then its pair stays in step, and ends as its ITSM record does.
   */
  private boolean merge(DuplicateContext relation, Side side, RecordRef own) {
    RecordRef target = Objects.requireNonNull(relation.primary().ref(side));
    if ((relation.outcomeUnknown() || relation.isEnded()) && isMerged(own)) {
      endPair(relation);
      return true;
    }
    if (relation.isPrimaryResolvedOrClosed(side)) {
      resumePair(own);
      return false;
    }
    endPair(relation);
    try {
      connectors.consolidate(own, target);
      return true;
    } catch (RequestRejectedException refused) {
      if (isMerged(own)) {
        return true;
      }
      resumePair(own);
      String title = connectors.title(own.system());
      duplicates.addHistory(
          relation.duplicate(),
          "not-merged",
          "%s would not merge it: %s".formatted(title, refused.answer()),
          title);
      return false;
    }
  }

  /** Into whatever it was merged: a system merges a record once. */
  private boolean isMerged(RecordRef own) {
    String into = connectors.fetch(own).primaryId();
    return into != null && !into.isEmpty();
  }

  private void endPair(DuplicateContext relation) {
    Pair pair = relation.own().pair();
    if (pair == null || pair.state() == Pair.State.ENDED) {
      return;
    }
    String text =
        "Merged into that of %s; no longer kept in step"
            .formatted(relation.primary().displayedSnapshot().key());
    transaction.executeWithoutResult(
        status -> {
          pairs.save(pair.in(Pair.State.ENDED), List.of(new AuditEntry("ended", text, Map.of())));
          Snapshot left = pair.leftSeen();
          if (left != null) {
            tickets.saveSnapshot(relation.duplicate().duplicate(), Side.LEFT, left);
          }
        });
  }

  /** It could not be merged after all. */
  private void resumePair(RecordRef own) {
    pairs
        .find(own)
        .filter(pair -> pair.state() == Pair.State.ENDED)
        .ifPresent(
            pair ->
                pairs.save(
                    pair.in(Pair.State.LINKED),
                    List.of(new AuditEntry("resumed", "Could not be merged", Map.of()))));
  }

  private Duplicate markLinked(DuplicateContext relation) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              boolean named = relation.duplicate().decidedBy().equals(titleOf(relation));
              Duplicate joined = duplicates.save(withInitialResolution(relation, named).withState(State.LINKED));
              String key = relation.primary().displayedSnapshot().key();
              duplicates.addHistory(joined, "linked", "Linked to " + key, joined.decidedBy());
              if (!named) {
                String name = "linked:" + joined.id() + ":" + joined.revision();
                voice.enqueue(joined, name, Visibility.INTERNAL, noteText(relation));
              }
              return joined;
            }));
  }

  /** Who hangs a ticket under one that is resolved already has not asked for it to be resolved. */
  private static Duplicate withInitialResolution(DuplicateContext relation, boolean named) {
    boolean over =
        Stream.of(Side.values())
            .anyMatch(side -> relation.rules().follows(side) && relation.isPrimaryResolvedOrClosed(side));
    Duplicate duplicate = relation.duplicate();
    return named && over ? duplicate.withResolution(Resolution.SKIPPED, Map.of()) : duplicate;
  }

  private String titleOf(DuplicateContext relation) {
    return connectors.title(relation.own().ticket().seen().ref().system());
  }

  /** Only what both tickets have in common, for the primary may be one its readers may not see. */
  private static String noteText(DuplicateContext relation) {
    Duplicate duplicate = relation.duplicate();
    String reasons =
        duplicate.reasons().stream()
            .filter(reason -> reason.points() > 0)
            .map(Reason::text)
            .collect(Collectors.joining("; "));
    Double score = duplicate.score();
    boolean shares =
        Stream.of(Side.values())
            .anyMatch(side -> relation.rules().follows(side) && relation.sharesTexts(side));
    return "Consolidated under %s%s. It stays open%s, and is resolved with it.\n"
            .formatted(
                relation.primary().displayedSnapshot().key(),
                duplicate.decidedBy().equals(DuplicateFindings.LOCKSTEP)
                    ? " by Lockstep"
                    : ", decided by " + duplicate.decidedBy(),
                shares ? ", receives the public comments made there" : "")
        + (score == null
            ? ""
            : "Likeness %s: %s.\n".formatted(String.format(Locale.ROOT, "%.2f", score), reasons))
        + (shares
            ? ""
            : "The same? lockstep duplicates accept %d: its caller then receives the public comments made there.\n"
                .formatted(duplicate.id()))
        + "Not the same? lockstep duplicates split "
        + duplicate.id();
  }
}
