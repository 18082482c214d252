package dev.lockstep.sandbox.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.Receiver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares what the simulator sends with samples of what PagerDuty really sent. */
class RealSamplesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void signsAsRfc4231ExpectsOfHmacSha256() {
    // Test case 2 of https://www.rfc-editor.org/rfc/rfc4231
    byte[] body = "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);

    assertThat(WebhookSubscription.signatures(List.of("Jefe"), body))
        .isEqualTo("v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void signsTheRealPayloadAsPagerDutyDid() throws IOException {
    Path samples = samples();
    JsonNode valid = JSON.readTree(samples.resolve("signature-vectors.json").toFile()).get(0);
    byte[] body = Files.readAllBytes(samples.resolve("go-incident_priority_updated.json"));

    assertThat(WebhookSubscription.signatures(List.of(valid.path("secret").asText()), body))
        .isEqualTo(valid.at("/header/X-PagerDuty-Signature").asText());
  }

  @Test
  void sendsTheFieldsThatRealWebhooksHave() throws IOException {
    Map<String, JsonNode> real = newestOfEachType(samples());

    for (JsonNode sent : oneOfEachType()) {
      String type = sent.at("/event/event_type").asText();
      JsonNode sample = real.get(type);
      if (sample != null) {
        assertThat(shape(sent)).describedAs(type).containsAll(shape(sample));
      }
    }
  }

  /** Later samples have more fields; PagerDuty adds some over the years. */
  private static Map<String, JsonNode> newestOfEachType(Path samples) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    try (var files = Files.list(samples)) {
      for (Path file : files.toList()) {
        JsonNode json = JSON.readTree(file.toFile());
        if (json.has("event")) {
          all.add(json);
        }
      }
    }
    all.sort(Comparator.comparing(json -> json.at("/event/occurred_at").asText()));
    Map<String, JsonNode> newest = new TreeMap<>();
    all.forEach(json -> newest.put(json.at("/event/event_type").asText(), json));
    return newest;
  }

  private static List<JsonNode> oneOfEachType() {
    try (Hospital hospital = new Hospital();
        Receiver receiver = new Receiver("pagerduty", "/event/event_type")) {
      hospital.pagerDuty.webhooks().target(receiver.url());
      PagerDutyPerson ana = hospital.pagerDuty.as(Hospital.ANA);
      String id = ana.createIncident("Health records", "x", "P1", Urgency.HIGH, null).id();
      ana.acknowledge(id);
      ana.unacknowledge(id);
      ana.setPriority(id, "P2");
      ana.reassign(id, Hospital.BEN);
      ana.escalate(id, 1);
      ana.delegate(id, "Network on call");
      ana.addNote(id, "n");
      ana.statusUpdate(id, "s");
      ana.resolve(id);
      ana.reopen(id);
      await().until(hospital.pagerDuty::webhooksIdle);
      return receiver.got().stream().map(Receiver.Got::json).toList();
    }
  }

  /** Every path there is. */
  private static Set<String> shape(JsonNode json) {
    Set<String> shape = new TreeSet<>();
    collect("", json, shape);
    return shape;
  }

  private static void collect(String path, JsonNode json, Set<String> shape) {
    shape.add(path);
    if (json.isArray()) {
      json.forEach(each -> collect(path + "[]", each, shape));
    } else {
      json.fields()
          .forEachRemaining(field -> collect(path + "/" + field.getKey(), field.getValue(), shape));
    }
  }

  private static Path samples() {
    String shared =
        System.getProperty(
            "LOCKSTEP_SHARED", System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared"));
    Path samples = Path.of(shared, "samples", "pagerduty", "webhooks-v3");
    assumeThat(samples).describedAs("samples of real webhooks").isDirectory();
    return samples;
  }
}
