package dev.lockstep.trace;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.poll.SystemClocks;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemAudit;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.ChangeRequestState;
import dev.lockstep.postmortem.actionitem.EarlierChange;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.RecordedWork;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TableMapping;
import dev.lockstep.testkit.TestDatabase;
import dev.lockstep.trace.timeline.PairEvents;
import dev.lockstep.trace.timeline.TimelineSource;
import dev.lockstep.trace.timeline.Timelines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The tables with what a test tells to have happened. There are no systems behind it: whoever asked
 * one would fail.
 */
final class Story implements AutoCloseable {
  static final RecordRef INCIDENT = RecordRef.parse("itsm/incident/a1");
  static final RecordRef ALERT = RecordRef.parse("platform/incident/QX1");
  static final RecordRef DUPLICATE = RecordRef.parse("itsm/incident/b7");

  static final Instant OPENED = Instant.parse("2026-11-24T02:50:00Z");

  final SettableClock clock = new SettableClock();
  final Traces traces;
  final SystemClocks clocks;
  final Timelines timelines;
  final NoteStore notes;
  final ActionReports reports;

  /** As the service has it. */
  final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final HikariDataSource database = TestDatabase.migrated();
  private final AtomicInteger asked = new AtomicInteger();
  private final PairStore pairs;
  private final TicketStore tickets;
  private final DuplicateStore duplicates;
  private final PostmortemStore postmortems;
  private final ActionItemStore store;
  private final ActionItems items;
  private final AnnotationConfigApplicationContext context;
  final JdbcClient jdbc;

  Story() {
    var source = new Counted(database, asked);
    jdbc = JdbcClient.create(source);
    RecordStore records = new RecordStore(jdbc, json);
    AuditStore audit = new AuditStore(jdbc, json, clock);
    pairs = new PairStore(jdbc, json, records, audit, clock);
    tickets = new TicketStore(jdbc, records);
    duplicates = new DuplicateStore(jdbc, json, audit, clock);
    postmortems = new PostmortemStore(jdbc, clock);
    store = new ActionItemStore(jdbc, json, clock);
    ActionItemAudit itemAudit = new ActionItemAudit(audit);
    items =
        new ActionItems(
            store,
            itemAudit,
            pairs,
            new RecordedWork(record -> {}),
            PostmortemSettings.DEFAULT,
            new TransactionTemplate(new JdbcTransactionManager(source)),
            clock,
            new SimpleMeterRegistry());
    IncidentLookup incidents =
        new IncidentLookup(new OneMapping(), records, pairs, tickets, null, null, jdbc);
    TraceQueries queries = new TraceQueries(jdbc);
    IncidentQueries known = new IncidentQueries(jdbc, json);
    IdResolver lookup = new IdResolver(queries, incidents, store, postmortems);
    IncidentFamily family =
        new IncidentFamily(
            duplicates, known, queries, postmortems, store, new ItemViews(itemAudit, pairs, clock));
    PairEvents pairEvents = new PairEvents(audit);
    clocks = new SystemClocks(jdbc, List::of, clock);
    notes = new NoteStore(jdbc, json);
    traces =
        new TraceBuilder(lookup, incidents, pairs, duplicates, queries, family, pairEvents, clocks);
    context = new AnnotationConfigApplicationContext();
    context.registerBean(AuditStore.class, () -> audit);
    context.registerBean(NoteStore.class, () -> notes);
    context.registerBean(IncidentStore.class, () -> new IncidentStore(jdbc));
    context.scan("dev.lockstep.trace.timeline");
    context.registerBean(
        Timelines.class, () -> timelines(lookup, incidents, records, queries, family));
    context.refresh();
    timelines = context.getBean(Timelines.class);
    reports = new ActionItemReport(store, itemAudit, duplicates, known, clock);
  }

  private Timelines timelines(
      IdResolver lookup,
      IncidentLookup incidents,
      RecordStore records,
      TraceQueries queries,
      IncidentFamily family) {
    return new TimelineBuilder(
        lookup,
        incidents,
        pairs,
        records,
        duplicates,
        queries,
        family,
        context.getBean(IncidentStore.class),
        context.getBeanProvider(TimelineSource.class).orderedStream().toList(),
        clocks,
        new FakeSystems());
  }

  /** Since then, the clock of a system is that far ahead. */
  void ahead(String system, Instant since, Duration ahead) {
    jdbc.sql("insert into clock_difference values (?, ?, ?)")
        .params(system, Timestamp.from(since), ahead.toMillis())
        .update();
  }

  void note(RecordRef record, String author, Instant at, String text, Visibility visibility) {
    notes.insertNew(record, List.of(new WorkNote(author + at, author, at, text, visibility)), true);
  }

  /** The audit of the pair of a record. */
  void audit(RecordRef record, AuditEntry... entries) {
    pairs.record(pairs.findAll(record).get(0).id(), List.of(entries));
  }

  /** What the incident's record says of it. */
  void facts(
      RecordRef record,
      String stage,
      @Nullable Instant acknowledged,
      @Nullable Instant mitigated,
      @Nullable Instant resolved) {
    jdbc.sql(
            "insert into incident values (?, 'test', 'P1', false, ?, 'Portal', 'Web', 'ann', ?, ?,"
                + " ?, ?, ?, ?, 0)")
        .param(record.toString())
        .param(stage)
        .param(Timestamp.from(OPENED))
        .param(Timestamp.from(OPENED))
        .param(acknowledged == null ? null : Timestamp.from(acknowledged))
        .param(mitigated == null ? null : Timestamp.from(mitigated))
        .param(resolved == null ? null : Timestamp.from(resolved))
        .param(Timestamp.from(OPENED))
        .update();
  }

  /** How many questions the database was asked. */
  int asked() {
    return asked.get();
  }

  void later(Duration by) {
    clock.advance(by);
  }

  /**
   * A portal was down; of what was to be done about it one change is deployed, one failed, one item
   * has no owner, one is late; and then it was down again.
   */
  void outage() {
    paired(INCIDENT, "INC0010001", ALERT, "#12", "Portal", OPENED);
    ticket(INCIDENT, "INC0010001", "Portal", OPENED);
    ticket(DUPLICATE, "INC0010007", "Portal", OPENED.plusSeconds(300));
    later(Duration.ofMinutes(1));
    linked(DUPLICATE, INCIDENT);
    later(Duration.ofMinutes(1));
    StoredPostmortem postmortem = postmortem("portal.md", INCIDENT);
    ActionItem deployed = item(postmortem, INCIDENT, said(11, "Grow the disk", null));
    ActionItem failed = item(postmortem, INCIDENT, said(12, "Alert on it", "OPS-7"));
    item(postmortem, INCIDENT, said(13, "Say who", null));
    ActionItem twin = item(null, DUPLICATE, said(0, "Tell the clinics", null));
    LocalDate due = LocalDate.parse("2026-12-01");
    planned(twin, "eve@example.com", LocalDate.parse("2026-11-01"), "Portal");
    deployed = planned(deployed, "ann@example.com", due, "Portal");
    failed = planned(failed, "bob@example.com", due, "Portal");
    followedUp(failed, "issues/issue/10007");
    later(Duration.ofMinutes(1));
    change(deployed, "c1", "CHG0030001", "new", "", "");
    pairedChange(deployed, "c1", "CHG0030001");
    change(failed, "c2", "CHG0030002", "implement", "", "bob");
    later(Duration.ofMinutes(1));
    change(deployed, "c1", "CHG0030001", "closed", "successful", "ann");
    change(failed, "c2", "CHG0030002", "closed", "unsuccessful", "bob");
    guarded(INCIDENT, "It was closed, but these are missing:\nAI-3");
    item(null, null, said(0, "Nobody's incident", "http://issues/browse/OPS-9"));
    ticket(RecordRef.parse("itsm/incident/c9"), "INC0010009", "Portal", clock.instant());
  }

  /** The change request of the outage that failed got a successor, which is late. */
  void succeeded() {
    ActionItem item = store.find(2).orElseThrow();
    EarlierChange failed =
        new EarlierChange(
            item.title(),
            item.owner(),
            item.due(),
            item.group(),
            item.counterpart(),
            "http://CHG0030002",
            item.change());
    items.change(
        item.id(),
        "",
        null,
        known ->
            known
                .edit()
                .earlier(List.of(failed))
                .counterpart("")
                .change(ChangeRequestState.NONE)
                .due(LocalDate.parse("2026-11-20"))
                .done());
    change(item, "c3", "CHG0030003", "assess", "", "bob");
  }

  /** Another outage, with eight duplicates, INC0010051 to INC0010058. */
  void reportedByMany() {
    RecordRef primary = RecordRef.parse("itsm/incident/d0");
    paired(primary, "INC0010050", RecordRef.parse("platform/incident/QX5"), "#50", "Wards", OPENED);
    ticket(primary, "INC0010050", "Wards", OPENED);
    for (int number = 1; number <= 8; number++) {
      RecordRef duplicate = RecordRef.parse("itsm/incident/d" + number);
      ticket(duplicate, "INC001005" + number, "Wards", OPENED);
      linked(duplicate, primary);
    }
  }

  /** An incident in both systems. */
  void paired(
      RecordRef left,
      String leftKey,
      RecordRef right,
      String rightKey,
      String service,
      Instant at) {
    Map<String, String> values =
        Map.of("title", "Portal is down", "service", service, "status", "6");
    pairs.insert(
        linked(
            "test",
            seen(left, leftKey, values, at),
            seen(right, rightKey, values, at.plusSeconds(60))),
        new AuditEntry("created", "Created " + rightKey, Map.of()));
  }

  private static Pair linked(String mapping, Snapshot left, Snapshot right) {
    return Pair.start(
            UUID.randomUUID(), UUID.randomUUID(), mapping, Side.LEFT, RecordState.of(mapping, left))
        .seen(Side.RIGHT, RecordState.of(mapping, right))
        .withState(Pair.State.LINKED)
        .markCreating()
        .markLinked();
  }

  private static Snapshot seen(
      RecordRef ref, String key, Map<String, String> values, @Nullable Instant openedAt) {
    return new Snapshot(
        ref,
        key,
        "http://" + key,
        Version.count(1),
        Instant.EPOCH,
        "",
        values,
        openedAt,
        null,
        null);
  }

  void ticket(RecordRef ref, String key, String service, Instant at) {
    tickets.save(
        new StoredTicket(
            ref,
            "test",
            Side.LEFT,
            new DuplicateRules.Compared("Nothing works", "", service, ""),
            at,
            null,
            true,
            false,
            false,
            RecordState.of(
                "test", seen(ref, key, Map.of("title", "Nothing works", "service", service), at)),
            null,
            0));
  }

  void linked(RecordRef duplicate, RecordRef primary) {
    var put = duplicates.upsert(duplicate, primary, State.LINKED, 0.9, List.of(), "ann");
    duplicates.addHistory(put, "accepted", "Accepted", "ann");
    duplicates.addHistory(put, "linked", "Linked to it", "ann");
  }

  StoredPostmortem postmortem(String name, @Nullable RecordRef incident) {
    return postmortems.insert(
        new PostmortemStore.PostmortemContent(
            name, "Portal outage", "http://pm", "INC0010001", "# x", ""),
        incident);
  }

  ActionItem item(
      @Nullable StoredPostmortem postmortem, @Nullable RecordRef incident, SourceItem said) {
    return items.add(
        postmortem == null ? null : postmortem.id(),
        "postmortem",
        UUID.randomUUID().toString(),
        incident,
        said,
        clock.instant());
  }

  static SourceItem said(int line, String title, @Nullable String ticket) {
    return new SourceItem(
        null, line, title, "", null, null, null, Set.of(), ticket, false, List.of());
  }

  ActionItem planned(ActionItem item, String owner, @Nullable LocalDate due, String service) {
    return items.change(
        item.id(), "", null, known -> known.edit().owner(owner).due(due).service(service).done());
  }

  /** Its change request stands so now. */
  ActionItem change(ActionItem item, String id, String key, String state, String code, String by) {
    return items.change(
        item.id(),
        by,
        null,
        known ->
            known
                .edit()
                .counterpart("itsm/change-request/" + id)
                .change(new ChangeRequestState(key, state, code, by, "", "", false))
                .done());
  }

  /** Its change request is paired with it, which tells its address. */
  void pairedChange(ActionItem item, String id, String key) {
    RecordRef far = RecordRef.parse("itsm/change-request/" + id);
    pairs.insert(
        linked(
            "action-item",
            seen(item.ref(), item.key(), Map.of(), null),
            seen(far, key, Map.of(), null)),
        new AuditEntry("created", "Created " + key, Map.of()));
  }

  ActionItem followedUp(ActionItem item, String issue) {
    return items.change(item.id(), "", null, known -> known.edit().followUp(issue).done());
  }

  void guarded(RecordRef incident, String text) {
    jdbc.sql("insert into closure values (?, ?, false, '', 1)")
        .params(incident.toString(), Timestamp.from(clock.instant()))
        .update();
    jdbc.sql(
            """
            insert into note (record, id, author, created_at, text, visibility, state, own)
            values (?, 'closure:0', 'Lockstep', ?, ?, 'INTERNAL', 'SETTLED', true)
            """)
        .params(
            "lockstep/action-item-notes/" + incident.toString().replace('/', '~'),
            Timestamp.from(clock.instant()),
            text)
        .update();
  }

  @Override
  public void close() {
    context.close();
    database.close();
  }

  private static final class OneMapping implements MappingCatalog {
    private final Mapping mapping = new TableMapping(List.of(), Set.of());

    @Override
    public List<Mapping> all() {
      return List.of(mapping);
    }

    @Override
    public List<Mappings.MappedSide> forRecord(String system, String kind) {
      return List.of();
    }

    @Override
    public Optional<Mapping> findByName(String name) {
      return name.equals("test") ? Optional.of(mapping) : Optional.empty();
    }
  }

  /** Counts what is prepared. */
  private static final class Counted extends DelegatingDataSource {
    private final AtomicInteger asked;

    Counted(HikariDataSource database, AtomicInteger asked) {
      super(database);
      this.asked = asked;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      return (Connection)
          Proxy.newProxyInstance(
              Story.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("prepareStatement")) {
                  asked.incrementAndGet();
                }
                try {
                  return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}
