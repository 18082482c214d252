package dev.lockstep.command;

import dev.lockstep.access.Users;
import dev.lockstep.access.Users.Person;
import dev.lockstep.connector.Connectors;
import dev.lockstep.intake.ReceivedCommand;
import dev.lockstep.intake.definition.CommandRules;
import dev.lockstep.intake.definition.WebhookDefinitions;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Who asks: the user of Lockstep with the e-mail address that the system knows of the sender. */
@Component
class Senders {
  private final Connectors connectors;
  private final WebhookDefinitions webhooks;
  private final Users users;

  Senders(Connectors connectors, WebhookDefinitions webhooks, Users users) {
    this.connectors = connectors;
    this.webhooks = webhooks;
    this.users = users;
  }

  CommandRules rules(String system) {
    return Objects.requireNonNull(
        webhooks.find(system).orElseThrow().commands(), "no commands in webhook.yaml");
  }

  /** Makes a call unless the answer is known; empty if the system knows no address. */
  Optional<String> email(String system, String person) {
    return connectors
        .keyOf(system, rules(system).person(), person)
        .filter(email -> !email.isBlank());
  }

  /** Empty for somebody of another company. */
  Optional<String> email(ReceivedCommand command) {
    return command.sender().isEmpty()
        ? Optional.empty()
        : email(command.system(), command.sender());
  }

  Optional<Person> user(String email) {
    return users.findByEmail(email);
  }
}
