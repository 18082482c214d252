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

/** Puts together what leads a duplicate. */
@Configuration(proxyBeanMethods = false)
class ConsolidateConfiguration {

  @Bean
  ChildNotifier voice(
      Connectors connectors,
      NoteStore notes,
      NoteSender sender,
      Clock clock,
      @Value("${lockstep.notes.copied-within:5s}") Duration copiedWithin) {
    return new ChildNotifier(connectors, notes, sender, clock, copiedWithin);
  }

  @Bean
  ChildUpdater follower(
      Connectors connectors,
      References references,
      TicketRefresher lookout,
      DuplicateStore duplicates,
      ChildNotifier voice) {
    return new ChildUpdater(connectors, references, lookout, duplicates, voice);
  }

  @Bean
  ParentLinker joiner(
      Connectors connectors,
      TicketRefresher lookout,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      ChildNotifier voice,
      TransactionTemplate transaction) {
    return new ParentLinker(connectors, lookout, duplicates, tickets, pairs, voice, transaction);
  }

  @Bean
  ParentUnlinker leaver(
      Connectors connectors,
      TicketRefresher lookout,
      ChildUpdater follower,
      DuplicateFindings verdicts,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      TicketLookup standings,
      ChildNotifier voice,
      WorkScheduler wakes,
      Clock clock) {
    return new ParentUnlinker(
        connectors,
        lookout,
        follower,
        verdicts,
        duplicates,
        tickets,
        pairs,
        standings,
        voice,
        wakes,
        clock);
  }

  @Bean
  ChildWakeUp primaries(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketLookup standings,
      NoteStore notes,
      WorkScheduler wakes,
      Clock clock) {
    return new ChildWakeUp(tickets, duplicates, standings, notes, wakes, clock);
  }

  @Bean
  DuplicateReconciler duplicatePass(
      TicketLookup standings,
      DuplicateStore duplicates,
      ParentLinker joiner,
      ChildUpdater follower,
      ParentUnlinker leaver,
      DuplicateFindings verdicts) {
    return new DuplicateReconciler(standings, duplicates, joiner, follower, leaver, verdicts);
  }
}
