package dev.lockstep.duplicates;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditStore;
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
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.ops.JsonColumns;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires duplicate detection. */
@Configuration(proxyBeanMethods = false)
class DuplicatesConfiguration {
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  @Bean
  TicketStore ticketStore(JdbcClient jdbc, RecordStore records) {
    return new TicketStore(jdbc, records);
  }

  @Bean
  DuplicateStore duplicateStore(
      JdbcClient jdbc, ObjectMapper json, AuditStore audit, Clock clock, MeterRegistry metrics) {
    DuplicateStore store =
        new DuplicateStore(jdbc, new JsonColumns(json, "duplicate"), audit, clock);
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

  /**
   * Notes of any compared ticket are kept, since they may have to be copied to future duplicates.
   */
  @Bean
  NoteInterest notesWanted(TicketStore tickets) {
    return tickets::exists;
  }

  @Bean
  Embedding embedding(DuplicateSettings settings) {
    return settings.embedding() ? new SentenceEmbedding() : Embedding.none();
  }

  @Bean
  TicketPreparer preparer(Embedding embedding) {
    return new TicketPreparer(embedding);
  }

  @Bean
  TicketIndex ticketIndex() {
    return new LuceneTicketIndex();
  }

  @Bean
  TicketLookup ticketLookup(TicketStore tickets, PairStore pairs) {
    return new TicketLookup(tickets, pairs);
  }

  @Bean
  TicketRefresher refresher(
      Connectors connectors,
      SnapshotReader snapshots,
      RecordStore records,
      WorkScheduler scheduler,
      Clock clock) {
    return new TicketRefresher(connectors, snapshots, records, scheduler, clock);
  }

  @Bean
  DuplicateTransitions transitions(
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      Connectors connectors,
      WorkScheduler scheduler,
      Clock clock,
      MeterRegistry metrics) {
    return new DuplicateTransitions(
        duplicates, ticketLookup, connectors, scheduler, clock, metrics);
  }

  @Bean
  DuplicateDetector detector(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketIndex index,
      TicketPreparer preparer,
      TicketLookup ticketLookup,
      Connectors connectors,
      DuplicateTransitions transitions,
      DuplicateSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    TicketIndexSync indexSync = new TicketIndexSync(tickets, preparer, index);
    return new DuplicateDetector(
        tickets,
        duplicates,
        indexSync,
        preparer,
        ticketLookup,
        new CandidateRanking(indexSync, duplicates, ticketLookup, connectors),
        transitions,
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
      TicketLookup ticketLookup,
      DuplicateTransitions transitions,
      DuplicateDetector detector,
      DeadLetters deadLetters) {
    return new DuplicateOperations(store, ticketLookup, transitions, detector, deadLetters);
  }

  @Bean
  DuplicateScreening screening(
      PairStore pairs,
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      TicketRefresher refresher,
      DuplicateDetector detector) {
    return new DuplicateScreening(pairs, duplicates, ticketLookup, refresher, detector);
  }

  @Bean
  DuplicateStep duplicateStep(
      MappingCatalog mappings,
      Connectors connectors,
      RecordStore records,
      PairStore pairs,
      NoteStore notes,
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketRefresher refresher,
      DuplicateScreening screening,
      DuplicateDetector detector,
      ChildWakeUp childWakeUp,
      DuplicateReconciler reconciler,
      WorkScheduler scheduler,
      TransactionTemplate transaction) {
    return new DuplicateStep(
        mappings,
        new UnpairedHandler(
            connectors,
            records,
            pairs,
            notes,
            tickets,
            refresher,
            screening,
            detector,
            childWakeUp),
        new PairedHandler(
            connectors,
            pairs,
            tickets,
            duplicates,
            refresher,
            screening,
            detector,
            childWakeUp,
            reconciler,
            scheduler,
            transaction),
        reconciler);
  }

  /**
   * Deletes tickets that have been closed for longer than the window and never were part of a
   * duplicate.
   */
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
                        .filter(record -> pairs.findAll(record).isEmpty())
                        .forEach(notes::forget))));
  }
}
