package dev.lockstep.ops.spans;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one warning when spans cannot be exported, and one line when they can again. The exporter's
 * own log would repeat it every minute.
 */
final class ReportedExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(ReportedExporter.class);

  private final SpanExporter target;
  private final AtomicBoolean failing = new AtomicBoolean();

  ReportedExporter(SpanExporter target) {
    this.target = target;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = target.export(spans);
    return result.whenComplete(() -> report(result));
  }

  private void report(CompletableResultCode result) {
    if (result.isSuccess()) {
      if (failing.compareAndSet(true, false)) {
        LOG.info("Traces are exported again");
      }
    } else if (failing.compareAndSet(false, true)) {
      LOG.warn(
          "Traces cannot be exported and are dropped until they can: {}. Check"
              + " OTEL_EXPORTER_OTLP_ENDPOINT and the collector. Nothing else depends on it.",
          reason(result.getFailureThrowable()));
    }
  }

  /** By the classes of the exceptions: their messages may contain the address, with a password. */
  private static String reason(@Nullable Throwable failure) {
    String reason = "the collector refuses them";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpTimeoutException) {
        return "no answer within the time limit";
      }
      if (cause instanceof UnresolvedAddressException) {
        return "the name of its host can't be resolved (DNS)";
      }
      if (cause instanceof SSLException) {
        return "no secure connection (TLS)";
      }
      if (cause instanceof IOException) {
        reason = "no connection";
      }
    }
    return reason;
  }

  @Override
  public CompletableResultCode flush() {
    return target.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return target.shutdown();
  }
}
