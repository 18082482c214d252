package dev.lockstep.duplicates.consolidate;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.sync.NoteSender;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the consolidation of duplicates. */
@Configuration(proxyBeanMethods = false)
class ConsolidateConfiguration {

  @Bean
  ChildNotifier notifier(
      Connectors connectors,
      NoteStore notes,
      NoteSender sender,
      Clock clock,
      @Value("${lockstep.notes.copied-within:5s}") Duration copiedWithin) {
    return new ChildNotifier(connectors, notes, sender, clock, copiedWithin);
  }

  @Bean
  ChildUpdater updater(
      Connectors connectors,
      References references,
      TicketRefresher refresher,
      DuplicateStore duplicates,
      ChildNotifier notifier) {
    return new ChildUpdater(connectors, references, refresher, duplicates, notifier);
  }

  @Bean
  ParentLinker linker(
      Connectors connectors,
      TicketRefresher refresher,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      ChildNotifier notifier,
      TransactionTemplate transaction) {
    return new ParentLinker(
        connectors, refresher, duplicates, tickets, pairs, notifier, transaction);
  }

  @Bean
  ParentUnlinker unlinker(
      Connectors connectors,
      TicketRefresher refresher,
      ChildUpdater updater,
      DuplicateFindings findings,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      TicketLookup ticketLookup,
      ChildNotifier notifier,
      WorkScheduler scheduler,
      Clock clock) {
    return new ParentUnlinker(
        connectors,
        refresher,
        updater,
        findings,
        duplicates,
        tickets,
        pairs,
        ticketLookup,
        notifier,
        scheduler,
        clock);
  }

  @Bean
  ChildWakeUp primaries(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      NoteStore notes,
      WorkScheduler scheduler,
      Clock clock) {
    return new ChildWakeUp(tickets, duplicates, ticketLookup, notes, scheduler, clock);
  }

  @Bean
  DuplicateReconciler duplicateReconciler(
      TicketLookup ticketLookup,
      DuplicateStore duplicates,
      ParentLinker linker,
      ChildUpdater updater,
      ParentUnlinker unlinker,
      DuplicateFindings findings) {
    return new DuplicateReconciler(ticketLookup, duplicates, linker, updater, unlinker, findings);
  }
}
