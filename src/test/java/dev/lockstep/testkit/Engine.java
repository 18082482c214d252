package dev.lockstep.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.backfill.MappingFingerprints;
import dev.lockstep.communication.settings.ConfiguredIncidents;
import dev.lockstep.connector.CallGate;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.DeliveryReplay;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.inbox.Subject;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.References;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.poll.PollTarget;
import dev.lockstep.postmortem.followup.ClosingNote;
import dev.lockstep.publish.Outbox;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.NoteSender;
import dev.lockstep.sync.Notifications;
import dev.lockstep.sync.Novelty;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spring.SpringCamelContext;
import org.apache.camel.support.PluginHelper;
import org.awaitility.Awaitility;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The real engine on a real database, between two systems in memory. */
public final class Engine implements AutoCloseable {
  private static final NoteSender.Lease NOTE_LEASE = new NoteSender.Lease(Duration.ofSeconds(2));
  private static final Duration NOVELTY = Duration.ofMinutes(1);
  private static final Duration AGED = Duration.ofHours(-1);

  public final FakeSystems systems;
  private final HikariDataSource database;
  public final Statements statements;
  public final JdbcClient jdbc;
  private volatile List<TableMapping> mappings;
  private final Map<String, Object> settings;
  private final Clock clock;
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private volatile Optional<OpenTelemetry> tracing = Optional.empty();
  private volatile String closingNote = "";
  private volatile Duration novelty;
  private AnnotationConfigApplicationContext context;

  public Engine(TableMapping mapping, FakeSystems systems) {
    this(mapping, systems, Map.of());
  }

  /**
   * @param settings besides those every test needs
   */
  public Engine(TableMapping mapping, FakeSystems systems, Map<String, Object> settings) {
    this(mapping, systems, settings, Clock.systemUTC());
  }

  /**
   * @param clock not ahead of the real one: the scheduler follows that
   */
  public Engine(
      TableMapping mapping, FakeSystems systems, Map<String, Object> settings, Clock clock) {
    this(mapping, systems, settings, clock, TestDatabase.migrated(), NOVELTY);
  }

  /**
   * @param database with the tables of Lockstep in it; closed with the engine
   * @param aged as after {@link #age}
   */
  public Engine(
      TableMapping mapping, FakeSystems systems, HikariDataSource database, boolean aged) {
    this(mapping, systems, Map.of(), Clock.systemUTC(), database, aged ? AGED : NOVELTY);
  }

  private Engine(
      TableMapping mapping,
      FakeSystems systems,
      Map<String, Object> settings,
      Clock clock,
      HikariDataSource database,
      Duration novelty) {
    this.novelty = novelty;
    this.clock = clock;
    this.settings = settings;
    this.mappings = List.of(mapping);
    this.systems = systems;
    this.database = database;
    // One object for all, since it is the key by which a transaction is shared; wrapped, since a
    // context closes what it can, and the database outlives it.
    this.statements = new Statements(database);
    this.jdbc = JdbcClient.create(statements);
    this.context = started();
  }

  private AnnotationConfigApplicationContext started() {
    var fresh = new AnnotationConfigApplicationContext();
    fresh.registerBean(DataSource.class, () -> statements);
    fresh.registerBean(JdbcClient.class, () -> jdbc);
    fresh.registerBean(
        TransactionTemplate.class,
        () -> new TransactionTemplate(new JdbcTransactionManager(statements)));
    fresh.registerBean(
        ObjectMapper.class, () -> JsonMapper.builder().addModule(new JavaTimeModule()).build());
    fresh.registerBean(Clock.class, () -> clock);
    fresh.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
    fresh.registerBean(Connectors.class, () -> systems);
    fresh.registerBean(PausableNames.class, NamesToPause::new);
    fresh.registerBean(ConfiguredIncidents.class, this::incidents);
    fresh.registerBean(References.class, NoReferences::new);
    fresh.registerBean(PollTarget.Plan.class, this::polls);
    fresh.registerBean(MappingFingerprints.class, () -> () -> Map.of("test", "1"));
    fresh.registerBean(RecurringWork.class, () -> new RecurringWork(List.of()));
    fresh.registerBean(DeliveryReplay.class, () -> delivery -> {});
    fresh.registerBean(
        Notifications.class, () -> (system, kind) -> !silent.contains(system + "/" + kind));
    // What a stopped engine claimed is taken over soon.
    fresh.registerBean("noteLease", NoteSender.Lease.class, () -> NOTE_LEASE);
    fresh.registerBean("novelty", Novelty.class, () -> new Novelty(novelty));
    fresh.registerBean(MappingCatalog.class, TableMappings::new);
    fresh.registerBean(
        ClosingNote.class,
        () -> incident -> Optional.of(closingNote).filter(text -> !text.isEmpty()));
    fresh.registerBean(CamelContext.class, () -> new SpringCamelContext(fresh));
    fresh.registerBean(Spans.class, () -> new Spans(tracing));
    fresh.registerBean(
        RouteCaller.class,
        () -> new RouteCaller(fresh.getBean(CamelContext.class), fresh.getBean(Spans.class)));
    fresh.registerBean(
        EntryHandler.class,
        () ->
            entry -> {
              if (entry.subject() instanceof Subject.OfMessage message) {
                fresh.getBean(Outbox.class).process(message);
              } else {
                fresh.getBean(RouteCaller.class).call("direct:process-entry", entry);
              }
            });
    fresh.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
    fresh.getEnvironment().getPropertySources().addFirst(new MapPropertySource("given", settings));
    fresh
        .getEnvironment()
        .getPropertySources()
        .addLast(
            new MapPropertySource(
                "test",
                Map.of(
                    "lockstep.inbox.retry.initial-delay",
                    "50ms",
                    "lockstep.inbox.retry.max-delay",
                    "400ms",
                    "lockstep.inbox.poll-interval",
                    "50ms",
                    "lockstep.notes.copied-within",
                    "100ms",
                    "lockstep.duplicates.embedding",
                    "false")));
    fresh.scan(
        "dev.lockstep.audit",
        "dev.lockstep.inbox",
        "dev.lockstep.pair",
        "dev.lockstep.pause",
        "dev.lockstep.sync",
        "dev.lockstep.duplicates",
        "dev.lockstep.postmortem",
        "dev.lockstep.incident",
        "dev.lockstep.publish",
        "dev.lockstep.communication",
        "dev.lockstep.reconcile",
        "dev.lockstep.backfill",
        "dev.lockstep.retention");
    fresh.refresh();
    systems.gate(fresh.getBean(CallGate.class));
    loadRoutes(fresh.getBean(CamelContext.class));
    fresh.getBean(Scheduler.class).start();
    return fresh;
  }

  /** Those of the engine. */
  private static void loadRoutes(CamelContext camel) {
    try {
      ResourceLoader resources = PluginHelper.getResourceLoader(camel);
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(
              resources.resolveResource("file:routes/errors.yaml"),
              resources.resolveResource("file:routes/process-entry.yaml"),
              resources.resolveResource("file:routes/sync-pairs.yaml"),
              resources.resolveResource("file:routes/publish-message.yaml"),
              resources.resolveResource("file:routes/publish-email.yaml"),
              resources.resolveResource("file:routes/publish-teams.yaml"));
      camel.start();
    } catch (Exception e) {
      throw new IllegalStateException("The routes cannot be loaded", e);
    }
  }

  /** From now on incidents get this note when they are closed. */
  public void noteAtClosing(String text) {
    closingNote = text;
  }

  /** From now on these mappings apply. */
  public void map(List<TableMapping> others) {
    mappings = List.copyOf(others);
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public void receive(RecordRef ref, NativeRecord state) {
    bean(Inbox.class).receive(event("webhook", ref, state));
  }

  /** News that says no more than that there is something to see, if the record is known. */
  public void receiveIfKnown(RecordRef ref) {
    Instant now = Clock.systemUTC().instant();
    bean(Inbox.class)
        .receive(new InboundEvent("webhook", "", ref, null, List.of(), false, Set.of(), true, now));
  }

  public InboundEvent event(String source, RecordRef ref, NativeRecord state) {
    return new InboundEvent(
        source, "", ref, state, systems.peekNotes(ref), false, Clock.systemUTC().instant());
  }

  /** All that was heard is dealt with, or waits for a person. */
  public void settle() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                jdbc.sql("select count(*) from inbox_entry where state <> 'DEAD_LETTER'")
                        .query(Long.class)
                        .single()
                    == 0);
  }

  /** All that was heard is dealt with, waits for a person, or for the end of a pause. */
  public void settleUnpaused() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                jdbc.sql(
                            "select count(*) from inbox_entry where state <> 'DEAD_LETTER'"
                                + " and waits_for = '{}'")
                        .query(Long.class)
                        .single()
                    == 0);
  }

  /** The system sends no webhooks about such records. */
  public void silence(String system, String kind) {
    silent.add(system + "/" + kind);
  }

  private boolean truncate() {
    // Tickets first, as the work that forgets old ones does: so that neither waits for the other.
    jdbc.sql(
            "truncate ticket, duplicate, audit, pair, record, note, note_delivery, inbox_entry,"
                + " action_item, postmortem, closure, reconciliation, drift, backfill,"
                + " backfill_record, saved_plan, planned_record, pause, chosen_value, incident, cadence, command, vendor_watch, incident_update,"
                + " message, incident_manager, manager_change, on_call_shown, on_call_answer,"
                + " problem, problem_incident")
        .update();
    return true;
  }

  /** As on the first day. */
  public void forget() {
    silent.clear();
    // Work of the test before may still run: a deadlock with it is broken by the database, at
    // either end.
    Awaitility.await()
        .ignoreException(PessimisticLockingFailureException.class)
        .until(this::truncate);
    jdbc.sql("delete from scheduled_tasks where task_name = 'process-entry'").update();
  }

  /** The systems in which Lockstep writes no notes of its own; none unless a test says so. */
  public final Set<String> withoutOwnNotes = new HashSet<>();

  /** Of the mappings that it was started with. */
  private ConfiguredIncidents incidents() {
    return new ConfiguredIncidents() {
      @Override
      public Set<String> systems() {
        return systems.systems();
      }

      @Override
      public Optional<Set<String>> levels() {
        return Optional.of(
            mappings.stream()
                .flatMap(mapping -> mapping.incident().stream())
                .flatMap(rule -> rule.levels().keySet().stream())
                .collect(Collectors.toSet()));
      }

      @Override
      public Set<String> onCallKinds(String system) {
        return system.equals("platform") ? Set.of("policy") : Set.of();
      }

      @Override
      public Set<String> systemsWithoutOwnNotes() {
        return withoutOwnNotes;
      }
    };
  }

  /** Each system of the mappings, the left ones first. */
  private PollTarget.Plan polls() {
    return new PollTarget.Plan(
        Stream.of(Side.values())
            .flatMap(side -> mappings.stream().map(mapping -> mapping.system(side)))
            .distinct()
            .map(system -> new PollTarget(system, "incident", Duration.ofMinutes(1)))
            .toList());
  }

  /** To an engine that is started from now on, no record and no note is new. */
  public void age() {
    novelty = AGED;
  }

  /** An engine that is started from now on records spans. */
  public void trace(OpenTelemetry spans) {
    tracing = Optional.of(spans);
  }

  public void stop() {
    context.close();
  }

  /**
   * Backs up the database; the engine is stopped.
   *
   * @return for {@link #restore}
   */
  public String backUp() {
    database.getHikariPoolMXBean().softEvictConnections();
    return TestDatabase.backUp(name());
  }

  /** Brings the database back to that backup; the engine is stopped. */
  public void restore(String backup) {
    database.getHikariPoolMXBean().softEvictConnections();
    TestDatabase.restore(name(), backup);
  }

  private String name() {
    return database.getJdbcUrl().replaceAll(".*/([^?]+).*", "$1");
  }

  public void start() {
    context = started();
  }

  @Override
  public void close() {
    context.close();
    database.close();
  }

  private final class TableMappings implements MappingCatalog {
    @Override
    public List<Mapping> all() {
      return List.copyOf(mappings);
    }

    /** With one mapping, whatever is not of the left system is of the right one. */
    @Override
    public List<Mappings.MappedSide> forRecord(String system, String kind) {
      List<Mappings.MappedSide> places = new ArrayList<>();
      for (TableMapping mapping : mappings) {
        if (system.equals(mapping.system(Side.LEFT))) {
          places.add(new Mappings.MappedSide(mapping, Side.LEFT));
        } else if (mappings.size() == 1 || system.equals(mapping.system(Side.RIGHT))) {
          places.add(new Mappings.MappedSide(mapping, Side.RIGHT));
        }
      }
      return places;
    }

    @Override
    public Optional<Mapping> findByName(String name) {
      return mappings.stream()
          .filter(mapping -> mapping.name().equals(name))
          .map(Mapping.class::cast)
          .findFirst();
    }
  }

  private static final class NoReferences implements References {
    @Override
    public Optional<String> keyOf(String system, String reference, String id) {
      return Optional.empty();
    }

    @Override
    public Optional<String> idOf(String system, String reference, String key) {
      return Optional.empty();
    }

    @Override
    public JsonNode form(String system, String reference, String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> keyPath(String system, String reference, String fieldPath) {
      return Optional.empty();
    }

    @Override
    public String idPath(String system, String reference, String fieldPath) {
      return fieldPath;
    }
  }
}
