package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.BasicMDCAdapter;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.mock.env.MockEnvironment;

/** Texts of strangers stay inside their log line, in both formats. */
class LogLinesTest {
  private static final String FORGED =
      "key\r\n2026-11-24T03:00:00.000Z ERROR forged\u001b[31m\u009b\u202e\u2028\u0000\ttext";
  private static final String SHOWN =
      "key\\r"
          + "\\n"
          + "2026-11-24T03:00:00.000Z ERROR forged\\u001b[31m\\u009b\\u202e\\u2028\\u0000\\ttext";

  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Logger logger;

  @BeforeEach
  void context() {
    context.setMDCAdapter(new BasicMDCAdapter());
    context.putObject(
        org.springframework.core.env.Environment.class.getName(), new MockEnvironment());
    logger = context.getLogger("dev.lockstep.inbox.Worker");
  }

  private List<String> logged(Encoder<ILoggingEvent> encoder, Runnable work) {
    encoder.setContext(context);
    encoder.start();
    var appender = new OutputStreamAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(out);
    appender.start();
    logger.addAppender(appender);
    LogLines.install(logger);
    LogLines.install(logger);
    work.run();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static PatternLayoutEncoder shippedPattern() throws Exception {
    JsonNode settings =
        new ObjectMapper(new YAMLFactory()).readTree(Path.of("config/application.yaml").toFile());
    var encoder = new PatternLayoutEncoder();
    encoder.setPattern(settings.at("/logging/pattern/console").asText());
    return encoder;
  }

  private static StructuredLogEncoder json() {
    var encoder = new StructuredLogEncoder();
    encoder.setFormat("logstash");
    return encoder;
  }

  @Test
  void aMessageIsOneLineOfText() throws Exception {
    List<String> lines = logged(shippedPattern(), () -> logger.warn("{} is retried", FORGED));

    assertThat(lines).singleElement().asString().endsWith(SHOWN + " is retried");
  }

  @Test
  void soIsTheMessageOfAnExceptionAndOfItsCause() throws Exception {
    List<String> lines =
        logged(
            shippedPattern(),
            () ->
                logger.error(
                    "failed",
                    new IllegalStateException(FORGED, new IllegalArgumentException(FORGED))));

    assertThat(lines).noneMatch(line -> line.startsWith("2026-11-24T03:00:00.000Z ERROR forged"));
    assertThat(String.join("\n", lines))
        .contains("IllegalStateException: " + SHOWN, "IllegalArgumentException: " + SHOWN)
        .doesNotContain("\u001b", "\u009b", "\u202e", "\u2028");
  }

  @Test
  void anEventIsOneLineOfJson() throws Exception {
    List<String> lines =
        logged(
            json(),
            () -> {
              context.getMDCAdapter().put("delivery_id", FORGED);
              logger.error("{} failed", FORGED, new IllegalStateException(FORGED));
            });

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).doesNotContain("\u001b", "\u009b", "\u202e", "\u2028");
    JsonNode event = new ObjectMapper().readTree(lines.get(0));
    assertThat(event.path("message").asText()).isEqualTo(SHOWN + " failed");
    assertThat(event.path("delivery_id").asText()).isEqualTo(SHOWN);
    assertThat(event.path("stack_trace").asText()).contains("IllegalStateException: " + SHOWN);
  }

  @Test
  void anEventNamesTheCurrentSpan() throws Exception {
    SpanContext span =
        SpanContext.create(
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "00f067aa0ba902b7",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    List<String> lines =
        logged(
            json(),
            () -> {
              logger.info("before");
              try (Scope current = Span.wrap(span).makeCurrent()) {
                logger.info("within");
              }
            });

    assertThat(lines.get(0)).doesNotContain("trace_id", "span_id");
    JsonNode event = new ObjectMapper().readTree(lines.get(1));
    assertThat(event.path("trace_id").asText()).isEqualTo(span.getTraceId());
    assertThat(event.path("span_id").asText()).isEqualTo(span.getSpanId());
  }

  @Test
  void plainTextIsLeftAsItIs() throws Exception {
    String text = "Störung «Patientenportal» \ud83d\ude00 ⇄ 例え";
    List<String> lines = logged(shippedPattern(), () -> logger.info(text));

    assertThat(lines).singleElement().asString().endsWith(text);
  }
}
