package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's database goes away under a running Lockstep, and comes back. */
class DatabaseAwayIT {
  private static final long SEED = 55;

  @TempDir Path folder;

  @Test
  void acknowledgesNothingMeanwhileAndGoesOnByItself() throws Exception {
    EmbeddedPostgres database = start(0);
    try (Rig rig = Rig.started("database-away", settings(database.getPort()))) {
      Crowd crowd = new Crowd(rig, SEED, 4);
      crowd.work(40, Duration.ofMillis(25)).finish();
      rig.awaitAgreement(crowd.begun(), crowd.said());

      int port = database.getPort();
      database.close();
      try {
        rig.await("not ready", () -> rig.lockstep.status("/health/ready") == 503);
        long delivered = rig.pagerDuty.webhooks().counts().delivered();
        long accepted = rig.serviceNow.webhooks().delivered();
        crowd.work(40, Duration.ofMillis(25)).finish();
        assertAskedToRepeat(rig);
        rig.await("tries by PagerDuty", () -> rig.pagerDuty.webhooks().counts().retried() > 3);
        assertThat(rig.pagerDuty.webhooks().counts().delivered()).isEqualTo(delivered);
        assertThat(rig.serviceNow.webhooks().delivered()).isEqualTo(accepted);
        assertThat(rig.lockstep.status("/health/live")).isEqualTo(200);
      } finally {
        database = start(port);
      }

      rig.await("ready again", () -> rig.lockstep.status("/health/ready") == 200);
      rig.awaitAgreement(crowd.begun(), crowd.said());
      assertThat(rig.lockstep.starts()).isEqualTo(1);
      assertThat(rig.pagerDuty.webhooks().counts().dropped()).isZero();
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    } finally {
      database.close();
    }
  }

  private static void assertAskedToRepeat(Rig rig) {
    byte[] event =
        """
        {"event":{"id":"E1","event_type":"incident.annotated","resource_type":"incident",
        "occurred_at":"2026-11-24T03:00:00.000Z","agent":{"summary":"Ann"},
        "data":{"id":"P1","content":"a note","incident":{"id":"QNONE"},"trimmed":false}}}
        """
            .getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> answer =
        rig.lockstep.webhook(
            "pagerduty",
            "X-PagerDuty-Signature",
            Signature.of("sandbox-webhook-secret", event),
            event);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  private static Map<String, String> settings(int port) {
    return Map.of(
        "DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
        "DATABASE_USERNAME", "postgres",
        "DATABASE_PASSWORD", "postgres");
  }

  /** The same data whenever it is started. */
  private EmbeddedPostgres start(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder.resolve("database"))
        .setCleanDataDirectory(false)
        .setPort(port)
        .start();
  }
}
