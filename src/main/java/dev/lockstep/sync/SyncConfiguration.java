package dev.lockstep.sync;

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

/** Spring beans of the sync engine. */
@Configuration(proxyBeanMethods = false)
class SyncConfiguration {

  @Bean
  PairIndex pairFiles(
      PairStore pairs,
      NoteStore notes,
      NoteInterest notesWanted,
      MappingCatalog mappings,
      SnapshotReader snapshots) {
    return new PairIndex(pairs, notes, notesWanted, mappings, snapshots);
  }

  @Bean
  WriteMetrics actionCounter(MeterRegistry metrics) {
    return new WriteMetrics(metrics);
  }

  @Bean
  NoteSender.Lease noteLease() {
    return new NoteSender.Lease(Duration.ofSeconds(16));
  }

  @Bean
  NoteSender noteSender(
      Connectors connectors,
      NoteStore notes,
      WriteMetrics actions,
      DeadLetters deadLetters,
      TransactionTemplate transaction,
      NoteSender.Lease lease,
      Clock clock) {
    return new NoteSender(connectors, notes, actions, deadLetters, transaction, lease, clock);
  }

  @Bean
  SnapshotReader snapshots(References references) {
    return new SnapshotReader(references);
  }

  @Bean
  EntryHandler reconciliation(
      PairStore pairs,
      NoteStore notes,
      Connectors connectors,
      MappingCatalog mappings,
      References references,
      SnapshotReader snapshots,
      NoteSender sender,
      WriteMetrics actions,
      NoteInterest notesWanted,
      Notifications notifications,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      MeterRegistry metrics,
      @Value("${lockstep.adoption:true}") boolean adoption) {
    var planner = new Planner();
    var journal = new PairTransaction(pairs, sender, transaction);
    var listing = new NoteListing(connectors, notes, sender);
    var observer = new PairRefresher(connectors, snapshots, listing);
    return new Reconciler(
        pairs,
        mappings,
        new PairStarter(
            connectors,
            mappings,
            snapshots,
            pairs,
            notes,
            notesWanted,
            scheduler,
            transaction,
            new UndecidedScope(metrics),
            adoption,
            metrics),
        new CounterpartLinker(
            connectors, snapshots, references, planner, pairs, listing, journal, actions),
        observer,
        planner,
        new Writer(connectors, snapshots, references, journal, actions, metrics),
        new NoteSync(connectors, observer, notes, pairs, journal, transaction, sender),
        journal,
        new LostUpdateDetector(snapshots, pairs, journal),
        notifications);
  }
}
