package dev.lockstep.duplicates;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.consolidate.DuplicateFindings;
import dev.lockstep.duplicates.ticket.CandidateRanking;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.Leaving;
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
    LEFT;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final DuplicateStore duplicates;
  private final TicketLookup standings;
  private final Connectors connectors;
  private final WorkScheduler wakes;
  private final Clock clock;
  private final MeterRegistry metrics;

  DuplicateTransitions(
      DuplicateStore duplicates,
      TicketLookup standings,
      Connectors connectors,
      WorkScheduler wakes,
      Clock clock,
      MeterRegistry metrics) {
    this.duplicates = duplicates;
    this.standings = standings;
    this.connectors = connectors;
    this.wakes = wakes;
    this.clock = clock;
    this.metrics = metrics;
    for (Outcome outcome : Outcome.values()) {
      counter(outcome);
    }
  }

  /** What was compared is proposed, or consolidated without a person. */
  void put(StoredTicket ticket, CandidateRanking.Candidate found, State state) {
    TicketView own = standings.of(ticket);
    boolean ownFirst = goesFirst(own, found.root());
    TicketView primary = ownFirst ? own : found.root();
    TicketView duplicate = ownFirst ? found.root() : own;
    boolean news =
        duplicates
            .between(duplicate.ticket().record(), primary.ticket().record())
            .map(known -> known.state() != state)
            .orElse(true);
    Duplicate put =
        duplicates.put(
            duplicate.ticket().record(),
            primary.ticket().record(),
            state,
            found.best().score(),
            found.best().reasons(),
            state == State.JOINING ? DuplicateFindings.BY_ITSELF : "");
    withdraw(put.duplicate(), put.primary());
    if (!news) {
      return;
    }
    String score = String.format(Locale.ROOT, "%.2f", found.best().score());
    if (state == State.JOINING) {
      join(put, "consolidated", "Sure enough by itself: " + score, DuplicateFindings.BY_ITSELF);
    } else {
      duplicates.record(put, "proposed", "Alike: " + score, "");
      count(Outcome.PROPOSED);
    }
  }

  /** A person said in the ticket's own system under which one it hangs. */
  void named(StoredTicket ticket, RecordRef primary) {
    RecordRef root = rootOf(primary);
    if (root.equals(ticket.record())) {
      return;
    }
    String by = connectors.title(ticket.seen().ref().system());
    Duplicate put =
        duplicates.put(ticket.record(), root, State.JOINING, null, List.of(), by).formerly("");
    join(duplicates.save(put), "named", "It names its primary in " + by, by);
  }

  /** A person accepts what was proposed. */
  Duplicate accept(Duplicate proposed, RecordRef duplicate, RecordRef primary, String by) {
    Duplicate put =
        duplicates.put(
            duplicate, rootOf(primary), State.JOINING, proposed.score(), proposed.reasons(), by);
    if (put.id() != proposed.id()) {
      duplicates.save(proposed.in(State.WITHDRAWN));
    }
    join(put, "accepted", "Accepted", by);
    return put;
  }

  /** A person accepts what was joined automatically. */
  Duplicate confirm(Duplicate joined, String by) {
    Duplicate confirmed = duplicates.save(joined.decided(joined.state(), by));
    duplicates.record(confirmed, "accepted", "Accepted after it was joined", by);
    wake(joined.duplicate());
    return confirmed;
  }

  void reject(Duplicate proposed, String by) {
    duplicates.save(proposed.decided(State.REJECTED, by));
    duplicates.record(proposed, "rejected", "Not duplicates", by);
    count(Outcome.REJECTED);
  }

  /** Begins to take a duplicate out. */
  Duplicate leave(Duplicate duplicate, Leaving why, String text, String by) {
    Duplicate leaving = duplicates.save(duplicate.leaving(why, by));
    count(why.after() == State.SPLIT ? Outcome.SPLIT : Outcome.LEFT);
    duplicates.record(leaving, why.name().toLowerCase(Locale.ROOT).replace('_', '-'), text, by);
    wake(duplicate.duplicate());
    return leaving;
  }

  /**
   * Takes back what was proposed for a ticket.
   *
   * @param but the primary it may still be proposed for
   */
  void withdraw(RecordRef ticket, @Nullable RecordRef but) {
    for (Duplicate proposed : duplicates.proposed(ticket)) {
      if (!proposed.primary().equals(but)) {
        duplicates.save(proposed.in(State.WITHDRAWN));
        duplicates.record(proposed, "withdrawn", "No longer alike, or over", "");
      }
    }
  }

  /** The ticket at the front of a ticket's group. */
  RecordRef rootOf(RecordRef ticket) {
    return duplicates.primariesOf(List.of(ticket)).getOrDefault(ticket, ticket);
  }

  /**
   * The linked one goes first, since it has an incident people work on; else the one that will be;
   * else the oldest.
   */
  private static boolean goesFirst(TicketView newcomer, TicketView root) {
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

  private static int rank(TicketView standing) {
    if (standing.isPaired()) {
      return 2;
    }
    return standing.ticket().starts() ? 1 : 0;
  }

  private void join(Duplicate joining, String what, String text, String by) {
    duplicates.record(joining, what, text, by);
    count(what.equals("accepted") ? Outcome.ACCEPTED : Outcome.CONSOLIDATED);
    for (Duplicate child : duplicates.under(List.of(joining.duplicate()))) {
      move(child, joining.primary(), by);
    }
    withdraw(joining.duplicate(), null);
    wake(joining.duplicate());
  }

  /**
   * A duplicate's duplicate hangs under the primary: no chains. That it belongs there a person
   * decided only if both joins were a person's.
   */
  private void move(Duplicate child, RecordRef primary, String by) {
    if (child.state() == State.LEAVING) {
      return;
    }
    boolean refused =
        duplicates
            .between(child.duplicate(), primary)
            .map(between -> between.state().refused())
            .orElse(false);
    if (refused) {
      leave(
          child,
          Leaving.PRIMARY_ENDED,
          "Its primary became a duplicate of one it is not to be with",
          DuplicateFindings.BY_ITSELF);
      return;
    }
    duplicates.save(child.in(State.WITHDRAWN));
    duplicates.record(
        child, "moved", "Its primary became a duplicate itself", DuplicateFindings.BY_ITSELF);
    Duplicate moved =
        duplicates
            .put(
                child.duplicate(),
                primary,
                State.JOINING,
                child.score(),
                child.reasons(),
                by.equals(DuplicateFindings.BY_ITSELF) ? by : child.decidedBy())
            .resolution(child.resolution(), Map.copyOf(child.restore()));
    String formerly = child.formerly();
    duplicates.save(formerly == null ? moved : moved.formerly(formerly));
    duplicates.record(
        moved, "moved", "Moved under its primary's primary", DuplicateFindings.BY_ITSELF);
    wake(child.duplicate());
  }

  private void wake(RecordRef ticket) {
    wakes.scheduleAfterDecision(standings.get(ticket).subject(), clock.instant());
  }

  private void count(Outcome outcome) {
    counter(outcome).increment();
  }

  private Counter counter(Outcome outcome) {
    return metrics.counter("lockstep.duplicates", "outcome", outcome.label());
  }
}
