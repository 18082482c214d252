package dev.lockstep.postmortem;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.ops.JsonColumns;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.actionitem.ActionItemAudit;
import dev.lockstep.postmortem.actionitem.ActionItemGateway;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.followup.ClosureSweep;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.postmortem.parse.MarkdownReader;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.postmortem.settings.PostmortemSettingsFile;
import dev.lockstep.postmortem.settings.PostmortemWordsFile;
import dev.lockstep.sync.MappingCatalog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring beans of the handoff from postmortems to changes. */
@Configuration(proxyBeanMethods = false)
class PostmortemConfiguration {
  /** Not time-critical, and each unknown owner is a call. */
  private static final Duration OWNERS = Duration.ofMinutes(15);

  @Bean
  PostmortemSettingsFile postmortemSettingsFile(
      @Value("${lockstep.postmortems.settings:config/postmortems.yaml}") Path file) {
    return new PostmortemSettingsFile(file);
  }

  @Bean
  StartupCheck postmortemSettingsCheck(PostmortemSettingsFile file) {
    return file::problems;
  }

  @Bean
  PostmortemSettings postmortemSettings(PostmortemSettingsFile file) {
    return file.read();
  }

  @Bean
  ActionItemStore actionItemStore(
      JdbcClient jdbc, ObjectMapper json, Clock clock, MeterRegistry metrics) {
    ActionItemStore store = new ActionItemStore(jdbc, new JsonColumns(json, "action_item"), clock);
    for (ActionItemStatus stage : ActionItemStatus.values()) {
      if (!stage.isFinished()) {
        Gauge.builder("lockstep.action.items.open", () -> store.count(stage))
            .description("Action items that are not done")
            .tag("stage", stage.slug())
            .register(metrics);
      }
    }
    return store;
  }

  @Bean
  ActionItemAudit actionItemAudit(AuditStore audit) {
    return new ActionItemAudit(audit);
  }

  @Bean
  PostmortemStore postmortemStore(JdbcClient jdbc, Clock clock) {
    return new PostmortemStore(jdbc, clock);
  }

  @Bean
  ActionItems actionItems(
      ActionItemStore store,
      ActionItemAudit audit,
      PairStore pairs,
      WorkScheduler scheduler,
      PostmortemSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    return new ActionItems(store, audit, pairs, scheduler, settings, transaction, clock, metrics);
  }

  /** Called by the Kamelets of {@code connectors/lockstep} under this name. */
  @Bean
  ActionItemGateway localRecords(
      ActionItemStore store,
      ActionItemAudit audit,
      ActionItems items,
      MappingCatalog mappings,
      IncidentLookup incidents,
      PostmortemStore postmortems,
      ObjectMapper json,
      Clock clock) {
    return new ActionItemGateway(
        store, audit, items, new ActionItemContext(mappings, incidents, postmortems), json, clock);
  }

  @Bean
  PostmortemImport postmortems(
      PostmortemStore postmortems,
      ActionItemStore store,
      ActionItems items,
      IncidentLookup incidents,
      TransactionTemplate transaction,
      Clock clock) {
    return new PostmortemImport(
        postmortems, store, items, incidents::findByName, transaction, clock);
  }

  @Bean
  ReportedActionItems tasks(ActionItems items) {
    return new ReportedActionItems(items);
  }

  @Bean
  RejectedFiles postmortemRefusals(PostmortemStore postmortems, MeterRegistry metrics) {
    RejectedFiles refusals = new RejectedFiles();
    stuck("refused", () -> refusals.all().size(), metrics);
    stuck("waiting", postmortems::countWaiting, metrics);
    return refusals;
  }

  private static void stuck(String why, Supplier<Number> count, MeterRegistry metrics) {
    Gauge.builder("lockstep.postmortems.stuck", count)
        .description("Postmortems that are waiting or were rejected")
        .tag("why", why)
        .register(metrics);
  }

  @Bean
  PostmortemQueries postmortemShelf(
      PostmortemStore postmortems, ActionItemStore items, RejectedFiles refusals) {
    return new JdbcPostmortemQueries(postmortems, items, refusals);
  }

  @Bean
  PostmortemWordsFile postmortemWordsFile(
      @Value("${lockstep.postmortems.words:config/postmortem-words.yaml}") Path file) {
    return new PostmortemWordsFile(file);
  }

  @Bean
  StartupCheck postmortemWordsCheck(PostmortemWordsFile file) {
    return file::problems;
  }

  @Bean
  PostmortemParser documents(PostmortemWordsFile words) {
    return new PostmortemParser(new MarkdownReader(words.read()));
  }

  @Bean
  StartupCheck postmortemFolderCheck(@Value("${lockstep.postmortems.folder:}") String folder) {
    return () ->
        folder.isBlank() || PostmortemFolder.isReadable(Path.of(folder))
            ? List.of()
            : List.of(
                "LOCKSTEP_POSTMORTEMS_DIR (lockstep.postmortems.folder): %s is not a readable folder; create it, grant Lockstep's user read permission, or leave the setting empty"
                    .formatted(folder));
  }

  @Bean
  PostmortemFolder postmortemFolder(
      @Value("${lockstep.postmortems.folder:}") String folder,
      PostmortemParser documents,
      PostmortemImport filing,
      RejectedFiles refusals,
      Clock clock) {
    return new PostmortemFolder(Path.of(folder), documents, filing, refusals, clock);
  }

  /** Only if a folder is configured. */
  @Bean
  RecurringWork postmortemImports(
      @Value("${lockstep.postmortems.folder:}") String folder,
      @Value("${lockstep.postmortems.look:10s}") Duration every,
      ObjectProvider<RouteCaller> routes) {
    return new RecurringWork(
        folder.isBlank()
            ? List.of()
            : List.of(
                new RecurringWork.Job(
                    "look for postmortems",
                    every,
                    () -> routes.getObject().call("direct:import-postmortem", ""))));
  }

  /**
   * Recurring checks for what no event reports: systems that respond again, and time that has
   * passed.
   */
  @Bean
  RecurringWork postmortemRounds(
      @Value("${lockstep.postmortems.rounds:30s}") Duration every,
      PostmortemImport filing,
      ClosureSweep rounds) {
    return new RecurringWork(
        List.of(
            new RecurringWork.Job("join waiting postmortems", every, filing::retry),
            new RecurringWork.Job("look after incidents", every, rounds::scheduleIncidents),
            new RecurringWork.Job("look for owners", OWNERS, rounds::scheduleUnplannedItems)));
  }
}
