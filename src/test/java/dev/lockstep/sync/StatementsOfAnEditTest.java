package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.pair.PairCounts;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What one edit of a linked pair costs the database, from its webhook until it is settled. The
 * scheduler's look for due work is not counted: it serves many edits at once.
 */
class StatementsOfAnEditTest {
  private static final int EDIT = 15;
  private static final int ECHO = 2;

  private final FakeSystems systems = new FakeSystems();
  private final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("priority", Owner.NEWEST),
              new TableField("status", Owner.RIGHT)
                  .line("1", "triggered")
                  .line("2", "acknowledged")),
          Set.of());

  @Test
  void staysWithinItsBudget() {
    try (Engine engine = new Engine(mapping, systems)) {
      assertBudget(engine);
    }
  }

  /** The trace of a row is stored with it. */
  @Test
  void tracingCostsNoStatement() {
    try (Engine engine = new Engine(mapping, systems)) {
      InMemorySpanExporter exporter = InMemorySpanExporter.create();
      engine.stop();
      engine.trace(
          OpenTelemetrySdk.builder()
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                      .build())
              .build());
      engine.start();
      assertBudget(engine);
      assertThat(exporter.getFinishedSpanItems())
          .filteredOn(span -> span.getName().equals("inbox.process"))
          .anyMatch(span -> span.getParentSpanContext().isValid());
    }
  }

  private void assertBudget(Engine engine) {
    systems.onChange(engine::receive);
    RecordRef ticket =
        systems.person(
            "itsm", Map.of("scope", "yes", "title", "a", "priority", "1", "status", "1"));
    engine.settle();
    // The echo of the write comes after its answer.
    List<Runnable> echoes = new ArrayList<>();
    systems.onChange(
        (ref, state) -> {
          if (ref.equals(ticket)) {
            engine.receive(ref, state);
          } else {
            echoes.add(() -> engine.receive(ref, state));
          }
        });

    engine.statements.forget();
    Spans.run(
        engine.bean(Spans.class).root("webhook"),
        () -> systems.person(ticket, Map.of("title", "b")));
    engine.settle();
    assertThat(counted(engine)).hasSizeLessThanOrEqualTo(EDIT);

    engine.statements.forget();
    assertThat(echoes).hasSize(1);
    echoes.forEach(Runnable::run);
    engine.settle();
    assertThat(counted(engine)).hasSizeLessThanOrEqualTo(ECHO);

    // The gap is stored before the rest is written; the same statement counts its value.
    engine.statements.forget();
    systems.person(ticket, Map.of("title", "c", "status", "9"));
    engine.settle();
    assertThat(counted(engine)).hasSizeLessThanOrEqualTo(EDIT + 1);
    assertThat(engine.bean(PairCounts.class).countUnmapped(Instant.EPOCH, 10)).hasSize(1);
  }

  private static List<String> counted(Engine engine) {
    return engine.statements.executed().stream()
        .filter(
            sql ->
                !sql.contains("locked_executions")
                    && !sql.startsWith("select count(*) from inbox_entry"))
        .toList();
  }
}
