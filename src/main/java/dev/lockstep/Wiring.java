package dev.lockstep;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.lockstep.apply.MappingCatalog;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.ConnectorReferences;
import dev.lockstep.connector.SettingsCheck;
import dev.lockstep.connector.WantedFields;
import dev.lockstep.mapping.InvalidMappings;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.MappingLoader;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.References;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.record.Side;
import dev.lockstep.sweep.Listing;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Joins the stages where neither may know the other. */
@Configuration(proxyBeanMethods = false)
class Wiring {

  @Bean
  StartupCheck connectorSettings(SettingsCheck settings) {
    return settings::problems;
  }

  @Bean
  References references(ConnectorReferences connectors) {
    return new ConnectedReferences(connectors);
  }

  @Bean
  StartupCheck mappingFiles(
      @Value("${lockstep.connectors:connectors}") List<String> connectors,
      @Value("${lockstep.mappings-dir:mappings}") Path folder) {
    return () -> {
      try {
        loader(systems(connectors)).load(folder);
        return List.of();
      } catch (InvalidMappings e) {
        return String.valueOf(e.getMessage()).lines().toList();
      }
    };
  }

  /**
   * @param startAlways every record is in scope, whatever the mappings say; for rehearsals
   */
  @Bean
  Mappings mappings(
      ConnectorCatalog connectors,
      @Value("${lockstep.mappings-dir:mappings}") Path folder,
      @Value("${lockstep.mappings.start-always:false}") boolean startAlways) {
    Mappings mappings = loader(connectors.systems()).load(folder);
    return startAlways ? mappings.startingAlways() : mappings;
  }

  private static MappingLoader loader(Set<String> systems) {
    return new MappingLoader(Path.of("mappings", "mapping.schema.json"), systems);
  }

  private static Set<String> systems(List<String> connectors) {
    Set<String> systems = new LinkedHashSet<>();
    for (String folder : connectors) {
      File[] folders = new File(folder.strip()).listFiles(File::isDirectory);
      for (File system : folders == null ? new File[0] : folders) {
        systems.add(system.getName());
      }
    }
    return systems;
  }

  @Bean
  MappingCatalog mappingCatalog(Mappings mappings) {
    return new MappingCatalog() {
      @Override
      public List<Place> forRecord(String system, String kind) {
        return mappings.forRecord(system, kind).stream()
            .map(place -> new Place(place.mapping(), place.side()))
            .toList();
      }

      @Override
      public Optional<Mapping> named(String name) {
        return mappings.byName(name);
      }
    };
  }

  @Bean
  WantedFields wantedFields(Mappings mappings, References references) {
    Map<String, Set<String>> known = new ConcurrentHashMap<>();
    return (system, kind) ->
        known.computeIfAbsent(
            system + "/" + kind, name -> mappings.paths(system, kind, references));
  }

  @Bean
  Listing.Plan listings(Mappings mappings, ConnectorCatalog connectors) {
    Set<Listing> listings = new LinkedHashSet<>();
    for (Mapping mapping : mappings.all()) {
      for (Side side : Side.values()) {
        String system = mapping.system(side);
        listings.add(new Listing(system, mapping.kind(side), connectors.pollInterval(system)));
      }
    }
    return new Listing.Plan(List.copyOf(listings));
  }

  @Bean
  Start start(ObjectProvider<Scheduler> scheduler) {
    return new Start(scheduler);
  }

  /** Work begins last, when every route and connector is up. */
  record Start(ObjectProvider<Scheduler> scheduler) {
    @EventListener(ApplicationReadyEvent.class)
    public void begin() {
      scheduler.getObject().start();
    }
  }
}
