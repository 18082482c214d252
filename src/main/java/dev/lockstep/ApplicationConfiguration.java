package dev.lockstep;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.lockstep.connector.ActiveSystems;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.ConnectorReferences;
import dev.lockstep.connector.ConnectorSettingsCheck;
import dev.lockstep.connector.MappedFields;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.intake.ReceivedWebhooks;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.References;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.poll.PollTarget;
import dev.lockstep.record.Side;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.Notifications;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Connects stages that must not depend on each other. */
@Configuration(proxyBeanMethods = false)
class ApplicationConfiguration {

  @Bean
  StartupCheck connectorSettingsProblems(ConnectorSettingsCheck settings) {
    return settings::problems;
  }

  @Bean
  References references(ConnectorReferences connectors) {
    return new ConnectedReferences(connectors);
  }

  /** Depends only on files and settings, so that it is available to the startup checks. */
  @Bean
  MappingRepository mappingRepository(
      @Value("${lockstep.connectors:connectors}") List<String> connectors,
      ObjectProvider<ConnectorCatalog> catalog,
      @Value("${lockstep.mappings-dir:mappings}") Path folder,
      @Value("${lockstep.mappings:}") List<String> named) {
    return new MappingRepository(connectors, catalog::getObject, folder, named);
  }

  @Bean
  ActiveSystems activeSystems(MappingRepository files) {
    return files::usedSystems;
  }

  @Bean
  StartupCheck mappingCheck(MappingRepository files) {
    return files::problems;
  }

  @Bean
  StartupCheck duplicateMappingCheck(MappingRepository files) {
    return new DuplicateMappingCheck(files)::problems;
  }

  @Bean
  StartupCheck requestedFieldsCheck(MappingRepository files) {
    return new RequestedFieldsCheck(files)::problems;
  }

  /**
   * @param startAlways treat every record as in scope, regardless of the mappings; for test runs
   */
  @Bean
  Mappings mappings(
      MappingRepository files,
      @Value("${lockstep.mappings.start-always:false}") boolean startAlways) {
    Mappings mappings = files.mappings();
    return startAlways ? mappings.withEverythingInScope() : mappings;
  }

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
  MappedFields mappedFields(Mappings mappings, References references) {
    Map<String, Set<String>> known = new ConcurrentHashMap<>();
    return (system, kind) ->
        known.computeIfAbsent(
            system + "/" + kind, name -> mappings.paths(system, kind, references));
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

  @Bean
  RouteCaller routeCaller(CamelContext camel) {
    return new RouteCaller(camel);
  }

  @Bean
  EntryHandler entryHandler(RouteCaller routes) {
    return entry -> routes.call("direct:process-entry", entry);
  }

  @Bean
  WorkStarter workStarter(ObjectProvider<Scheduler> schedulers) {
    return new WorkStarter(schedulers);
  }

  /** Starts work last, when all routes and connectors are running. */
  record WorkStarter(ObjectProvider<Scheduler> schedulers) {
    @EventListener(ApplicationReadyEvent.class)
    public void begin() {
      schedulers.forEach(Scheduler::start);
    }
  }
}
