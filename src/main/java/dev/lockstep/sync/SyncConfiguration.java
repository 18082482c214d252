package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
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
  PairIndex pairIndex(
      RecordStore records,
      PairStore pairs,
      NoteStore notes,
      DeliveryStore deliveries,
      SentNotes sent,
      NoteInterest notesWanted,
      SnapshotReader snapshots) {
    return new PairIndex(records, pairs, notes, deliveries, sent, notesWanted, snapshots);
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
  SentNotes sentNotes(Connectors connectors, DeliveryStore deliveries) {
    return new SentNotes(connectors, deliveries);
  }

  @Bean
  NoteSender noteSender(
      Connectors connectors,
      NoteStore notes,
      DeliveryStore deliveries,
      WriteMetrics actions,
      DeadLetters deadLetters,
      TransactionTemplate transaction,
      NoteSender.Lease lease,
      Clock clock) {
    return new NoteSender(
        connectors, notes, deliveries, actions, deadLetters, transaction, lease, clock);
  }

  @Bean
  SnapshotReader snapshots(References references, MappingCatalog mappings) {
    return new SnapshotReader(references, mappings);
  }

  @Bean
  RecordRefresher recordRefresher(
      Connectors connectors, SnapshotReader snapshots, MappingCatalog mappings) {
    return new RecordRefresher(connectors, snapshots, mappings);
  }

  @Bean
  CorrelationMerger correlationMerger(
      RecordStore records,
      PairStore pairs,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      Clock clock) {
    return new CorrelationMerger(records, pairs, scheduler, transaction, clock);
  }

  @Bean
  PairStarter pairStarter(
      Connectors connectors,
      MappingCatalog mappings,
      SnapshotReader snapshots,
      RecordStore records,
      PairStore pairs,
      NoteStore notes,
      NoteInterest notesWanted,
      CorrelationMerger merger,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      MeterRegistry metrics,
      @Value("${lockstep.adoption:true}") boolean adoption) {
    return new PairStarter(
        connectors,
        mappings,
        snapshots,
        records,
        pairs,
        notes,
        notesWanted,
        new Adoption(
            connectors, mappings, snapshots, records, pairs, merger, adoption, metrics),
        scheduler,
        transaction,
        new UndecidedScope(metrics));
  }

  @Bean
  Step reconciler(
      PairStore pairs,
      NoteStore notes,
      DeliveryStore deliveries,
      Connectors connectors,
      MappingCatalog mappings,
      References references,
      SnapshotReader snapshots,
      RecordRefresher refresher,
      NoteSender sender,
      SentNotes sent,
      WriteMetrics actions,
      PairStarter starter,
      CorrelationMerger merger,
      Notifications notifications,
      TransactionTemplate transaction,
      MeterRegistry metrics) {
    var planner = new Planner();
    var journal = new PairTransaction(pairs, sender, transaction);
    var listing = new NoteListing(connectors, notes, deliveries, sent);
    return new Reconciler(
        pairs,
        mappings,
        starter,
        new CounterpartLinker(
            connectors,
            snapshots,
            references,
            planner,
            pairs,
            notes,
            merger,
            listing,
            journal,
            actions),
        refresher,
        listing,
        planner,
        new Writer(connectors, snapshots, references, journal, actions, metrics),
        new NoteSync(
            connectors,
            mappings,
            refresher,
            notes,
            deliveries,
            pairs,
            journal,
            transaction,
            sender,
            sent),
        journal,
        new LostUpdateDetector(snapshots, pairs, journal),
        notifications);
  }
}
