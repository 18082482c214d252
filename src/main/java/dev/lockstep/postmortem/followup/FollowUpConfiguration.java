package dev.lockstep.postmortem.followup;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.NoteSender;
import dev.lockstep.sync.RetriedNotes;
import dev.lockstep.sync.SnapshotReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring beans of action item follow-up. */
@Configuration(proxyBeanMethods = false)
class FollowUpConfiguration {

  @Bean
  IncidentLookup incidents(
      MappingCatalog mappings,
      PairStore pairs,
      TicketStore tickets,
      Connectors connectors,
      SnapshotReader snapshots,
      JdbcClient jdbc) {
    return new IncidentLookup(mappings, pairs, tickets, connectors, snapshots, jdbc);
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
  @Primary
  EntryHandler postmortemDesk(
      @Qualifier("duplicateStep") EntryHandler next,
      MappingCatalog mappings,
      Connectors connectors,
      SnapshotReader snapshots,
      References references,
      PairStore pairs,
      NoteStore notes,
      NoteSender sender,
      IncidentLookup incidents,
      DuplicateStore duplicates,
      ActionItemStore store,
      ActionItems items,
      PostmortemStore postmortems,
      ClosureStore closures,
      PostmortemSettings settings,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    return new RetriedNotes(
        new ActionItemStep(
            next,
            pairs,
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
                clock)),
        pairs,
        notes,
        sender,
        scheduler,
        clock);
  }
}
