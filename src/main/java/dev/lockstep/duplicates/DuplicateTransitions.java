package dev.lockstep.duplicates;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.consolidate.DuplicateFindings;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Persists decisions about two tickets and schedules the duplicate, whose own pass then writes to
 * the systems. All methods run under the lock of {@link DuplicateDetector}.
 */
@Component
class DuplicateTransitions {
  /**
   * Values of the metric's label. All are registered at startup, so that the first increment is
   * visible as a rise.
   */
  private enum Outcome {
    PROPOSED,
    CONSOLIDATED,
    ACCEPTED,
    REJECTED,
    SPLIT,
    UNLINKED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final DuplicateStore duplicates;
  private final Connectors connectors;
  private final WorkScheduler scheduler;
  private final Clock clock;
  private final MeterRegistry metrics;

  DuplicateTransitions(
      DuplicateStore duplicates,
      Connectors connectors,
      WorkScheduler scheduler,
      Clock clock,
      MeterRegistry metrics) {
    this.duplicates = duplicates;
    this.connectors = connectors;
    this.scheduler = scheduler;
    this.clock = clock;
    this.metrics = metrics;
    for (Outcome outcome : Outcome.values()) {
      counter(outcome);
    }
  }

  /** Stores what was decided about a ticket. */
  void store(StoredTicket ticket, DuplicateDecision decision) {
    if (decision instanceof DuplicateDecision.Unique) {
      withdraw(ticket.record(), null);
    } else if (decision instanceof DuplicateDecision.LinkToNamed named) {
      linkToNamed(ticket, named.primary());
    } else if (decision instanceof DuplicateDecision.Match match) {
      // A primary may still be a duplicate of another group's primary: that is to be decided, too.
      if (!match.primary().equals(ticket.record())) {
        withdraw(ticket.record(), match.primary());
      }
      proposeOrLink(match);
    }
  }

  private void proposeOrLink(DuplicateDecision.Match match) {
    State state = match.automatic() ? State.LINKING : State.PROPOSED;
    boolean news =
        duplicates
            .findBetween(match.duplicate(), match.primary())
            .map(known -> known.state() != state)
            .orElse(true);
    Duplicate put =
        duplicates.upsert(
            match.duplicate(),
            match.primary(),
            state,
            match.similarity().score(),
            match.similarity().reasons(),
            match.automatic() ? DuplicateFindings.LOCKSTEP : "");
    withdraw(put.duplicate(), put.primary());
    if (!news) {
      return;
    }
    String score = String.format(Locale.ROOT, "%.2f", match.similarity().score());
    if (match.automatic()) {
      startLinking(
          put,
          "consolidated",
          "Above the automatic threshold: " + score,
          DuplicateFindings.LOCKSTEP);
    } else {
      duplicates.addHistory(put, "proposed", "Similar: " + score, "");
      count(Outcome.PROPOSED);
    }
  }

  private void linkToNamed(StoredTicket ticket, RecordRef primary) {
    String by = connectors.title(ticket.seen().ref().system());
    Duplicate put =
        duplicates
            .upsert(ticket.record(), primary, State.LINKING, null, List.of(), by)
            .withPreviousParent("");
    startLinking(duplicates.save(put), "named", "Linked to its primary in " + by, by);
  }

  /** An operator accepts a proposal. */
  Duplicate accept(Duplicate proposed, RecordRef duplicate, RecordRef primary, String by) {
    Duplicate put =
        duplicates.upsert(
            duplicate, findRoot(primary), State.LINKING, proposed.score(), proposed.reasons(), by);
    if (put.id() != proposed.id()) {
      duplicates.save(proposed.withState(State.WITHDRAWN));
    }
    startLinking(put, "accepted", "Accepted", by);
    return put;
  }

  /** An operator confirms an automatic link. */
  Duplicate confirm(Duplicate linked, String by) {
    Duplicate confirmed = duplicates.save(linked.withDecision(linked.state(), by));
    duplicates.addHistory(confirmed, "accepted", "Confirmed after it was linked automatically", by);
    schedule(linked.duplicate());
    return confirmed;
  }

  void reject(Duplicate proposed, String by) {
    duplicates.save(proposed.withDecision(State.REJECTED, by));
    duplicates.addHistory(proposed, "rejected", "Not duplicates", by);
    count(Outcome.REJECTED);
  }

  /** Starts to unlink a duplicate from its primary. */
  Duplicate startUnlinking(Duplicate duplicate, UnlinkReason why, String text, String by) {
    Duplicate unlinking = duplicates.save(duplicate.withUnlinking(why, by));
    count(why.after() == State.SPLIT ? Outcome.SPLIT : Outcome.UNLINKED);
    duplicates.addHistory(
        unlinking, why.name().toLowerCase(Locale.ROOT).replace('_', '-'), text, by);
    schedule(duplicate.duplicate());
    return unlinking;
  }

  /**
   * Withdraws the proposals of a ticket.
   *
   * @param but the primary whose proposal is kept
   */
  void withdraw(RecordRef ticket, @Nullable RecordRef but) {
    for (Duplicate proposed : duplicates.findProposed(ticket)) {
      if (!proposed.primary().equals(but)) {
        duplicates.save(proposed.withState(State.WITHDRAWN));
        duplicates.addHistory(proposed, "withdrawn", "No longer similar, or closed", "");
      }
    }
  }

  /** The primary of a ticket's group; the ticket itself if it has no primary. */
  RecordRef findRoot(RecordRef ticket) {
    return duplicates.findPrimaries(List.of(ticket)).getOrDefault(ticket, ticket);
  }

  private void startLinking(Duplicate linking, String what, String text, String by) {
    duplicates.addHistory(linking, what, text, by);
    count(what.equals("accepted") ? Outcome.ACCEPTED : Outcome.CONSOLIDATED);
    for (Duplicate child : duplicates.findChildren(List.of(linking.duplicate()))) {
      moveToPrimary(child, linking.primary(), by);
    }
    withdraw(linking.duplicate(), null);
    schedule(linking.duplicate());
  }

  /**
   * Relinks a duplicate's duplicate to the primary, so that there are no chains. An operator counts
   * as the decider only if both links were decided by one.
   */
  private void moveToPrimary(Duplicate child, RecordRef primary, String by) {
    if (child.state() == State.UNLINKING) {
      return;
    }
    boolean refused =
        duplicates
            .findBetween(child.duplicate(), primary)
            .map(between -> between.state().isRefused())
            .orElse(false);
    if (refused) {
      startUnlinking(
          child,
          UnlinkReason.PRIMARY_ENDED,
          "Its primary became a duplicate of a ticket it was split or rejected from",
          DuplicateFindings.LOCKSTEP);
      return;
    }
    duplicates.save(child.withState(State.WITHDRAWN));
    duplicates.addHistory(
        child, "moved", "Its primary became a duplicate itself", DuplicateFindings.LOCKSTEP);
    Duplicate moved =
        duplicates
            .upsert(
                child.duplicate(),
                primary,
                State.LINKING,
                child.score(),
                child.reasons(),
                by.equals(DuplicateFindings.LOCKSTEP) ? by : child.decidedBy())
            .withResolution(child.resolution(), Map.copyOf(child.restore()));
    String previousParent = child.previousParent();
    duplicates.save(previousParent == null ? moved : moved.withPreviousParent(previousParent));
    duplicates.addHistory(
        moved, "moved", "Linked to the primary of its primary", DuplicateFindings.LOCKSTEP);
    schedule(child.duplicate());
  }

  private void schedule(RecordRef ticket) {
    scheduler.scheduleAfterDecision(ticket, clock.instant());
  }

  private void count(Outcome outcome) {
    counter(outcome).increment();
  }

  private Counter counter(Outcome outcome) {
    return metrics.counter("lockstep.duplicates", "outcome", outcome.label());
  }
}
