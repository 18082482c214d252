package dev.lockstep.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.WorkNote;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/**
 * What the shipped script sends is what intake takes in. Runs it with Node.js, which is no
 * requirement: without it these tests skip.
 */
class BusinessRuleTest {
  private final WebhookDefinition webhook =
      WebhookDefinitions.load(
              List.of(Path.of("connectors")),
              new MockEnvironment()
                  .withProperty("SERVICENOW_WEBHOOK_SECRET", Signed.SERVICENOW_SECRET))
          .find("servicenow")
          .orElseThrow();

  private static JsonNode run(String situation) throws Exception {
    return run(situation, "incident");
  }

  private static JsonNode run(String situation, String table) throws Exception {
    Process node;
    try {
      node =
          new ProcessBuilder(
                  "node",
                  "src/test/resources/intake/run-business-rule.js",
                  "connectors/servicenow/business-rule.js",
                  Signed.SERVICENOW_SECRET,
                  situation,
                  table)
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no Node.js here");
      throw e;
    }
    String output = new String(node.getInputStream().readAllBytes(), UTF_8);
    assertThat(node.waitFor()).as(output).isZero();
    JsonNode sent = new ObjectMapper().readTree(output);
    assertThat(sent.path("warnings")).isEmpty();
    return sent;
  }

  private InboundEvent taken(JsonNode sent) {
    byte[] body = sent.path("body").asText().getBytes(UTF_8);
    String signature = sent.at("/headers/X-Lockstep-Signature").asText();
    assertThat(webhook.signature().verifies(body, name -> signature, Instant.EPOCH)).isTrue();
    ParsedWebhook heard =
        new WebhookNormaliser(new FakeRecordReader())
            .normalise(new VerifiedWebhook(webhook, body, "", Instant.EPOCH));
    assertThat(heard).isInstanceOf(ParsedWebhook.RecordChanged.class);
    return ((ParsedWebhook.RecordChanged) heard).event();
  }

  @Test
  void tellsTheTicketAndItsNotes() throws Exception {
    InboundEvent event = taken(run("found"));

    assertThat(event.deliveryId()).isEqualTo("guid-1");
    assertThat(event.notes()).extracting(WorkNote::text).containsExactly("früher", "später");
    JsonNode record = Objects.requireNonNull(event.state()).json();
    assertThat(event.state().version()).isEqualTo(Version.count(3));
    assertThat(record.path("short_description").asText()).isEqualTo("Störung ☎ 🚑");
    assertThat(record.path("assigned_to").asText()).isEqualTo("u1");
    assertThat(record.path("assigned_to.email").asText()).isEqualTo("ada@example.com");
    assertThat(record.path("opened_at").asText()).isEqualTo("2026-11-24 01:00:00");
    assertThat(record.path("parent_incident").asText()).isEqualTo("p1");
    assertThat(record.path("cmdb_ci.name").asText("?")).isEmpty();
    assertThat(record.has("category")).isFalse();
  }

  @Test
  void tellsAChangeRequest() throws Exception {
    InboundEvent event = taken(run("found", "change_request"));

    assertThat(event.record())
        .isEqualTo(
            new RecordRef("servicenow", "change-request", "9d385017c611228701d22104cc95c371"));
    JsonNode record = Objects.requireNonNull(event.state()).json();
    assertThat(record.path("state").asText()).isEqualTo("-5");
    assertThat(record.path("parent").asText()).isEqualTo("i1");
    assertThat(record.path("parent.number").asText()).isEqualTo("INC0010001");
    assertThat(record.path("start_date").asText("?")).isEmpty();
    assertThat(record.has("parent_incident")).isFalse();
    assertThat(event.notes()).hasSize(2);
    assertThat(taken(run("gone", "change_request")).record()).isEqualTo(event.record());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "large"})
  void whatCantBeToldIsToBeFetched(String situation) throws Exception {
    InboundEvent event = taken(run(situation));
    assertThat(event.record().id()).isEqualTo("9d385017c611228701d22104cc95c371");
    assertThat(event.state()).isNull();
    assertThat(event.notesIncomplete()).isEqualTo(situation.equals("large"));
  }
}
