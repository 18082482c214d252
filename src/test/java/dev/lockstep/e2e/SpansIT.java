package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One change is one trace, from its webhook to the write in the other system. */
class SpansIT {
  /** Words that only texts of tickets, notes and webhooks have. */
  private static final List<String> TEXTS =
      List.of("Quokka", "Wombat", "Axolotl", "Pangolin", "Ocelot", "Narwhal");

  /** Of the rig, of its collector, and the address of a system, which is nobody's business. */
  private static final List<String> SECRETS =
      List.of(
          "sandbox-token",
          "sandbox-webhook-secret",
          "servicenow-webhook-secret",
          "end-to-end-tests",
          "bG9ja3N0ZXA6bG9ja3N0ZXA",
          "collector-secret",
          "127.0.0.1",
          "localhost",
          "sysparm");

  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final String FOREIGN = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(15);

  @Test
  void oneEditIsOneTraceFromItsWebhookToTheWrite() throws IOException {
    try (Collector collector = new Collector();
        Rig rig = Rig.started("spans", tracing(collector.url()))) {
      Linked linked = begin(rig);
      rig.serviceNow.as("ann").update(linked.ticket, Map.of("short_description", "Wombat is down"));
      rig.await("synced", () -> title(rig, linked).equals("Wombat is down"));
      rig.awaitQuiet();

      Trace trace = collector.await(rig, "pagerduty update-incident");
      Span write = trace.named("pagerduty update-incident");
      assertThat(attributes(write))
          .containsEntry("lockstep.system", "pagerduty")
          .containsEntry("lockstep.record", "pagerduty/incident/" + linked.incident)
          .containsEntry("lockstep.outcome", "ok")
          .containsEntry("http.response.status_code", "200");
      assertThat(trace.path(write))
          .containsExactly(
              "webhook servicenow",
              "inbox.receive",
              "inbox.process",
              "process-entry",
              "pairSync.converge",
              "pagerduty update-incident");
      assertThat(trace.names())
          .contains("correlationLoader.load", "refresh.refreshRecords", "noteSync.deliver")
          .contains("duplicateStep.compare", "duplicateStep.follow");
      assertThat(collector.services()).containsOnly("lockstep");
      assertThat(collector.requests)
          .allMatch(request -> request.token().equals("collector-secret"));
    }
  }

  /** What a system refuses comes back in its answer, and in the message of the exception. */
  @Test
  void noSpanHasATextOrASecretAlsoWhenCallsFail() throws Exception {
    try (Collector collector = new Collector();
        Rig rig = Rig.started("spans-texts", tracing(collector.url()))) {
      Linked linked = begin(rig);
      rig.pagerDuty
          .faults()
          .next(
              1,
              Faults.Kind.FORBIDDEN,
              call -> call.method().equals("PUT") && call.path().contains(linked.incident));
      rig.serviceNow
          .as("ann")
          .update(linked.ticket, Map.of("short_description", "Axolotl", "work_notes", "Pangolin"));
      byte[] garbage = "{\"event\":{\"id\":\"Ocelot\"".getBytes(StandardCharsets.UTF_8);
      rig.lockstep.webhook(
          "pagerduty",
          "X-PagerDuty-Signature",
          Signature.of("sandbox-webhook-secret", garbage),
          garbage);
      rig.await("refused", () -> deadLetters(rig).contains("Axolotl"));
      rig.await("the note is there", () -> rig.pagerDuty.notes(linked.incident).size() > 1);
      Trace failed = collector.await(rig, "pagerduty update-incident");
      Span refused = failed.named("pagerduty update-incident");
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(attributes(refused))
          .containsEntry("error.type", "RequestRejectedException")
          .containsEntry("http.response.status_code", "403");
      rig.lockstep.stop();

      assertThat(collector.requests).isNotEmpty();
      for (Export request : collector.requests) {
        assertThat(request.text()).doesNotContainIgnoringCase(TEXTS.toArray(String[]::new));
        assertThat(request.text()).doesNotContainIgnoringCase(SECRETS.toArray(String[]::new));
      }
      assertThat(collector.spans())
          .flatExtracting(Span::getEventsList)
          .allMatch(event -> event.getAttributesCount() == 0 && event.getName().equals("sent"));
    }
  }

  /** Paused meanwhile, so that the change waits in the database while nothing runs. */
  @Test
  void aTraceGoesOnAfterARestart() throws IOException {
    try (Collector collector = new Collector();
        Rig rig = Rig.started("spans-restart", tracing(collector.url()))) {
      Linked linked = begin(rig);
      rig.lockstep.api("POST", "/pauses?scope=system:pagerduty&reason=test");
      rig.serviceNow.as("ann").update(linked.ticket, Map.of("short_description", "Wombat is down"));
      rig.await("waits", () -> rig.lockstep.metric("lockstep_paused_entries", "pagerduty") > 0);
      rig.lockstep.stop();
      rig.lockstep.start();
      rig.lockstep.api("DELETE", "/pauses?scope=system:pagerduty");
      rig.await("synced", () -> title(rig, linked).equals("Wombat is down"));

      Trace trace = collector.await(rig, "pagerduty update-incident");
      assertThat(trace.path(trace.named("pagerduty update-incident")))
          .startsWith("webhook servicenow", "inbox.receive", "inbox.process");
      assertThat(trace.names()).filteredOn("inbox.process"::equals).hasSizeGreaterThan(1);
    }
  }

  /** What is not verified is not recorded, and no header decides what is. */
  @Test
  void aStrangerCannotBeginATrace() throws Exception {
    try (Collector collector = new Collector();
        Rig rig = Rig.started("spans-strangers", tracing(collector.url()))) {
      rig.webhooks(false);
      assertThat(post(rig, Signature.of("sandbox-webhook-secret", BODY))).isEqualTo(202);
      assertThat(post(rig, "v1=" + "0".repeat(64))).isEqualTo(401);
      assertThat(post(rig, Signature.of("sandbox-webhook-secret", BODY))).isEqualTo(202);
      rig.lockstep.stop();

      List<Span> webhooks =
          collector.spans().stream().filter(span -> span.getName().startsWith("webhook")).toList();
      assertThat(webhooks)
          .hasSize(2)
          .allMatch(span -> span.getParentSpanId().isEmpty())
          .noneMatch(span -> span.getTraceId().equals(ByteString.fromHex(FOREIGN)));
    }
  }

  private static int post(Rig rig, String signature) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + rig.lockstep.port() + "/webhooks/pagerduty"))
            .header("X-PagerDuty-Signature", signature)
            .header("traceparent", "00-" + FOREIGN + "-00f067aa0ba902b7-01")
            .POST(HttpRequest.BodyPublishers.ofByteArray(BODY))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  /** It neither answers nor refuses, then it refuses, then it is back. */
  @Test
  void aCollectorThatIsAwayDelaysNothingAndIsReportedOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> settings =
          new HashMap<>(tracing("http://127.0.0.1:" + silent.getLocalPort()));
      settings.put("OTEL_EXPORTER_OTLP_TIMEOUT", "500");
      settings.put("SERVICENOW_POLL_INTERVAL", "1s");
      settings.put("PAGERDUTY_POLL_INTERVAL", "1s");
      // Full at once.
      settings.put("OTEL_BSP_MAX_QUEUE_SIZE", "16");
      settings.put("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "8");
      try (Rig rig = Rig.started("spans-away", settings)) {
        Linked linked = begin(rig);
        for (String title : List.of("Wombat", "Axolotl", "Narwhal")) {
          rig.serviceNow.as("ann").update(linked.ticket, Map.of("short_description", title));
          rig.await("synced", () -> title(rig, linked).equals(title));
        }
        rig.await("reported", () -> warnings(rig).size() == 1);
        int port = silent.getLocalPort();
        silent.close();
        rig.awaitPolls(3);
        assertThat(warnings(rig)).hasSize(1);
        try (Collector collector = new Collector(port)) {
          rig.await("is back", () -> lines(rig, "Traces are exported again").size() == 1);
          assertThat(collector.requests).isNotEmpty();
        }
        long begun = System.nanoTime();
        rig.lockstep.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(STOPPED_WITHIN);
        assertThat(lines(rig, "opentelemetry")).isEmpty();
      }
    }
  }

  private static List<String> warnings(Rig rig) throws IOException {
    return lines(rig, "Traces cannot be exported");
  }

  private static List<String> lines(Rig rig, String text) throws IOException {
    return Files.readAllLines(rig.lockstep.log()).stream()
        .filter(line -> line.contains(text))
        .toList();
  }

  private static Map<String, String> tracing(String url) {
    return Map.of(
        "LOCKSTEP_TRACING", "true",
        // A poll must not find a change before its webhook arrives.
        "SERVICENOW_POLL_INTERVAL", "1h",
        "PAGERDUTY_POLL_INTERVAL", "1h",
        "OTEL_EXPORTER_OTLP_ENDPOINT", url,
        "OTEL_EXPORTER_OTLP_HEADERS", "X-Token=collector-secret",
        "OTEL_BSP_SCHEDULE_DELAY", "100",
        // What a platform may set for all its programs.
        "OTEL_METRICS_EXPORTER", "otlp",
        "OTEL_PROPAGATORS", "b3");
  }

  /**
   * @param ticket its sys_id
   * @param incident its id in PagerDuty
   */
  private record Linked(String ticket, String incident) {}

  private static Linked begin(Rig rig) {
    String ticket =
        rig.serviceNow
            .as("ann")
            .create(
                "incident",
                Map.of(
                    "short_description", "Quokka is down",
                    "impact", "1",
                    "urgency", "1",
                    "cmdb_ci", rig.sysId("Patient records"),
                    "caller_id", rig.sysId("ben")));
    rig.await("it is paired", () -> !rig.serviceNow.value(ticket, "correlation_id").isEmpty());
    rig.awaitQuiet();
    PagerDutyIncident incident = rig.pagerDuty.incidents().get(0);
    return new Linked(ticket, incident.id());
  }

  private static String title(Rig rig, Linked linked) {
    return rig.pagerDuty.incident(linked.incident).title();
  }

  private static String deadLetters(Rig rig) {
    return rig.lockstep.api("GET", "/dead-letters").toString();
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                attribute ->
                    attribute.getValue().hasIntValue()
                        ? String.valueOf(attribute.getValue().getIntValue())
                        : attribute.getValue().getStringValue()));
  }

  private record Trace(List<Span> spans) {

    List<String> names() {
      return spans.stream().map(Span::getName).toList();
    }

    Span named(String name) {
      List<Span> found = spans.stream().filter(span -> span.getName().equals(name)).toList();
      assertThat(found).as(name + " in " + names()).hasSize(1);
      return found.get(0);
    }

    /** The names from the root to this span. */
    List<String> path(Span last) {
      List<String> path = new ArrayList<>();
      for (Optional<Span> span = Optional.of(last); span.isPresent(); span = parent(span.get())) {
        path.add(0, span.get().getName());
      }
      return path;
    }

    /** A span is exported when it ends: those above it come later. */
    boolean isComplete() {
      return spans.stream()
          .allMatch(span -> span.getParentSpanId().isEmpty() || parent(span).isPresent());
    }

    private Optional<Span> parent(Span child) {
      return spans.stream()
          .filter(span -> span.getSpanId().equals(child.getParentSpanId()))
          .findFirst();
    }
  }

  /**
   * @param token of the header that the settings name
   * @param text all its bytes, one character each
   */
  private record Export(String token, String text, ExportTraceServiceRequest content) {}

  /** Receives traces as the OpenTelemetry protocol has it: protobuf over HTTP. */
  private static final class Collector implements AutoCloseable {
    final List<Export> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Collector() {
      this(0);
    }

    Collector(int port) {
      try {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.createContext("/v1/traces", this::take);
      server.start();
    }

    private void take(HttpExchange call) throws IOException {
      byte[] body = call.getRequestBody().readAllBytes();
      requests.add(
          new Export(
              String.valueOf(call.getRequestHeaders().getFirst("X-Token")),
              new String(body, StandardCharsets.UTF_8),
              ExportTraceServiceRequest.parseFrom(body)));
      call.sendResponseHeaders(200, -1);
      call.close();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> spans() {
      return requests.stream()
          .flatMap(request -> request.content().getResourceSpansList().stream())
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .toList();
    }

    List<String> services() {
      return requests.stream()
          .flatMap(request -> request.content().getResourceSpansList().stream())
          .flatMap(resource -> resource.getResource().getAttributesList().stream())
          .filter(attribute -> attribute.getKey().equals("service.name"))
          .map(attribute -> attribute.getValue().getStringValue())
          .toList();
    }

    /** The trace of the span of this name, when it is complete. */
    Trace await(Rig rig, String name) {
      rig.await(name + " is exported", () -> trace(name).isPresent());
      return trace(name).orElseThrow();
    }

    private Optional<Trace> trace(String name) {
      List<Span> all = spans();
      return all.stream()
          .filter(span -> span.getName().equals(name))
          .map(
              span ->
                  new Trace(
                      all.stream()
                          .filter(other -> other.getTraceId().equals(span.getTraceId()))
                          .toList()))
          .filter(Trace::isComplete)
          .findFirst();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
