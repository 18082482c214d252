package dev.lockstep.apply;

import dev.lockstep.connector.Connectors;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.Planner;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the engine together. */
@Configuration(proxyBeanMethods = false)
class ApplyConfiguration {

  @Bean
  PairFiles pairFiles(
      PairStore pairs,
      NoteStore notes,
      NotesWanted notesWanted,
      MappingCatalog mappings,
      Snapshots snapshots) {
    return new PairFiles(pairs, notes, notesWanted, mappings, snapshots);
  }

  @Bean
  ActionCounter actionCounter(MeterRegistry metrics) {
    return new ActionCounter(metrics);
  }

  @Bean
  NoteSender.Lease noteLease() {
    return new NoteSender.Lease(Duration.ofSeconds(16));
  }

  @Bean
  NoteSender noteSender(
      Connectors connectors,
      NoteStore notes,
      ActionCounter actions,
      DeadLetters deadLetters,
      TransactionTemplate transaction,
      NoteSender.Lease lease,
      Clock clock) {
    return new NoteSender(connectors, notes, actions, deadLetters, transaction, lease, clock);
  }

  @Bean
  Snapshots snapshots(References references) {
    return new Snapshots(references);
  }

  @Bean
  EntryHandler reconciliation(
      PairStore pairs,
      NoteStore notes,
      Connectors connectors,
      MappingCatalog mappings,
      References references,
      Snapshots snapshots,
      NoteSender sender,
      ActionCounter actions,
      NotesWanted notesWanted,
      Notifications notifications,
      WorkScheduler wakes,
      TransactionTemplate transaction,
      MeterRegistry metrics,
      @Value("${lockstep.adoption:true}") boolean adoption) {
    var planner = new Planner();
    var journal = new Journal(pairs, sender, transaction);
    var listing = new NoteListing(connectors, notes, sender);
    var observer = new Observer(connectors, snapshots, listing);
    return new Reconciler(
        pairs,
        mappings,
        new Starter(
            connectors,
            mappings,
            snapshots,
            pairs,
            notes,
            notesWanted,
            wakes,
            transaction,
            new UndecidedScope(metrics),
            adoption,
            metrics),
        new Linker(connectors, snapshots, references, planner, pairs, listing, journal, actions),
        observer,
        planner,
        new Writer(connectors, snapshots, references, journal, actions, metrics),
        new NoteCarrier(connectors, observer, notes, pairs, journal, transaction, sender),
        journal,
        new LateNews(snapshots, pairs, journal),
        notifications);
  }
}
