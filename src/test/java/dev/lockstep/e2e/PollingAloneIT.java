package dev.lockstep.e2e;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** For the site whose firewall lets no webhook in: asking is enough. */
class PollingAloneIT {
  private static final long SEED = 20261124;

  @Test
  void keepsBothSidesInStepThoughNoWebhookEverComes() {
    try (Rig rig = Rig.started("polling-alone", java.util.Map.of())) {
      rig.webhooks(false);
      Crowd crowd = new Crowd(rig, SEED, 4).withoutStatusUpdates();
      crowd.work(60, Duration.ofMillis(40)).finish();
      rig.awaitAgreement(crowd.begun(), crowd.said());
    }
  }
}
