package dev.lockstep.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.NamesToPause;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The real inbox of one process on a real database, with no pairs but those the test makes up; the
 * test says what a pass does.
 */
final class InboxRig implements AutoCloseable {
  private static final UUID CORRELATION = new UUID(0, 1);

  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();
  final JdbcClient jdbc;

  /** The version of each record in a pair that was last processed. */
  final Map<RecordRef, Version> processed = new ConcurrentHashMap<>();

  /** How many notes of each event are new. */
  volatile int newNotes;

  InboxRig(HikariDataSource database, EntryHandler pass) {
    this(database, pass, Map.of(), List.of());
  }

  /** Its spans go to {@code tracing}. */
  InboxRig(HikariDataSource database, EntryHandler pass, OpenTelemetry tracing) {
    this(database, pass, Map.of(), List.of(), Optional.of(tracing));
  }

  InboxRig(
      HikariDataSource database,
      EntryHandler pass,
      Map<String, Object> settings,
      List<RecurringWork.Job> jobs) {
    this(database, pass, settings, jobs, Optional.empty());
  }

  private InboxRig(
      HikariDataSource database,
      EntryHandler pass,
      Map<String, Object> settings,
      List<RecurringWork.Job> jobs,
      Optional<OpenTelemetry> tracing) {
    // Wrapped, since a context closes what it can, and the database outlives it.
    DataSource source = new DelegatingDataSource(database);
    jdbc = JdbcClient.create(source);
    Map<String, Object> all =
        new HashMap<>(
            Map.of(
                "lockstep.inbox.retry.initial-delay", "20ms",
                "lockstep.inbox.retry.max-delay", "40ms",
                "lockstep.inbox.poll-interval", "20ms"));
    all.putAll(settings);
    context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", all));
    context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
    context.registerBean(DataSource.class, () -> source);
    context.registerBean(JdbcClient.class, () -> jdbc);
    context.registerBean(
        TransactionTemplate.class,
        () -> new TransactionTemplate(new JdbcTransactionManager(source)));
    context.registerBean(
        ObjectMapper.class, () -> JsonMapper.builder().addModule(new JavaTimeModule()).build());
    context.registerBean(Clock.class, Clock::systemUTC);
    context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
    context.registerBean(Spans.class, () -> new Spans(tracing));
    context.registerBean(RecurringWork.class, () -> new RecurringWork(jobs));
    context.registerBean(DeliveryReplay.class, () -> delivery -> {});
    context.registerBean(PairLookup.class, MadeUpPairs::new);
    context.registerBean(EntryHandler.class, () -> pass);
    context.registerBean(PausableNames.class, NamesToPause::new);
    context.scan("dev.lockstep.audit", "dev.lockstep.inbox", "dev.lockstep.pause");
    context.refresh();
    context
        .getBeanProvider(MeterBinder.class)
        .forEach(gauges -> gauges.bindTo(bean(MeterRegistry.class)));
    schedulers().forEach(Scheduler::start);
  }

  List<Scheduler> schedulers() {
    return List.copyOf(context.getBeansOfType(Scheduler.class).values());
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  void receive(String source, RecordRef ref, long version) {
    receive(source, ref, Version.count(version), "version " + version);
  }

  void receive(String source, RecordRef ref, Version version, String content) {
    bean(Inbox.class).receive(event(source, ref, version, content));
  }

  static InboundEvent event(String source, RecordRef ref, Version version, String content) {
    ObjectNode json = new ObjectMapper().createObjectNode().put("content", content);
    var state = new NativeRecord(ref, ref.id(), "", version, Instant.EPOCH, "", json);
    return new InboundEvent(source, "", ref, state, List.of(), false, Clock.systemUTC().instant());
  }

  static RecordRef record(String id) {
    return new RecordRef("itsm", "incident", id);
  }

  List<DeadLetters.DeadLetter> awaitDeadLetters(int count) {
    await(() -> count("inbox_entry where state = 'DEAD_LETTER'") == count && idle());
    return bean(DeadLetters.class).list();
  }

  /** Looks often: most is done within milliseconds. */
  void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  /** Nothing is left to be worked on. */
  boolean idle() {
    return count("scheduled_tasks where task_name = 'process-entry'") == 0;
  }

  long count(String table) {
    return jdbc.sql("select count(*) from " + table).query(Long.class).single();
  }

  @Override
  public void close() {
    context.close();
  }

  private final class MadeUpPairs implements PairLookup {
    @Override
    public Optional<KnownRecord> find(RecordRef ref) {
      return Optional.ofNullable(processed.get(ref))
          .map(version -> new KnownRecord(CORRELATION, version));
    }

    @Override
    public boolean hasSameState(KnownRecord known, NativeRecord state) {
      return state.version().comparedTo(known.lastProcessed()) == Version.Order.SAME;
    }

    @Override
    public boolean isKnown(RecordRef ref) {
      return false;
    }

    @Override
    public String titleOf(UUID pair) {
      return "";
    }

    @Override
    public boolean knowsNotes(RecordRef ref, List<NoteFingerprint> traces) {
      return false;
    }

    @Override
    public int insertNewNotes(RecordRef ref, List<WorkNote> notes, boolean listed) {
      return newNotes;
    }
  }
}
