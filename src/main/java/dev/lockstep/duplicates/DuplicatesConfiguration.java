package dev.lockstep.duplicates;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.consolidate.ChildWakeUp;
import dev.lockstep.duplicates.consolidate.DuplicateReconciler;
import dev.lockstep.duplicates.settings.DuplicateSettings;
import dev.lockstep.duplicates.ticket.CandidateRanking;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketIndexSync;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.ops.JsonColumns;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.LuceneTicketIndex;
import dev.lockstep.similarity.SentenceEmbedding;
import dev.lockstep.similarity.TicketIndex;
import dev.lockstep.similarity.TicketPreparer;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.NoteInterest;
import dev.lockstep.sync.SnapshotReader;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the recognition of duplicates together. */
@Configuration(proxyBeanMethods = false)
class DuplicatesConfiguration {
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  @Bean
  TicketStore ticketStore(JdbcClient jdbc, ObjectMapper json) {
    return new TicketStore(jdbc, new JsonColumns(json, "ticket"));
  }

  @Bean
  DuplicateStore duplicateStore(
      JdbcClient jdbc, ObjectMapper json, Clock clock, MeterRegistry metrics) {
    DuplicateStore store = new DuplicateStore(jdbc, new JsonColumns(json, "duplicate"), clock);
    for (Duplicates.State state :
        List.of(
            Duplicates.State.PROPOSED,
            Duplicates.State.LINKING,
            Duplicates.State.LINKED,
            Duplicates.State.UNLINKING)) {
      Gauge.builder("lockstep.duplicates.open", () -> store.count(state))
          .description("Tickets that are, or may be, duplicates")
          .tag("state", state.name())
          .register(metrics);
    }
    return store;
  }

  /** Notes of a ticket that is compared may have to be told to duplicates it is yet to get. */
  @Bean
  NoteInterest notesWanted(TicketStore tickets) {
    return tickets::exists;
  }

  @Bean
  Embedding embedding(DuplicateSettings settings) {
    return settings.embedding() ? new SentenceEmbedding() : Embedding.none();
  }

  @Bean
  TicketPreparer reader(Embedding embedding) {
    return new TicketPreparer(embedding);
  }

  @Bean
  TicketIndex ticketIndex() {
    return new LuceneTicketIndex();
  }

  @Bean
  TicketLookup standings(TicketStore tickets, PairStore pairs) {
    return new TicketLookup(tickets, pairs);
  }

  @Bean
  TicketRefresher lookout(Connectors connectors, SnapshotReader snapshots, TicketStore tickets) {
    return new TicketRefresher(connectors, snapshots, tickets);
  }

  @Bean
  DuplicateTransitions consolidations(
      DuplicateStore duplicates,
      TicketLookup standings,
      Connectors connectors,
      WorkScheduler wakes,
      Clock clock,
      MeterRegistry metrics) {
    return new DuplicateTransitions(duplicates, standings, connectors, wakes, clock, metrics);
  }

  @Bean
  DuplicateDetector triage(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketIndex index,
      TicketPreparer reader,
      TicketLookup standings,
      Connectors connectors,
      DuplicateTransitions consolidations,
      DuplicateSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    TicketIndexSync catalogue = new TicketIndexSync(tickets, reader, index);
    return new DuplicateDetector(
        tickets,
        duplicates,
        catalogue,
        reader,
        standings,
        new CandidateRanking(catalogue, duplicates, standings, connectors),
        consolidations,
        settings,
        transaction,
        clock,
        Timer.builder("lockstep.duplicates.compare")
            .description("Filing a ticket and comparing it with the others")
            .register(metrics));
  }

  @Bean
  Duplicates duplicates(
      DuplicateStore store,
      TicketLookup standings,
      DuplicateTransitions consolidations,
      DuplicateDetector triage,
      DeadLetters deadLetters) {
    return new DuplicateOperations(store, standings, consolidations, triage, deadLetters);
  }

  @Bean
  DuplicateScreening reception(
      PairStore pairs,
      DuplicateStore duplicates,
      TicketLookup standings,
      TicketRefresher lookout,
      DuplicateDetector triage) {
    return new DuplicateScreening(pairs, duplicates, standings, lookout, triage);
  }

  @Bean
  EntryHandler duplicateDesk(
      @Qualifier("reconciliation") EntryHandler next,
      MappingCatalog mappings,
      Connectors connectors,
      PairStore pairs,
      NoteStore notes,
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketRefresher lookout,
      DuplicateScreening reception,
      DuplicateDetector triage,
      ChildWakeUp primaries,
      DuplicateReconciler pass,
      WorkScheduler wakes,
      TransactionTemplate transaction) {
    return new DuplicateStep(
        next,
        mappings,
        pairs,
        new UnpairedHandler(
            next, connectors, pairs, notes, tickets, lookout, reception, triage, primaries, pass),
        new PairedHandler(
            next,
            connectors,
            pairs,
            tickets,
            duplicates,
            lookout,
            reception,
            triage,
            primaries,
            pass,
            wakes,
            transaction),
        wakes);
  }

  /** A ticket that was over long enough and never was anybody's duplicate leaves nothing behind. */
  @Bean
  RecurringWork forgetting(
      TicketStore tickets,
      NoteStore notes,
      PairStore pairs,
      DuplicateSettings settings,
      Clock clock) {
    return new RecurringWork(
        List.of(
            new RecurringWork.Job(
                "forget tickets",
                FORGET_EVERY,
                () ->
                    tickets.deleteUnused(clock.instant().minus(settings.closedWindow())).stream()
                        .filter(record -> pairs.find(record).isEmpty())
                        .forEach(notes::forget))));
  }
}
