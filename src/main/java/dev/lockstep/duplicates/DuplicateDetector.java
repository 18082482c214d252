package dev.lockstep.duplicates;

import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.consolidate.DuplicateFindings;
import dev.lockstep.duplicates.settings.DuplicateSettings;
import dev.lockstep.duplicates.ticket.CandidateSearch;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.ObservedTicket;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketIndexSync;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.TicketPreparer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds out whether a ticket is a duplicate, before a pair may start for it: reads what a {@link
 * DuplicateDecision} depends on, and has it stored. Decisions are serialized over all processes by
 * an advisory lock and committed before any system is written to: of forty tickets that arrive at
 * once, the second is compared with the first, even if the first has no pair yet.
 */
@Component
class DuplicateDetector implements DuplicateFindings {
  private final TicketStore tickets;
  private final DuplicateStore duplicates;
  private final TicketIndexSync indexSync;
  private final TicketPreparer preparer;
  private final TicketLookup ticketLookup;
  private final CandidateSearch search;
  private final DuplicateTransitions transitions;
  private final DuplicateSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final Timer compared;

  /** Limits each process to one database connection that waits for the lock. */
  private final ReentrantLock decisionLock = new ReentrantLock();

  DuplicateDetector(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketIndexSync indexSync,
      TicketPreparer preparer,
      TicketLookup ticketLookup,
      CandidateSearch search,
      DuplicateTransitions transitions,
      DuplicateSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.tickets = tickets;
    this.duplicates = duplicates;
    this.indexSync = indexSync;
    this.preparer = preparer;
    this.ticketLookup = ticketLookup;
    this.search = search;
    this.transitions = transitions;
    this.settings = settings;
    this.transaction = transaction;
    this.clock = clock;
    this.compared =
        Timer.builder("lockstep.duplicates.compare")
            .description("Filing a ticket and comparing it with the others")
            .register(metrics);
  }

  /**
   * Stores the ticket, compares it if its compared fields changed, and proposes or links it.
   *
   * @return its link to a primary, if it is a duplicate now
   */
  Optional<Duplicate> detect(ObservedTicket observed) {
    @Nullable StoredTicket known = tickets.find(observed.record()).orElse(null);
    List<RecordRef> own = List.of(observed.record());
    if (known != null && known.equals(observed.toStoredTicket(known, clock.instant()))) {
      Optional<Duplicate> inForce = duplicates.findActive(own);
      if (inForce.isPresent() || observed.namedPrimary() == null) {
        return inForce;
      }
    }
    if (known == null && (!observed.isComparable(closedSince()) || isOff(observed))) {
      return Optional.empty();
    }
    PreparedTicket prepared = prepare(observed, known);
    return runExclusively(
        () -> {
          StoredTicket ticket = store(observed, prepared);
          transitions.store(ticket, decide(observed, ticket, prepared));
          return duplicates.findActive(own);
        });
  }

  private boolean isOff(ObservedTicket observed) {
    return settings.policyFor(observed.compared().service()).mode() == DuplicateSettings.Mode.OFF;
  }

  /**
   * Records that an operator merged a record of this ticket into a record of another ticket.
   *
   * @param end executed in the same transaction as the decision
   */
  Optional<Duplicate> recordMerge(ObservedTicket observed, RecordRef target, Runnable end) {
    PreparedTicket prepared = prepare(observed, tickets.find(observed.record()).orElse(null));
    return runExclusively(
        () -> {
          StoredTicket ticket = store(observed, prepared);
          ticketLookup
              .findTicketRef(target)
              .ifPresent(named -> transitions.store(ticket, linkToNamed(ticket, named)));
          Optional<Duplicate> link = duplicates.findActive(List.of(ticket.record()));
          link.ifPresent(found -> end.run());
          return link;
        });
  }

  /** Stores a ticket without comparing it. */
  void store(ObservedTicket observed) {
    PreparedTicket prepared = prepare(observed, null);
    runExclusively(() -> store(observed, prepared));
  }

  private StoredTicket store(ObservedTicket observed, PreparedTicket prepared) {
    StoredTicket before = tickets.find(observed.record()).orElse(null);
    return tickets.save(
        observed.toStoredTicket(before, clock.instant()).withEmbedding(prepared.embedding()));
  }

  /** Marks the ticket deleted: it is unlinked, and no longer a candidate for others. */
  @Override
  public void markDeleted(StoredTicket ticket) {
    runExclusively(
        () -> {
          duplicates
              .findActive(List.of(ticket.record()))
              .ifPresent(
                  link -> {
                    duplicates.save(link.withState(State.WITHDRAWN));
                    duplicates.addHistory(link, "gone", "The duplicate was deleted", LOCKSTEP);
                  });
          transitions.withdraw(ticket.record(), null);
          return tickets.save(ticket.markDeleted(clock.instant()));
        });
  }

  @Override
  public void startUnlinking(
      Duplicate duplicate, Duplicate.UnlinkReason why, String text, String by) {
    runExclusively(() -> transitions.startUnlinking(duplicate, why, text, by));
  }

  @Override
  public void runExclusively(Runnable decision) {
    runExclusively(
        () -> {
          decision.run();
          return decision;
        });
  }

  /** Runs a decision under the lock, in one transaction, on an index that is up to date. */
  <T> T runExclusively(Supplier<T> decision) {
    decisionLock.lock();
    try {
      return Objects.requireNonNull(
          compared.record(
              () ->
                  transaction.execute(
                      status -> {
                        tickets.lock();
                        indexSync.catchUp(closedSince());
                        return decision.get();
                      })));
    } finally {
      decisionLock.unlock();
    }
  }

  private Instant closedSince() {
    return clock.instant().minus(settings.closedWindow());
  }

  /**
   * Computes the embedding outside of the lock, since it takes most of the time. Unchanged texts
   * keep theirs.
   */
  private PreparedTicket prepare(ObservedTicket observed, @Nullable StoredTicket known) {
    StoredTicket ticket = observed.toStoredTicket(known, clock.instant());
    return known != null && known.embedding() != null && known.hasSameTextsAs(ticket)
        ? preparer.prepare(ticket.toTicket(), known.embedding())
        : preparer.prepare(ticket.toTicket());
  }

  /** Reads what the decision depends on, and no more than that. */
  private DuplicateDecision decide(
      ObservedTicket observed, StoredTicket ticket, PreparedTicket prepared) {
    boolean linked = duplicates.findActive(List.of(ticket.record())).isPresent();
    DuplicateSettings.Policy policy = settings.policyFor(ticket.compared().service());
    return DuplicateDecision.beforeComparison(ticket, linked, policy)
        .or(() -> findNamedPrimary(observed).map(named -> linkToNamed(ticket, named)))
        .orElseGet(
            () -> DuplicateDecision.of(search.find(ticket, prepared, policy.propose()), policy));
  }

  private Optional<RecordRef> findNamedPrimary(ObservedTicket observed) {
    return Optional.ofNullable(observed.namedPrimary()).flatMap(ticketLookup::findTicketRef);
  }

  private DuplicateDecision linkToNamed(StoredTicket ticket, RecordRef named) {
    return DuplicateDecision.ofNamedPrimary(ticket.record(), transitions.findRoot(named));
  }
}
