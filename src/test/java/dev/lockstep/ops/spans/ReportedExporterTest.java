package dev.lockstep.ops.spans;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A collector that is away for hours is two lines in the log. */
@ExtendWith(OutputCaptureExtension.class)
class ReportedExporterTest {
  private CompletableResultCode next = CompletableResultCode.ofSuccess();

  private final SpanExporter exporter =
      new ReportedExporter(
          new SpanExporter() {
            private final SpanExporter memory = InMemorySpanExporter.create();

            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
              return next;
            }

            @Override
            public CompletableResultCode flush() {
              return memory.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
              return memory.shutdown();
            }
          });

  @Test
  void saysThatTheCollectorRefusesThem(CapturedOutput output) throws Exception {
    HttpServer collector = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    collector.createContext(
        "/",
        call -> {
          call.sendResponseHeaders(403, -1);
          call.close();
        });
    collector.start();
    try (SpanExporter real =
        new ReportedExporter(
            OtlpHttpSpanExporter.builder()
                .setEndpoint("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces")
                .build())) {
      assertThat(real.export(List.of()).join(10, TimeUnit.SECONDS).isSuccess()).isFalse();
    } finally {
      collector.stop(0);
    }
    assertThat(output)
        .contains("cannot be exported")
        .contains(": the collector refuses them. Check");
  }

  private void export(CompletableResultCode result, int times) {
    next = result;
    for (int i = 0; i < times; i++) {
      exporter.export(List.of());
    }
  }

  @Test
  void reportsTheFirstFailureAndTheRecovery(CapturedOutput output) {
    export(CompletableResultCode.ofSuccess(), 2);
    assertThat(output).doesNotContain("Traces");

    ConnectException away = new ConnectException("http://user:hunter2@collector");
    away.initCause(new ClosedChannelException());
    export(CompletableResultCode.ofExceptionalFailure(new IllegalStateException(away)), 3);
    export(CompletableResultCode.ofSuccess(), 3);
    export(
        CompletableResultCode.ofExceptionalFailure(new HttpTimeoutException("request timed out")),
        3);

    assertThat(output.getOut().lines().filter(line -> line.contains("Traces")))
        .satisfiesExactly(
            line ->
                assertThat(line).contains("WARN", "cannot be exported", ": no connection. Check"),
            line -> assertThat(line).contains("INFO", "exported again"),
            line -> assertThat(line).contains("WARN", ": no answer within the time limit. Check"));
    assertThat(output).doesNotContain("hunter2");
  }
}
