package dev.lockstep;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.ops.StartupCheck;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Checks that the test webhooks which {@code connector.yaml} asks for would be recognised. */
@Component
final class TestWebhookCheck implements StartupCheck {
  private final ObjectProvider<ConnectorCatalog> connectors;
  private final ObjectProvider<WebhookDefinitions> webhooks;

  TestWebhookCheck(
      ObjectProvider<ConnectorCatalog> connectors, ObjectProvider<WebhookDefinitions> webhooks) {
    this.connectors = connectors;
    this.webhooks = webhooks;
  }

  /** One line per check; unreadable files are reported elsewhere. */
  @Override
  public List<String> problems() {
    try {
      ConnectorCatalog catalog = connectors.getObject();
      WebhookDefinitions definitions = webhooks.getObject();
      return catalog.systems().stream()
          .filter(
              system ->
                  definitions.find(system).filter(WebhookDefinition::recognisesTests).isEmpty())
          .flatMap(system -> problems(catalog, system))
          .toList();
    } catch (BeansException e) {
      return List.of();
    }
  }

  private static Stream<String> problems(ConnectorCatalog catalog, String system) {
    return catalog.connector(system).checks().stream()
        .filter(check -> check.testWebhook() != null)
        .map(
            check ->
                "%s: the check '%s' asks for a test webhook, but no event type in connectors/%s/webhook.yaml is marked `test: true`; mark the type that the system sends"
                    .formatted(
                        catalog.connector(system).file(),
                        check.check(),
                        catalog.connector(system).connector()));
  }
}
