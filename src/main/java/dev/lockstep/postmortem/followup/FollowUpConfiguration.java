package dev.lockstep.postmortem.followup;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.NoteSender;
import dev.lockstep.sync.SnapshotReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring beans of action item follow-up. */
@Configuration(proxyBeanMethods = false)
class FollowUpConfiguration {

  @Bean
  IncidentLookup incidents(
      MappingCatalog mappings,
      RecordStore records,
      PairStore pairs,
      TicketStore tickets,
      Connectors connectors,
      SnapshotReader snapshots,
      JdbcClient jdbc) {
    return new IncidentLookup(mappings, records, pairs, tickets, connectors, snapshots, jdbc);
  }

  @Bean
  ClosureStore closureStore(JdbcClient jdbc) {
    return new ClosureStore(jdbc);
  }

  @Bean
  ClosureSweep guardRounds(
      ClosureStore closures,
      ActionItemStore store,
      ActionItems items,
      PostmortemSettings settings,
      Clock clock) {
    return new ClosureSweep(closures, store, items, settings, clock);
  }

  @Bean
  ActionItemStep actionItemStep(
      MappingCatalog mappings,
      Connectors connectors,
      SnapshotReader snapshots,
      References references,
      NoteStore notes,
      NoteSender sender,
      IncidentLookup incidents,
      DuplicateStore duplicates,
      ActionItemStore store,
      ActionItems items,
      PostmortemStore postmortems,
      ClosureStore closures,
      PostmortemSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    return new ActionItemStep(
        incidents,
        new ActionItemPlanner(
            items,
            mappings,
            incidents,
            new OwnerResolver(connectors, settings),
            notes,
            sender,
            settings),
        new IncidentNotifier(
            incidents,
            duplicates,
            store,
            items,
            postmortems,
            notes,
            sender,
            new ClosureGuard(
                closures,
                postmortems,
                settings,
                connectors,
                snapshots,
                references,
                transaction,
                clock,
                metrics),
            settings,
            transaction,
            clock));
  }
}
