package dev.lockstep.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TestDatabase;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A trace goes on from what is received to its processing, over the row in between. */
class InboxSpansTest {
  private static final RecordRef RECORD = InboxRig.record("traced");

  private static HikariDataSource database;

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetry tracing = tracing(Sampler.parentBased(Sampler.alwaysOn()));

  /** What the next passes do. */
  private final AtomicReference<EntryHandler> pass = new AtomicReference<>(entry -> {});

  @BeforeAll
  static void create() {
    database = TestDatabase.migrated();
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  private OpenTelemetry tracing(Sampler sampler) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build())
        .build();
  }

  @BeforeEach
  void empty() {
    try (InboxRig rig = new InboxRig(database, entry -> {})) {
      rig.jdbc.sql("delete from inbox_entry").update();
      rig.await(rig::idle);
    }
  }

  private InboxRig rig() {
    return new InboxRig(database, entry -> pass.get().process(entry), tracing);
  }

  /** As the route of a webhook would, which begins a trace. */
  private Span receive(InboxRig rig, OpenTelemetry by, String source, long version) {
    Span webhook = by.getTracer("test").spanBuilder("webhook").setNoParent().startSpan();
    try (Scope current = webhook.makeCurrent()) {
      rig.receive(source, RECORD, version);
    } finally {
      webhook.end();
    }
    return webhook;
  }

  private Span receive(InboxRig rig, long version) {
    return receive(rig, tracing, "webhook", version);
  }

  private static void pause(InboxRig rig) {
    rig.schedulers().forEach(Scheduler::stop);
  }

  /** The first of that name, in the order of their starts. */
  private SpanData span(String name, int index) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .sorted(Comparator.comparing(SpanData::getStartEpochNanos))
        .toList()
        .get(index);
  }

  private static List<String> linked(SpanData span) {
    return span.getLinks().stream().map(LinkData::getSpanContext).map(c -> c.getSpanId()).toList();
  }

  private static List<String> traces(InboxRig rig) {
    return rig.jdbc
        .sql("select unnest(traces) from inbox_entry where subject = ?")
        .param(new Subject.OfRecord(RECORD).toString())
        .query(String.class)
        .list();
  }

  private void awaitProcessed(InboxRig rig, int attempts) {
    rig.await(
        () ->
            rig.idle()
                && exporter.getFinishedSpanItems().stream()
                        .filter(span -> span.getName().equals("inbox.process"))
                        .count()
                    == attempts);
  }

  @Test
  void processingIsAChildOfReceiving() {
    try (InboxRig rig = rig()) {
      Span webhook = receive(rig, 1);
      awaitProcessed(rig, 1);

      SpanData received = span("inbox.receive", 0);
      SpanData processed = span("inbox.process", 0);
      assertThat(received.getParentSpanId()).isEqualTo(webhook.getSpanContext().getSpanId());
      assertThat(processed.getParentSpanId()).isEqualTo(received.getSpanId());
      assertThat(processed.getTraceId()).isEqualTo(webhook.getSpanContext().getTraceId());
      assertThat(processed.getLinks()).isEmpty();
      assertThat(processed.getAttributes().asMap().toString())
          .contains("record:itsm/incident/traced");
    }
  }

  @Test
  void aRestartInBetweenKeepsTheTrace() {
    Span webhook;
    try (InboxRig rig = rig()) {
      pause(rig);
      webhook = receive(rig, 1);
      assertThat(traces(rig))
          .singleElement()
          .asString()
          .contains(span("inbox.receive", 0).getSpanId());
    }
    try (InboxRig rig = rig()) {
      awaitProcessed(rig, 1);
      assertThat(span("inbox.process", 0).getTraceId())
          .isEqualTo(webhook.getSpanContext().getTraceId());
    }
  }

  /** The first one's trace goes on; the others are linked, in both directions. */
  @Test
  void whatIsProcessedTogetherIsLinked() {
    try (InboxRig rig = rig()) {
      pause(rig);
      Span first = receive(rig, 1);
      Span second = receive(rig, 2);
      receive(rig, 3);
      assertThat(linked(span("inbox.receive", 1)))
          .containsExactly(span("inbox.receive", 0).getSpanId());
      assertThat(second.getSpanContext().getTraceId())
          .isNotEqualTo(first.getSpanContext().getTraceId());
    }
    try (InboxRig rig = rig()) {
      awaitProcessed(rig, 1);
      SpanData processed = span("inbox.process", 0);
      assertThat(processed.getParentSpanId()).isEqualTo(span("inbox.receive", 0).getSpanId());
      assertThat(linked(processed))
          .containsExactly(
              span("inbox.receive", 1).getSpanId(), span("inbox.receive", 2).getSpanId());
    }
  }

  /** Or nothing would be seen of the changes that are recorded. */
  @Test
  void theFirstRecordedTraceGoesOn() {
    OpenTelemetry never = tracing(Sampler.alwaysOff());
    try (InboxRig rig = rig()) {
      pause(rig);
      receive(rig, never, "webhook", 1);
      Span recorded = receive(rig, 2);
      assertThat(traces(rig)).hasSize(2);
      assertThat(traces(rig).get(0)).endsWith("-00");
      assertThat(traces(rig).get(1)).endsWith("-01");
      try (InboxRig next = rig()) {
        awaitProcessed(next, 1);
        assertThat(span("inbox.process", 0).getTraceId())
            .isEqualTo(recorded.getSpanContext().getTraceId());
        assertThat(span("inbox.process", 0).getLinks()).hasSize(1);
      }
    }
  }

  @Test
  void whatIsNotSampledStaysSo() {
    try (InboxRig rig = rig()) {
      receive(rig, tracing(Sampler.alwaysOff()), "webhook", 1);
      rig.await(rig::idle);
      assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }
  }

  @Test
  void retriesBelongToTheSameTrace() {
    AtomicInteger attempts = new AtomicInteger();
    pass.set(
        entry -> {
          if (attempts.incrementAndGet() == 1) {
            throw new SystemUnavailableException("Quokka does not answer");
          }
        });
    try (InboxRig rig = rig()) {
      receive(rig, 1);
      awaitProcessed(rig, 2);

      SpanData failed = span("inbox.process", 0);
      SpanData succeeded = span("inbox.process", 1);
      assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(failed.getAttributes().asMap().values())
          .contains("SystemUnavailableException", 1L);
      assertThat(failed.toString()).doesNotContain("Quokka");
      assertThat(succeeded.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
      assertThat(succeeded.getAttributes().asMap().values()).contains(2L);
      assertThat(List.of(failed.getParentSpanId(), succeeded.getParentSpanId()))
          .containsOnly(span("inbox.receive", 0).getSpanId());
    }
  }

  /** It is kept until the entry is settled: another process may have to start again. */
  @Test
  void whatArrivesDuringAnAttemptContinuesInTheNextOne() {
    AtomicInteger attempts = new AtomicInteger();
    try (InboxRig rig = rig()) {
      AtomicReference<List<String>> stored = new AtomicReference<>(List.of());
      pass.set(
          entry -> {
            if (attempts.incrementAndGet() == 1) {
              stored.set(traces(rig));
              receive(rig, 2);
            }
          });
      receive(rig, 1);
      awaitProcessed(rig, 2);

      assertThat(stored.get()).hasSize(1);
      assertThat(span("inbox.process", 0).getParentSpanId())
          .isEqualTo(span("inbox.receive", 0).getSpanId());
      assertThat(span("inbox.process", 1).getParentSpanId())
          .isEqualTo(span("inbox.receive", 1).getSpanId());
      assertThat(span("inbox.process", 1).getLinks()).isEmpty();
    }
  }

  /** The span that scheduled the attempt schedules the next one as well. */
  @Test
  void workOfOneSpanStaysInItsTraceWhenItIsRepeated() {
    AtomicInteger attempts = new AtomicInteger();
    try (InboxRig rig = rig()) {
      Span step = tracing.getTracer("test").spanBuilder("step").setNoParent().startSpan();
      pass.set(
          entry -> {
            if (attempts.incrementAndGet() == 1) {
              schedule(rig, step);
            }
          });
      schedule(rig, step);
      awaitProcessed(rig, 2);

      assertThat(List.of(span("inbox.process", 0), span("inbox.process", 1)))
          .extracting(SpanData::getParentSpanId)
          .containsOnly(step.getSpanContext().getSpanId());
    }
  }

  private static void schedule(InboxRig rig, Span within) {
    try (Scope current = within.makeCurrent()) {
      rig.bean(WorkScheduler.class)
          .schedule(
              RECORD, Map.of(), InboxRig.event("", RECORD, Version.count(1), "").receivedAt());
    }
  }

  /** One poll may find thousands. */
  @Test
  void whatAPollFindsIsATraceOfItsOwnThatIsLinkedToThePoll() {
    try (InboxRig rig = rig()) {
      Span poll = receive(rig, tracing, InboundEvent.POLL, 1);
      awaitProcessed(rig, 1);

      SpanData received = span("inbox.receive", 0);
      assertThat(received.getTraceId()).isNotEqualTo(poll.getSpanContext().getTraceId());
      assertThat(linked(received)).containsExactly(poll.getSpanContext().getSpanId());
      assertThat(span("inbox.process", 0).getParentSpanId()).isEqualTo(received.getSpanId());
    }
  }

  @Test
  void aRowKeepsSixteenTraces() {
    try (InboxRig rig = rig()) {
      pause(rig);
      for (int version = 1; version <= 20; version++) {
        receive(rig, version);
      }
      assertThat(traces(rig)).hasSize(16);
      assertThat(traces(rig).get(0)).contains(span("inbox.receive", 0).getSpanId());
    }
  }

  /** What waited for a record goes on for the correlation that it has joined. */
  @Test
  void aTraceMovesWithItsEntry() {
    Subject correlation = new Subject.OfCorrelation(new UUID(0, 7));
    try (InboxRig rig = rig()) {
      pause(rig);
      receive(rig, 1);
      List<String> before = traces(rig);
      assertThat(
              rig.bean(WorkScheduler.class)
                  .absorb(
                      new Subject.OfRecord(RECORD),
                      correlation,
                      InboxRig.event("webhook", RECORD, Version.count(1), "").receivedAt()))
          .isTrue();
      assertThat(
              rig.jdbc
                  .sql("select unnest(traces) from inbox_entry where subject = ?")
                  .param(correlation.toString())
                  .query(String.class)
                  .list())
          .isEqualTo(before);
    }
  }

  @Test
  void anEntryThatBelongsToNoTraceBeginsOne() {
    try (InboxRig rig = rig()) {
      rig.bean(WorkScheduler.class)
          .schedule(
              RECORD, Map.of(), InboxRig.event("", RECORD, Version.count(1), "").receivedAt());
      awaitProcessed(rig, 1);
      assertThat(span("inbox.process", 0).getParentSpanContext().isValid()).isFalse();
    }
  }

  @Test
  void withoutTracingNothingIsRecordedOrStored() {
    try (InboxRig rig = new InboxRig(database, entry -> pass.get().process(entry))) {
      pause(rig);
      // As an agent of the JVM would.
      receive(rig, tracing, "webhook", 1);
      receive(rig, tracing, "webhook", 2);
      assertThat(rig.count("inbox_entry where traces is not null")).isZero();
      assertThat(rig.count("inbox_entry")).isOne();
      assertThat(exporter.getFinishedSpanItems())
          .extracting(SpanData::getName)
          .containsOnly("webhook");
    }
  }
}
