package dev.lockstep.duplicates;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.consolidate.DuplicateFindings;
import dev.lockstep.duplicates.ticket.CandidateRanking;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketView;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is decided about two tickets and wakes the duplicate, in whose own pass the
 * systems are then told. Everything here is called in the turn of {@link DuplicateDetector}.
 */
class DuplicateTransitions {
  /** What is counted; each from the start, so that the first one is seen as a rise. */
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
  private final TicketLookup ticketLookup;
  private final Connectors connectors;
  private final WorkScheduler scheduler;
  private final Clock clock;
  private final MeterRegistry metrics;

  DuplicateTransitions(
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      Connectors connectors,
      WorkScheduler scheduler,
      Clock clock,
      MeterRegistry metrics) {
    this.duplicates = duplicates;
    this.ticketLookup = ticketLookup;
    this.connectors = connectors;
    this.scheduler = scheduler;
    this.clock = clock;
    this.metrics = metrics;
    for (Outcome outcome : Outcome.values()) {
      counter(outcome);
    }
  }

  /** What was compared is proposed, or consolidated without a person. */
  void proposeOrLink(StoredTicket ticket, CandidateRanking.Candidate found, State state) {
    TicketView own = ticketLookup.toView(ticket);
    boolean ownFirst = isPreferredPrimary(own, found.root());
    TicketView primary = ownFirst ? own : found.root();
    TicketView duplicate = ownFirst ? found.root() : own;
    boolean news =
        duplicates
            .findBetween(duplicate.ticket().record(), primary.ticket().record())
            .map(known -> known.state() != state)
            .orElse(true);
    Duplicate put =
        duplicates.upsert(
            duplicate.ticket().record(),
            primary.ticket().record(),
            state,
            found.best().score(),
            found.best().reasons(),
            state == State.LINKING ? DuplicateFindings.LOCKSTEP : "");
    withdraw(put.duplicate(), put.primary());
    if (!news) {
      return;
    }
    String score = String.format(Locale.ROOT, "%.2f", found.best().score());
    if (state == State.LINKING) {
      startLinking(put, "consolidated", "Sure enough by itself: " + score, DuplicateFindings.LOCKSTEP);
    } else {
      duplicates.addHistory(put, "proposed", "Alike: " + score, "");
      count(Outcome.PROPOSED);
    }
  }

  /** A person said in the ticket's own system under which one it hangs. */
  void linkToNamedParent(StoredTicket ticket, RecordRef primary) {
    RecordRef root = findRoot(primary);
    if (root.equals(ticket.record())) {
      return;
    }
    String by = connectors.title(ticket.seen().ref().system());
    Duplicate put =
        duplicates.upsert(ticket.record(), root, State.LINKING, null, List.of(), by).withPreviousParent("");
    startLinking(duplicates.save(put), "named", "It names its primary in " + by, by);
  }

  /** A person accepts what was proposed. */
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

  /** A person accepts what was joined automatically. */
  Duplicate confirm(Duplicate linked, String by) {
    Duplicate confirmed = duplicates.save(linked.withDecision(linked.state(), by));
    duplicates.addHistory(confirmed, "accepted", "Accepted after it was joined", by);
    schedule(linked.duplicate());
    return confirmed;
  }

  void reject(Duplicate proposed, String by) {
    duplicates.save(proposed.withDecision(State.REJECTED, by));
    duplicates.addHistory(proposed, "rejected", "Not duplicates", by);
    count(Outcome.REJECTED);
  }

  /** Begins to take a duplicate out. */
  Duplicate startUnlinking(Duplicate duplicate, UnlinkReason why, String text, String by) {
    Duplicate unlinking = duplicates.save(duplicate.withUnlinking(why, by));
    count(why.after() == State.SPLIT ? Outcome.SPLIT : Outcome.UNLINKED);
    duplicates.addHistory(unlinking, why.name().toLowerCase(Locale.ROOT).replace('_', '-'), text, by);
    schedule(duplicate.duplicate());
    return unlinking;
  }

  /**
   * Takes back what was proposed for a ticket.
   *
   * @param but the primary it may still be proposed for
   */
  void withdraw(RecordRef ticket, @Nullable RecordRef but) {
    for (Duplicate proposed : duplicates.findProposed(ticket)) {
      if (!proposed.primary().equals(but)) {
        duplicates.save(proposed.withState(State.WITHDRAWN));
        duplicates.addHistory(proposed, "withdrawn", "No longer alike, or over", "");
      }
    }
  }

  /** The ticket at the front of a ticket's group. */
  RecordRef findRoot(RecordRef ticket) {
    return duplicates.findPrimaries(List.of(ticket)).getOrDefault(ticket, ticket);
  }

  /**
   * The linked one goes first, since it has an incident people work on; else the one that will be;
   * else the oldest.
   */
  private static boolean isPreferredPrimary(TicketView newcomer, TicketView root) {
    if (!root.ticket().isOpen()) {
      return false;
    }
    int newcomers = rank(newcomer);
    int roots = rank(root);
    if (newcomers != roots) {
      return newcomers > roots;
    }
    boolean older = newcomer.ticket().openedAt().isBefore(root.ticket().openedAt());
    // A root that is about to begin its pair may be doing so right now.
    return older && !(newcomers == 1);
  }

  private static int rank(TicketView view) {
    if (view.isPaired()) {
      return 2;
    }
    return view.ticket().starts() ? 1 : 0;
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
   * A duplicate's duplicate hangs under the primary: no chains. That it belongs there a person
   * decided only if both joins were a person's.
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
          "Its primary became a duplicate of one it is not to be with",
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
        moved, "moved", "Moved under its primary's primary", DuplicateFindings.LOCKSTEP);
    schedule(child.duplicate());
  }

  private void schedule(RecordRef ticket) {
    scheduler.scheduleAfterDecision(ticketLookup.get(ticket).subject(), clock.instant());
  }

  private void count(Outcome outcome) {
    counter(outcome).increment();
  }

  private Counter counter(Outcome outcome) {
    return metrics.counter("lockstep.duplicates", "outcome", outcome.label());
  }
}
