package dev.lockstep.poll;

import dev.lockstep.connector.ConnectorHealth;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Part of liveness: an HTTP client that can make no call any more needs a restart. */
record ClientsHealth(ConnectorHealth systems) implements HealthIndicator {

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    for (ConnectorHealth.Health system : systems.health()) {
      if (system.clientBroken()) {
        health.down().withDetail(system.system(), "the HTTP client makes no calls any more");
      }
    }
    return health.build();
  }
}
