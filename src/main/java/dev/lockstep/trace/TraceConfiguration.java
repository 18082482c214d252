package dev.lockstep.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.ops.JsonColumns;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.actionitem.ActionItemAudit;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.followup.IncidentLookup;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Spring beans of traces and reports. */
@Configuration(proxyBeanMethods = false)
class TraceConfiguration {

  @Bean
  Traces traces(
      JdbcClient jdbc,
      ObjectMapper json,
      IncidentLookup incidents,
      PairStore pairs,
      DuplicateStore duplicates,
      PostmortemStore postmortems,
      ActionItemStore items,
      ActionItemAudit audit,
      Clock clock) {
    TraceQueries ledger = new TraceQueries(jdbc);
    return new TraceBuilder(
        new IdResolver(ledger, incidents, items, postmortems),
        incidents,
        pairs,
        duplicates,
        new IncidentQueries(jdbc, new JsonColumns(json, "pair")),
        ledger,
        postmortems,
        items,
        new ItemViews(audit, pairs, clock));
  }

  @Bean
  ActionReports actionReports(
      JdbcClient jdbc,
      ObjectMapper json,
      DuplicateStore duplicates,
      ActionItemStore items,
      ActionItemAudit audit,
      Clock clock) {
    return new ActionItemReport(
        items, audit, duplicates, new IncidentQueries(jdbc, new JsonColumns(json, "pair")), clock);
  }
}
