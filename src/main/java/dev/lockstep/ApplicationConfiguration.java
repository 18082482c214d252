package dev.lockstep;

import dev.lockstep.command.ChatCommands;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.Subject;
import dev.lockstep.intake.ReceivedWebhooks;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.Pauses;
import dev.lockstep.poll.PausedSystems;
import dev.lockstep.poll.PollTarget;
import dev.lockstep.poll.WebhookEventTypes;
import dev.lockstep.publish.Outbox;
import dev.lockstep.record.Side;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.Notifications;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Connects stages that must not depend on each other. */
@Configuration(proxyBeanMethods = false)
class ApplicationConfiguration {

  @Bean
  MappingCatalog mappingCatalog(Mappings mappings) {
    return new MappingCatalog() {
      @Override
      public List<Mapping> all() {
        return mappings.all();
      }

      @Override
      public List<Mappings.MappedSide> forRecord(String system, String kind) {
        return mappings.forRecord(system, kind);
      }

      @Override
      public Optional<Mapping> findByName(String name) {
        return mappings.findByName(name);
      }
    };
  }

  @Bean
  Notifications notifications(ReceivedWebhooks webhooks) {
    return webhooks::areRecent;
  }

  @Bean
  WebhookEventTypes webhookEventTypes(WebhookDefinitions webhooks) {
    return () -> SystemsCheck.eventTypes(webhooks);
  }

  @Bean
  PausedSystems pausedSystems(Pauses pauses) {
    return system -> pauses.ofSystem(system).stream().map(Pause::describe).findFirst();
  }

  /** Depends on files only: freeze windows are checked at start. */
  @Bean
  PausableNames pausableNames(MappingRepository mappings) {
    Map<String, Set<String>> used = mappings.usedSystems();
    return new PausableNames() {
      @Override
      public Set<String> systems() {
        return used.keySet();
      }

      @Override
      public Set<String> mappings() {
        return used.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
      }
    };
  }

  @Bean
  PollTarget.Plan pollPlan(Mappings mappings, ConnectorCatalog connectors) {
    Set<PollTarget> listings = new LinkedHashSet<>();
    for (Mapping mapping : mappings.all()) {
      for (Side side : Side.values()) {
        String system = mapping.system(side);
        listings.add(new PollTarget(system, mapping.kind(side), connectors.pollInterval(system)));
      }
    }
    return new PollTarget.Plan(List.copyOf(listings));
  }

  /**
   * @param commands not there in a dry run, which gets none
   */
  @Bean
  EntryHandler entryHandler(
      RouteCaller routes, Outbox outbox, ObjectProvider<ChatCommands> commands) {
    return entry -> {
      if (entry.subject() instanceof Subject.OfMessage message) {
        outbox.process(message);
      } else if (entry.subject() instanceof Subject.OfCommand command) {
        commands.getObject().process(command);
      } else {
        routes.call("direct:process-entry", entry);
      }
    };
  }
}
