package dev.lockstep.apply;

import dev.lockstep.connector.Connectors;
import dev.lockstep.inbox.Reconciliation;
import dev.lockstep.inbox.Wakes;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.Planner;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the engine together. */
@Configuration(proxyBeanMethods = false)
class ApplyConfiguration {

  @Bean
  PairFiles pairFiles(PairStore pairs, NoteStore notes) {
    return new PairFiles(pairs, notes);
  }

  @Bean
  Reconciliation reconciliation(
      PairStore pairs,
      NoteStore notes,
      Connectors connectors,
      MappingCatalog mappings,
      References references,
      Wakes wakes,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    var snapshots = new Snapshots(references);
    var planner = new Planner();
    var actions = new ActionCounter(metrics);
    var journal = new Journal(pairs, notes, transaction, clock);
    return new Reconciler(
        pairs,
        mappings,
        new Starter(connectors, mappings, snapshots, pairs, notes, wakes, transaction),
        new Linker(connectors, snapshots, references, planner, pairs, notes, journal, actions),
        new Observer(connectors, snapshots, notes),
        planner,
        new Writer(connectors, snapshots, references, journal, actions, metrics),
        new NoteCarrier(connectors, notes, pairs, transaction, actions),
        journal,
        new LateNews(snapshots, pairs, journal));
  }
}
