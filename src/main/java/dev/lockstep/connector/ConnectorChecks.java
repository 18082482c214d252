package dev.lockstep.connector;

import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * Checks the real systems before Lockstep goes live: that they answer, accept the credentials, list
 * and show the records and fields that mappings use, and what each connector declares under {@code
 * checks}. Only reads, except for repairs while Lockstep runs, and for test webhooks, which a
 * system is asked to send.
 */
@Component
public final class ConnectorChecks implements SystemWatch {
  private final ConnectorCatalog catalog;
  private final RecordGateway gateway;
  private final Clock clock;

  ConnectorChecks(ConnectorCatalog catalog, RecordGateway gateway, Clock clock) {
    this.catalog = catalog;
    this.gateway = gateway;
    this.clock = clock;
  }

  @Override
  public List<String> repairable(String system) {
    return catalog.connector(system).checks().stream()
        .filter(check -> check.repair() != null)
        .map(CheckDefinition::check)
        .toList();
  }

  @Override
  public Watched watch(String system, String name, Set<String> eventTypes, boolean repairs) {
    ConnectorDefinition connector = catalog.connector(system);
    CheckDefinition check =
        connector.checks().stream()
            .filter(one -> one.check().equals(name))
            .findFirst()
            .orElseThrow();
    return new RecurringCheck(
            connector, gateway.client(system), check, Objects.requireNonNull(check.repair()))
        .run(eventTypes, repairs);
  }

  /**
   * Systems within Lockstep's own process are left out: those without an address.
   *
   * @param kinds all that mappings use
   * @param eventTypes by system, the types of events that its webhooks are used for
   * @param service what the running service received
   * @param timeout how long to wait for a test webhook
   */
  public List<Finding> run(
      List<CheckedKind> kinds,
      Map<String, Set<String>> eventTypes,
      ServiceWebhooks service,
      Duration timeout) {
    Map<String, List<CheckedKind>> bySystem = new TreeMap<>();
    kinds.forEach(
        kind -> bySystem.computeIfAbsent(kind.system(), name -> new ArrayList<>()).add(kind));
    List<Finding> findings = new ArrayList<>();
    bySystem.forEach(
        (system, used) -> {
          ConnectorDefinition connector = catalog.connector(system);
          if (!CheckAttempt.address(connector).isEmpty()) {
            findings.addAll(
                new SystemCheck(connector, gateway, service, timeout, clock)
                    .run(used, eventTypes.getOrDefault(system, Set.of())));
          }
        });
    return findings;
  }
}
