package dev.lockstep.ops.spans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lockstep.ops.RouteCaller;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each step of a traced route is a span below the one that called the route. */
class StepSpansTest {
  private static final String ROUTES =
      """
      - routeConfiguration:
          id: errors
          onException:
            - onException:
                exception: [java.lang.IllegalStateException]
                steps:
                  - bean: {ref: desk, method: tidy}
      - route:
          id: outer
          routeConfigurationId: errors
          from:
            uri: direct:outer
            steps:
              - bean: {ref: desk, method: open}
              - setProperty:
                  name: found
                  method: {ref: desk, method: look}
              - filter:
                  simple: "${body} != null"
                  steps:
                    - to: direct:inner
              - bean: {ref: desk, method: "close(${body}, ${exchangeProperty.found})"}
      - route:
          id: inner
          routeConfigurationId: errors
          from:
            uri: direct:inner
            steps:
              - bean: {ref: desk, method: work}
      """;

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final Spans spans =
      new Spans(
          Optional.of(
              OpenTelemetrySdk.builder()
                  .setTracerProvider(
                      SdkTracerProvider.builder()
                          .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                          .build())
                  .build()));
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private RouteCaller routes;

  /** What the routes call. */
  public static final class Desk {
    public void open(String body) {}

    public boolean look(String body) {
      return true;
    }

    public void work(String body) {
      if (body.contains("Quokka")) {
        throw new IllegalStateException("cannot work on " + body);
      }
    }

    public void tidy(String body) {}

    public void close(String body, boolean found) {}
  }

  @BeforeEach
  void start() throws Exception {
    camel.getRegistry().bind("desk", new Desk());
    camel.getCamelContextExtension().addInterceptStrategy(new StepSpans(spans));
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromString("routes.yaml", ROUTES));
    camel.start();
    routes = new RouteCaller(camel, spans);
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private Map<String, SpanData> byName() {
    return exporter.getFinishedSpanItems().stream()
        .collect(Collectors.toMap(SpanData::getName, Function.identity()));
  }

  private void call(String body) {
    SpanBuilder root = spans.root("root");
    Spans.run(root, () -> routes.call("direct:outer", body));
  }

  @Test
  void eachStepIsASpanBelowItsRoute() {
    call("item");

    Map<String, SpanData> found = byName();
    assertThat(found)
        .containsOnlyKeys("root", "outer", "desk.open", "desk.look", "desk.work", "desk.close");
    assertThat(found.get("outer").getParentSpanId()).isEqualTo(found.get("root").getSpanId());
    for (String step : List.of("desk.open", "desk.look", "desk.work", "desk.close")) {
      assertThat(found.get(step).getParentSpanId()).isEqualTo(found.get("outer").getSpanId());
    }
  }

  @Test
  void aFailureIsRecordedByItsClassAlone() {
    Throwable thrown = catchThrowable(() -> call("Quokka"));

    assertThat(thrown).hasMessage("cannot work on Quokka");
    Map<String, SpanData> found = byName();
    assertThat(found)
        .containsOnlyKeys("root", "outer", "desk.open", "desk.look", "desk.work", "desk.tidy");
    for (String name : List.of("root", "outer", "desk.work")) {
      assertThat(found.get(name).getAttributes().asMap().values())
          .as(name)
          .containsExactly("IllegalStateException");
    }
    assertThat(found.values()).allMatch(span -> !span.toString().contains("Quokka"));
  }

  @Test
  void aRouteOutsideOfATraceHasNoSpans() {
    routes.call("direct:outer", "item");

    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }
}
