package dev.lockstep.ops.spans;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The spans of traces. While tracing is off, they record nothing and cost next to nothing.
 *
 * <p>Attributes are names, ids and numbers of Lockstep's own. An exception is recorded by its class
 * only: its message may contain the text of a record.
 */
@Component
public final class Spans {
  public static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("lockstep.system");
  public static final AttributeKey<String> RECORD = AttributeKey.stringKey("lockstep.record");
  public static final AttributeKey<String> SUBJECT = AttributeKey.stringKey("lockstep.subject");
  public static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("lockstep.attempt");
  public static final AttributeKey<String> CALL = AttributeKey.stringKey("lockstep.call");
  public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("lockstep.outcome");
  public static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  private static final String TRACEPARENT = "traceparent";
  private static final Tracer NONE = OpenTelemetry.noop().getTracer("");

  private final boolean on;
  private final Tracer tracer;

  /**
   * @param sdk empty while tracing is off
   */
  public Spans(Optional<OpenTelemetry> sdk) {
    this.on = sdk.isPresent();
    this.tracer = sdk.map(tracing -> tracing.getTracer("dev.lockstep")).orElse(NONE);
  }

  /** A span of the current trace; none if there is no current trace. */
  public SpanBuilder child(String name) {
    return (Span.current().getSpanContext().isValid() ? tracer : NONE).spanBuilder(name);
  }

  /** The first span of a new trace, linked to the current trace if there is one. */
  public SpanBuilder root(String name) {
    return tracer
        .spanBuilder(name)
        .setNoParent()
        // An invalid one is ignored.
        .addLink(Span.current().getSpanContext());
  }

  /**
   * A span of a trace that was begun elsewhere: of the first one that is recorded, with links to
   * the others. If there is none, the first span of a new trace.
   *
   * @param traces of {@link #current}
   */
  public SpanBuilder continued(String name, List<String> traces) {
    SpanBuilder span = tracer.spanBuilder(name).setNoParent();
    List<SpanContext> origins =
        traces.stream().map(Spans::parse).filter(SpanContext::isValid).toList();
    Optional<SpanContext> parent =
        origins.stream().filter(SpanContext::isSampled).findFirst().or(origins.stream()::findFirst);
    parent.ifPresent(origin -> span.setParent(Context.root().with(Span.wrap(origin))));
    origins.stream().filter(origin -> !origin.equals(parent.orElse(null))).forEach(span::addLink);
    return span;
  }

  /** Links the current span to that trace. */
  public void link(List<String> traces) {
    traces.stream().limit(1).map(Spans::parse).forEach(Span.current()::addLink);
  }

  /**
   * The current span, as the value of a W3C {@code traceparent} header.
   *
   * @return at most one; none while tracing is off, or if there is no current span
   */
  public List<String> current() {
    if (!on) {
      return List.of();
    }
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance().inject(Context.current(), headers, Map::put);
    String parent = headers.get(TRACEPARENT);
    return parent == null ? List.of() : List.of(parent);
  }

  private static SpanContext parse(String traceparent) {
    Context parsed =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), Map.of(TRACEPARENT, traceparent), HEADERS);
    return Span.fromContext(parsed).getSpanContext();
  }

  private static final TextMapGetter<Map<String, String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
          return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String name) {
          return headers == null ? null : headers.get(name);
        }
      };

  /** Does the work within the span, which ends with it. */
  public static <T extends @Nullable Object> T call(SpanBuilder started, Supplier<T> work) {
    Span span = started.startSpan();
    try (Scope current = span.makeCurrent()) {
      return work.get();
    } catch (Throwable e) {
      fail(span, e);
      throw e;
    } finally {
      span.end();
    }
  }

  /** The same for work without a result. */
  public static void run(SpanBuilder started, Runnable work) {
    Spans.<@Nullable Object>call(
        started,
        () -> {
          work.run();
          return null;
        });
  }

  /** Marks the span as failed. */
  public static void fail(Span span, Throwable failure) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute(ERROR, failure.getClass().getSimpleName());
  }
}
