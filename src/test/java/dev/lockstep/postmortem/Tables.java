package dev.lockstep.postmortem;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.postmortem.actionitem.ActionItemAudit;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.RecordedWork;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables of postmortems on a real database; nobody works on what is woken. */
final class Tables implements AutoCloseable {
  /** What a wake-up does, in its caller's transaction. */
  Consumer<RecordRef> woken = subject -> {};

  final SettableClock clock = new SettableClock();
  final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  final PostmortemStore postmortems;
  final ActionItemStore store;
  final AuditStore auditStore;
  final ActionItemAudit audit;
  final ActionItems items;
  final PairStore pairs;
  final TransactionTemplate transaction;
  private final HikariDataSource database = TestDatabase.migrated();
  final JdbcClient jdbc = JdbcClient.create(database);

  Tables() {
    this(PostmortemSettings.DEFAULT);
  }

  Tables(PostmortemSettings settings) {
    postmortems = new PostmortemStore(jdbc, clock);
    auditStore = new AuditStore(jdbc, json, clock);
    audit = new ActionItemAudit(auditStore);
    store = new ActionItemStore(jdbc, json, clock);
    transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    pairs = new PairStore(jdbc, json, new RecordStore(jdbc, json), auditStore, clock);
    items =
        new ActionItems(
            store,
            audit,
            pairs,
            new RecordedWork(record -> woken.accept(record)),
            settings,
            transaction,
            clock,
            new SimpleMeterRegistry());
  }

  @Override
  public void close() {
    database.close();
  }
}
