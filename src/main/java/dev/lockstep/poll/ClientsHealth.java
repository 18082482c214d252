package dev.lockstep.poll;

import dev.lockstep.connector.ConnectorHealth;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Part of liveness: an HTTP client that can no longer make calls requires a restart. */
@Component("clientsHealthIndicator")
record ClientsHealth(ConnectorHealth systems) implements HealthIndicator {

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    for (ConnectorHealth.Health system : systems.health()) {
      if (system.clientBroken()) {
        health.down().withDetail(system.system(), "the HTTP client no longer makes calls");
      }
    }
    return health.build();
  }
}
