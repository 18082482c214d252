package dev.lockstep.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.inbox.WebhookReceipts.Kind;
import dev.lockstep.inbox.WebhookReceipts.Receipt;
import dev.lockstep.poll.SystemStates;
import dev.lockstep.poll.SystemStates.CheckState;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class SystemsControllerTest {
  private static final Instant STARTED = Instant.parse("2026-11-24T03:00:00Z");

  private final HikariDataSource database = TestDatabase.migrated();
  private final WebhookReceipts receipts = new WebhookReceipts(JdbcClient.create(database));
  private final SettableClock clock = new SettableClock(STARTED);
  private final SystemsController api =
      new SystemsController(
          () -> List.of(state("itsm", true), state("internal", false)), receipts, clock);

  private static SystemStates.SystemState state(String system, boolean sendsWebhooks) {
    return new SystemStates.SystemState(
        new ConnectorHealth.Health(
            system,
            "ITSM",
            "CLOSED",
            null,
            new ConnectorHealth.CallBudget(9, 10, Duration.ofSeconds(1)),
            "Check ITSM_TOKEN.",
            false,
            null),
        false,
        true,
        sendsWebhooks,
        List.of(new SystemStates.Feed(system + "/incident/list", null, "403")),
        List.of(new SystemStates.Check("hook", CheckState.UNKNOWN, "", "", null, List.of(), null)));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private JsonNode list() {
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .build()
        .valueToTree(api.list());
  }

  @Test
  void nothingReceivedIsNotTheSameAsNothingToReceive() {
    JsonNode systems = list().path("systems");
    JsonNode itsm = systems.get(0);
    assertThat(itsm.path("webhooks").path("verifiedAt").isNull()).isTrue();
    assertThat(itsm.path("webhooks").path("refused").isNull()).isTrue();
    assertThat(itsm.path("webhooks").path("test").isNull()).isTrue();
    assertThat(itsm.path("problem").asText()).isEqualTo("Check ITSM_TOKEN.");
    assertThat(itsm.path("feeds").get(0).path("problem").asText()).isEqualTo("403");
    assertThat(itsm.path("checks").get(0).path("state").asText()).isEqualTo("UNKNOWN");
    assertThat(systems.get(1).path("webhooks").isNull()).isTrue();
  }

  @Test
  void showsTheLastWebhookOfEachKind() {
    receipts.save(new Receipt("itsm", Kind.VERIFIED, STARTED, "", null, ""));
    receipts.save(
        new Receipt("itsm", Kind.REFUSED, STARTED.plusSeconds(1), "bad-signature", null, ""));
    receipts.save(
        new Receipt(
            "itsm", Kind.TEST, STARTED.plusSeconds(2), "01PING", STARTED.minusMillis(500), "S1"));
    receipts.save(new Receipt("other", Kind.VERIFIED, STARTED.plusSeconds(9), "", null, ""));
    clock.advance(Duration.ofSeconds(3));
    JsonNode answer = list();
    assertThat(answer.path("now").asText()).isEqualTo("2026-11-24T03:00:03Z");
    assertThat(answer.path("startedAt").asText()).isEqualTo("2026-11-24T03:00:00Z");
    assertThat(answer.path("systems").get(0).path("webhooks"))
        .hasToString(
            "{\"verifiedAt\":\"2026-11-24T03:00:00Z\","
                + "\"refused\":{\"at\":\"2026-11-24T03:00:01Z\",\"reason\":\"bad-signature\"},"
                + "\"test\":{\"at\":\"2026-11-24T03:00:02Z\",\"id\":\"01PING\","
                + "\"occurredAt\":\"2026-11-24T02:59:59.500Z\",\"sender\":\"S1\"}}");
  }
}
