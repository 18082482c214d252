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
        new Adoption(connectors, mappings, snapshots, records, pairs, merger, adoption, metrics),
        scheduler,
        transaction,
        new UndecidedScope(metrics));
  }

  @Bean
  PairTransaction pairTransaction(
      PairStore pairs, NoteSender sender, TransactionTemplate transaction) {
    return new PairTransaction(pairs, sender, transaction);
  }

  @Bean
  BrokenPairs brokenPairs(PairTransaction journal) {
    return new BrokenPairs(journal);
  }

  @Bean
  CorrelationLoader correlationLoader(
      RecordStore records, PairStore pairs, BrokenPairs broken, WorkScheduler scheduler) {
    return new CorrelationLoader(records, pairs, broken, scheduler);
  }

  @Bean
  NoteListing noteListing(
      Connectors connectors, NoteStore notes, DeliveryStore deliveries, SentNotes sent) {
    return new NoteListing(connectors, notes, deliveries, sent);
  }

  @Bean
  Refresh refresh(
      RecordRefresher refresher,
      NoteListing listing,
      SnapshotReader snapshots,
      MappingCatalog mappings,
      PairStore pairs,
      PairTransaction journal,
      BrokenPairs broken) {
    return new Refresh(
        refresher,
        listing,
        new LostUpdateDetector(snapshots, pairs, journal),
        mappings,
        pairs,
        broken);
  }

  @Bean
  CounterpartLinker counterpartLinker(
      Connectors connectors,
      SnapshotReader snapshots,
      References references,
      PairStore pairs,
      NoteStore notes,
      CorrelationMerger merger,
      NoteListing listing,
      PairTransaction journal,
      WriteMetrics actions) {
    return new CounterpartLinker(
        connectors,
        snapshots,
        new CreationPlanner(new Planner(), references),
        pairs,
        notes,
        merger,
        listing,
        journal,
        actions);
  }

  @Bean
  PairSync pairSync(
      MappingCatalog mappings,
      PairStarter starter,
      CounterpartLinker linker,
      RecordRefresher refresher,
      Refresh refresh,
      Connectors connectors,
      SnapshotReader snapshots,
      References references,
      PairTransaction journal,
      WriteMetrics actions,
      Notifications notifications,
      MeterRegistry metrics) {
    return new PairSync(
        mappings,
        starter,
        linker,
        new ReferenceWriter(connectors, snapshots, journal),
        refresher,
        refresh,
        new Planner(),
        new Writer(connectors, snapshots, references, journal, actions, metrics),
        notifications);
  }

  @Bean
  NoteSync noteSync(
      Connectors connectors,
      MappingCatalog mappings,
      RecordRefresher refresher,
      NoteStore notes,
      DeliveryStore deliveries,
      PairStore pairs,
      PairTransaction journal,
      TransactionTemplate transaction,
      NoteSender sender,
      SentNotes sent) {
    return new NoteSync(
        connectors,
        mappings,
        refresher,
        notes,
        deliveries,
        pairs,
        journal,
        transaction,
        sender,
        sent);
  }

  @Bean
  RetriedNotes retriedNotes(
      DeliveryStore deliveries, NoteSender sender, WorkScheduler scheduler, Clock clock) {
    return new RetriedNotes(deliveries, sender, scheduler, clock);
  }
}
