package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.Hmac;
import dev.lockstep.sandbox.http.WebhookCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceNowWebhookTest {
  private record Received(String signature, String body, JsonNode json) {
    String event() {
      return json.path("event").asText();
    }

    String description() {
      return json.path("record").path("short_description").asText();
    }
  }

  private final Faults faults = new Faults();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer target = target();
  private final URI hook =
      URI.create("http://127.0.0.1:" + target.getAddress().getPort() + "/webhooks/servicenow");
  private final ServiceNowSimulator instance =
      ServiceNowSimulator.start(new ServiceNowOptions().faults(faults).webhook(hook, "old secret"));
  private volatile int status = 202;
  private String sysId = "";

  private HttpServer target() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String signature = exchange.getRequestHeaders().getFirst("X-Lockstep-Signature");
            received.add(new Received(signature, body, ServiceNowClient.JSON.readTree(body)));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.setExecutor(Executors.newCachedThreadPool());
      server.start();
      return server;
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @BeforeEach
  void oneIncident() {
    String ann = instance.seedUser("ann", "Ann Agent", "ann@example.com");
    sysId =
        instance.as("ann").create("incident", Map.of("short_description", "0", "assigned_to", ann));
    settle();
    received.clear();
  }

  @AfterEach
  void close() {
    instance.close();
    target.stop(0);
  }

  @Test
  void postsASignedFlatRecordWithItsLatestNotes() {
    for (int i = 1; i <= 12; i++) {
      instance.as("ann").addWorkNote(sysId, "note " + i);
    }
    settle();
    Received last = received.get(received.size() - 1);
    assertThat(last.signature())
        .isEqualTo("v1=" + Hmac.sha256("old secret", last.body().getBytes(StandardCharsets.UTF_8)));
    JsonNode json = last.json();
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("delivery", "event", "table", "sent_at", "record", "notes");
    assertThat(last.event()).isEqualTo("incident.updated");
    assertThat(json.path("table").asText()).isEqualTo("incident");
    assertThat(json.path("record").path("sys_id").asText()).isEqualTo(sysId);
    assertThat(json.path("record").path("sys_mod_count").asText()).isEqualTo("12");
    assertThat(json.path("record").path("assigned_to.email").asText()).isEqualTo("ann@example.com");
    assertThat(json.path("record").path("cmdb_ci.name").asText("-")).isEmpty();
    assertThat(json.path("record").properties())
        .allSatisfy(field -> assertThat(field.getValue().isTextual()).isTrue());
    assertThat(json.path("notes")).hasSize(10);
    assertThat(json.path("notes").path(0).path("value").asText()).isEqualTo("note 12");
    assertThat(json.path("notes").path(0).path("sys_created_by").asText()).isEqualTo("ann");
  }

  @Test
  void postsChangeRequestsToo() {
    String change =
        instance
            .as("ann")
            .create("change_request", Map.of("short_description", "More disk", "parent", sysId));
    instance.as("ann").carryOut(change, ChangeOutcome.UNSUCCESSFUL, "Rolled back");
    instance.as("ann").update(sysId, Map.of("rfc", change));
    settle();

    List<Received> listener =
        received.stream().filter(r -> r.event().startsWith("change_request.")).toList();
    assertThat(listener).hasSize(7);
    assertThat(listener.get(0).event()).isEqualTo("change_request.inserted");
    JsonNode last = listener.get(listener.size() - 1).json();
    assertThat(last.path("table").asText()).isEqualTo("change_request");
    assertThat(last.path("record").path("state").asText()).isEqualTo("3");
    assertThat(last.path("record").path("close_code").asText()).isEqualTo("unsuccessful");
    assertThat(last.path("record").path("parent.number").asText()).startsWith("INC");
    assertThat(last.path("record").path("requested_by.email").asText())
        .isEqualTo("ann@example.com");
    assertThat(last.path("record").has("rfc.number")).isFalse();
    JsonNode incident =
        received.stream()
            .filter(r -> r.event().equals("incident.updated"))
            .findFirst()
            .orElseThrow()
            .json()
            .path("record");
    assertThat(incident.path("rfc").asText()).isEqualTo(change);
    assertThat(incident.path("rfc.number").asText()).startsWith("CHG");
  }

  /** RFC 4231, test case 2. */
  @Test
  void signsAsThePublishedVector() {
    String body = "what do ya want for nothing?";
    assertThat(Hmac.sha256("Jefe", body.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void echoesWhatTheApiUserWrites() throws IOException {
    ServiceNowClient api = ServiceNowClient.basic(instance, "lockstep", "lockstep");
    String path = "/api/now/table/incident/" + sysId;
    api.result("PATCH", path, "{\"urgency\":\"1\"}");
    api.result("PATCH", path, "{\"urgency\":\"1\"}");
    settle();
    assertThat(received).hasSize(1);
    assertThat(received.get(0).json().path("record").path("sys_updated_by").asText())
        .isEqualTo("lockstep");
  }

  @Test
  void tellsOfEveryKindOfChange() {
    String other = instance.as("ann").create("incident", Map.of());
    instance.as("ann").addComment(other, "hello");
    instance.as("ann").delete(other);
    instance.as("ann").create("problem", Map.of("short_description", "Again"));
    settle();
    assertThat(received)
        .extracting(Received::event)
        .containsExactly("incident.inserted", "incident.updated", "incident.deleted");
  }

  @Test
  void keepsTheOrderOfARecord() {
    describe(1, 30);
    settle();
    assertThat(received)
        .extracting(Received::description)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 30).mapToObj(Integer::toString).toList());
  }

  @Test
  void losesDoublesAndReorders() {
    plan(Faults.Kind.WEBHOOK_LOST);
    plan(Faults.Kind.WEBHOOK_TWICE);
    plan(Faults.Kind.WEBHOOK_REORDERED);
    describe(1, 5);
    settle();
    assertThat(received).extracting(Received::description).containsExactly("2", "2", "4", "3", "5");
    assertThat(received.get(0).json().path("delivery"))
        .isEqualTo(received.get(1).json().path("delivery"));
  }

  @Test
  void letsAHeldMessageGoEvenIfNothingFollows() {
    plan(Faults.Kind.WEBHOOK_REORDERED);
    describe(1, 1);
    assertThat(instance.webhooksIdle()).isFalse();
    settle();
    assertThat(received).extracting(Received::description).containsExactly("1");
  }

  /** A business rule sends once: that is why there must be polling. */
  @Test
  void doesNotRepeatWhatTheTargetMissed() {
    status = 503;
    describe(1, 1);
    settle();
    status = 202;
    instance.webhookTarget(URI.create("http://127.0.0.1:9/"));
    describe(2, 2);
    settle();
    instance.webhookTarget(hook);
    instance.webhooksOn(false);
    describe(3, 3);
    instance.webhooksOn(true);
    describe(4, 4);
    settle();
    assertThat(received).extracting(Received::description).containsExactly("1", "4");
    assertThat(instance.webhooks()).isEqualTo(new WebhookCounts(2, 4, 0, 1, 1, 0, 0, 0));
  }

  @Test
  void signsWithTheNewSecretOnceItIsRotated() {
    instance.rotateWebhookSecret("new secret");
    describe(1, 1);
    settle();
    Received only = received.get(0);
    assertThat(only.signature())
        .isEqualTo("v1=" + Hmac.sha256("new secret", only.body().getBytes(StandardCharsets.UTF_8)));
  }

  private void describe(int from, int to) {
    for (int i = from; i <= to; i++) {
      instance.as("ann").update(sysId, Map.of("short_description", Integer.toString(i)));
    }
  }

  private void plan(Faults.Kind kind) {
    faults.next(1, kind, call -> call.method().equals("WEBHOOK"));
  }

  private void settle() {
    await().until(instance::webhooksIdle);
  }
}
