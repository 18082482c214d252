package dev.lockstep.duplicates;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.apply.MappingCatalog;
import dev.lockstep.apply.NoteSender;
import dev.lockstep.apply.NotesWanted;
import dev.lockstep.apply.Snapshots;
import dev.lockstep.connector.Connectors;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Reconciliation;
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.inbox.Wakes;
import dev.lockstep.likeness.Embedding;
import dev.lockstep.likeness.LuceneTicketIndex;
import dev.lockstep.likeness.Reader;
import dev.lockstep.likeness.SentenceEmbedding;
import dev.lockstep.likeness.TicketIndex;
import dev.lockstep.mapping.References;
import dev.lockstep.ops.JsonColumns;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
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
            Duplicates.State.JOINING,
            Duplicates.State.JOINED,
            Duplicates.State.LEAVING)) {
      Gauge.builder("lockstep.duplicates.open", () -> store.count(state))
          .description("Tickets that are, or may be, duplicates")
          .tag("state", state.name())
          .register(metrics);
    }
    return store;
  }

  /** Notes of a ticket that is compared may have to be told to duplicates it is yet to get. */
  @Bean
  NotesWanted notesWanted(TicketStore tickets) {
    return tickets::exists;
  }

  @Bean
  Embedding embedding(DuplicateSettings settings) {
    return settings.embedding() ? new SentenceEmbedding() : Embedding.none();
  }

  @Bean
  Reader reader(Embedding embedding) {
    return new Reader(embedding);
  }

  @Bean
  TicketIndex ticketIndex() {
    return new LuceneTicketIndex();
  }

  @Bean
  Standings standings(TicketStore tickets, PairStore pairs) {
    return new Standings(tickets, pairs);
  }

  @Bean
  Lookout lookout(Connectors connectors, Snapshots snapshots, TicketStore tickets) {
    return new Lookout(connectors, snapshots, tickets);
  }

  @Bean
  Consolidations consolidations(
      DuplicateStore duplicates,
      Standings standings,
      Connectors connectors,
      Wakes wakes,
      Clock clock,
      MeterRegistry metrics) {
    return new Consolidations(duplicates, standings, connectors, wakes, clock, metrics);
  }

  @Bean
  Triage triage(
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketIndex index,
      Reader reader,
      Standings standings,
      Connectors connectors,
      Consolidations consolidations,
      DuplicateSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    Catalogue catalogue = new Catalogue(tickets, reader, index);
    return new Triage(
        tickets,
        duplicates,
        catalogue,
        reader,
        standings,
        new Search(catalogue, duplicates, standings, connectors),
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
      Standings standings,
      Consolidations consolidations,
      Triage triage,
      DeadLetters deadLetters) {
    return new Decisions(store, standings, consolidations, triage, deadLetters);
  }

  @Bean
  Voice voice(Connectors connectors, NoteStore notes, NoteSender sender, Clock clock) {
    return new Voice(connectors, notes, sender, clock);
  }

  @Bean
  Follower follower(
      Connectors connectors,
      References references,
      Lookout lookout,
      DuplicateStore duplicates,
      Voice voice) {
    return new Follower(connectors, references, lookout, duplicates, voice);
  }

  @Bean
  Joiner joiner(
      Connectors connectors,
      Lookout lookout,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      Voice voice,
      TransactionTemplate transaction) {
    return new Joiner(connectors, lookout, duplicates, tickets, pairs, voice, transaction);
  }

  @Bean
  Leaver leaver(
      Connectors connectors,
      Lookout lookout,
      Follower follower,
      Triage triage,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      NoteStore notes,
      Standings standings,
      Voice voice,
      Wakes wakes,
      Clock clock) {
    return new Leaver(
        connectors,
        lookout,
        follower,
        triage,
        duplicates,
        tickets,
        pairs,
        notes,
        standings,
        voice,
        wakes,
        clock);
  }

  @Bean
  Primaries primaries(
      TicketStore tickets,
      DuplicateStore duplicates,
      Standings standings,
      NoteStore notes,
      Wakes wakes,
      Clock clock) {
    return new Primaries(tickets, duplicates, standings, notes, wakes, clock);
  }

  @Bean
  DuplicatePass duplicatePass(
      Standings standings,
      DuplicateStore duplicates,
      Joiner joiner,
      Follower follower,
      Leaver leaver,
      Consolidations consolidations,
      Triage triage) {
    return new DuplicatePass(
        standings, duplicates, joiner, follower, leaver, consolidations, triage);
  }

  @Bean
  Reception reception(
      PairStore pairs,
      DuplicateStore duplicates,
      Standings standings,
      Lookout lookout,
      Triage triage) {
    return new Reception(pairs, duplicates, standings, lookout, triage);
  }

  @Bean
  @Primary
  Reconciliation duplicateDesk(
      @Qualifier("reconciliation") Reconciliation next,
      MappingCatalog mappings,
      Connectors connectors,
      PairStore pairs,
      NoteStore notes,
      TicketStore tickets,
      DuplicateStore duplicates,
      Lookout lookout,
      Reception reception,
      Triage triage,
      Primaries primaries,
      DuplicatePass pass,
      Wakes wakes,
      TransactionTemplate transaction) {
    return new DuplicateDesk(
        next,
        mappings,
        pairs,
        new LoneRecords(
            next, connectors, pairs, notes, tickets, lookout, reception, triage, primaries, pass),
        new PairedRecords(
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
                    tickets.forget(clock.instant().minus(settings.closedWindow())).stream()
                        .filter(record -> pairs.find(record).isEmpty())
                        .forEach(notes::forget))));
  }
}
