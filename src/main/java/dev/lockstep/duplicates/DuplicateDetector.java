package dev.lockstep.duplicates;

import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.consolidate.DuplicateFindings;
import dev.lockstep.duplicates.settings.DuplicateSettings;
import dev.lockstep.duplicates.ticket.CandidateRanking;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.ObservedTicket;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketIndexSync;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.duplicates.ticket.TicketTextLimits;
import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.TicketPreparer;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides whether a ticket is a duplicate, before it may begin a pair. Decisions are made one at a
 * time, over all processes, and committed before anything is done about them: of forty tickets that
 * arrive at once the first is known to the second, however far its pair has come.
 */
class DuplicateDetector implements DuplicateFindings {
  private final TicketStore tickets;
  private final DuplicateStore duplicates;
  private final TicketIndexSync catalogue;
  private final TicketPreparer reader;
  private final TicketLookup standings;
  private final CandidateRanking search;
  private final DuplicateTransitions consolidations;
  private final DuplicateSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final Timer compared;

  /** Spares the database's connections: only one thread of a process waits for its lock. */
  private final ReentrantLock decisionLock = new ReentrantLock();

  DuplicateDetector(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketIndexSync catalogue,
      TicketPreparer reader,
      TicketLookup standings,
      CandidateRanking search,
      DuplicateTransitions consolidations,
      DuplicateSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      Timer compared) {
    this.tickets = tickets;
    this.duplicates = duplicates;
    this.catalogue = catalogue;
    this.reader = reader;
    this.standings = standings;
    this.search = search;
    this.consolidations = consolidations;
    this.settings = settings;
    this.transaction = transaction;
    this.clock = clock;
    this.compared = compared;
  }

  /**
   * Files the ticket, compares it if what is compared changed, and proposes or consolidates.
   *
   * @return what it hangs under now, if anything
   */
  Optional<Duplicate> detect(ObservedTicket arrival) {
    @Nullable StoredTicket known = tickets.find(arrival.record()).orElse(null);
    List<RecordRef> own = List.of(arrival.record());
    if (known != null && known.equals(toStoredTicket(arrival, known))) {
      Optional<Duplicate> inForce = duplicates.findActive(own);
      if (inForce.isPresent() || arrival.namedPrimary() == null) {
        return inForce;
      }
    }
    if (known == null && (!isComparable(arrival) || isOff(arrival))) {
      return Optional.empty();
    }
    PreparedTicket reading = prepare(arrival, known);
    return runExclusively(
        () -> {
          decide(arrival, store(arrival, reading), reading);
          return duplicates.findActive(own);
        });
  }

  private boolean isOff(ObservedTicket arrival) {
    return settings.policyFor(arrival.compared().service()).mode() == DuplicateSettings.Mode.OFF;
  }

  /**
   * A person merged a record of this ticket into one of another ticket's.
   *
   * @param end what has to hold from the same moment on
   */
  Optional<Duplicate> recordMerge(ObservedTicket arrival, RecordRef target, Runnable end) {
    PreparedTicket reading = prepare(arrival, tickets.find(arrival.record()).orElse(null));
    return runExclusively(
        () -> {
          StoredTicket ticket = store(arrival, reading);
          standings.findTicketRef(target).ifPresent(primary -> consolidations.linkToNamedParent(ticket, primary));
          Optional<Duplicate> hangs = duplicates.findActive(List.of(ticket.record()));
          hangs.ifPresent(found -> end.run());
          return hangs;
        });
  }

  /** Files a ticket that is not compared now. */
  void store(ObservedTicket arrival) {
    PreparedTicket reading = prepare(arrival, null);
    runExclusively(() -> store(arrival, reading));
  }

  private StoredTicket store(ObservedTicket arrival, PreparedTicket reading) {
    StoredTicket before = tickets.find(arrival.record()).orElse(null);
    return tickets.save(toStoredTicket(arrival, before).withEmbedding(reading.embedding()));
  }

  /** Nothing is hung under it any more. */
  @Override
  public void markDeleted(StoredTicket ticket) {
    runExclusively(
        () -> {
          duplicates
              .findActive(List.of(ticket.record()))
              .ifPresent(
                  hangs -> {
                    duplicates.save(hangs.withState(State.WITHDRAWN));
                    duplicates.addHistory(hangs, "gone", "The duplicate was deleted", LOCKSTEP);
                  });
          consolidations.withdraw(ticket.record(), null);
          return tickets.save(ticket.markDeleted(clock.instant()));
        });
  }

  @Override
  public void startUnlinking(Duplicate duplicate, Duplicate.UnlinkReason why, String text, String by) {
    runExclusively(() -> consolidations.startUnlinking(duplicate, why, text, by));
  }

  @Override
  public void runExclusively(Runnable decision) {
    runExclusively(
        () -> {
          decision.run();
          return decision;
        });
  }

  /** Makes a decision, so that it takes its turn among the others. */
  <T> T runExclusively(Supplier<T> decision) {
    decisionLock.lock();
    try {
      return Objects.requireNonNull(
          compared.record(
              () ->
                  transaction.execute(
                      status -> {
                        tickets.lock();
                        catalogue.catchUp(closedSince());
                        return decision.get();
                      })));
    } finally {
      decisionLock.unlock();
    }
  }

  private Instant closedSince() {
    return clock.instant().minus(settings.closedWindow());
  }

  /** Work that is over is only worth knowing for a while. */
  private boolean isComparable(ObservedTicket arrival) {
    return isInScope(arrival)
        && (!arrival.isResolvedOrClosed() || arrival.seen().updatedAt().isAfter(closedSince()));
  }

  private static boolean isInScope(ObservedTicket arrival) {
    return arrival.rules().inScope(arrival.side(), arrival.seen().values());
  }

  /** The ticket as its row should be; what is not compared stays as it was. */
  private StoredTicket toStoredTicket(ObservedTicket arrival, @Nullable StoredTicket known) {
    Instant now = clock.instant();
    Instant opened = arrival.seen().openedAt();
    Instant openedAt = opened == null ? now : opened;
    Instant overAt =
        known == null ? arrival.seen().updatedAt() : known.isOpen() ? now : known.closedAt();
    return new StoredTicket(
        arrival.record(),
        arrival.mapping().name(),
        known == null ? arrival.side() : known.side(),
        isInScope(arrival)
            ? TicketTextLimits.bounded(arrival.compared())
            : TicketTextLimits.NOTHING,
        known == null ? openedAt : known.openedAt(),
        arrival.isResolvedOrClosed() ? overAt : null,
        arrival.starts(),
        false,
        false,
        known == null ? arrival.seen() : known.seen(),
        known == null ? null : known.embedding(),
        known == null ? 0 : known.revision());
  }

  /** The costly part, outside of everybody's turn; words that did not change keep their meaning. */
  private PreparedTicket prepare(ObservedTicket arrival, @Nullable StoredTicket known) {
    StoredTicket ticket = toStoredTicket(arrival, known);
    if (known == null) {
      return reader.prepare(ticket.toTicket());
    }
    boolean same =
        known.compared().title().equals(ticket.compared().title())
            && known.compared().description().equals(ticket.compared().description());
    return same && known.embedding() != null
        ? reader.prepare(ticket.toTicket(), known.embedding())
        : reader.prepare(ticket.toTicket());
  }

  private void decide(ObservedTicket arrival, StoredTicket ticket, PreparedTicket reading) {
    RecordRef record = ticket.record();
    if (duplicates.findActive(List.of(record)).isPresent()) {
      return;
    }
    if (!ticket.isOpen()) {
      consolidations.withdraw(record, null);
      return;
    }
    DuplicateSettings.Policy policy = settings.policyFor(ticket.compared().service());
    if (policy.mode() == DuplicateSettings.Mode.OFF) {
      return;
    }
    Optional<RecordRef> named =
        Optional.ofNullable(arrival.namedPrimary()).flatMap(standings::findTicketRef);
    if (named.isPresent()) {
      consolidations.linkToNamedParent(ticket, named.get());
      return;
    }
    Optional<CandidateRanking.Candidate> best = search.findBest(ticket, reading, policy);
    consolidations.withdraw(record, best.map(found -> found.root().ticket().record()).orElse(null));
    best.ifPresent(
        found -> {
          boolean joins = policy.mode() == DuplicateSettings.Mode.AUTOMATIC && found.automatic();
          consolidations.proposeOrLink(ticket, found, joins ? State.LINKING : State.PROPOSED);
        });
  }
}
