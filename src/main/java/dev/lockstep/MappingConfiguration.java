package dev.lockstep;

import dev.lockstep.connector.ActiveSystems;
import dev.lockstep.connector.MappedFields;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.References;
import dev.lockstep.ops.FileSettings;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The mappings in use and what connectors must know of them. */
@Configuration(proxyBeanMethods = false)
class MappingConfiguration {

  @Bean
  ActiveSystems activeSystems(MappingRepository files) {
    return files::usedSystems;
  }

  @Bean
  Mappings mappings(MappingRepository files, FileSettings settings) {
    Mappings mappings = files.mappings();
    return settings.everythingInScope() ? mappings.withEverythingInScope() : mappings;
  }

  @Bean
  MappedFields mappedFields(Mappings mappings, References references) {
    Map<String, Set<String>> known = new ConcurrentHashMap<>();
    return (system, kind) ->
        known.computeIfAbsent(
            system + "/" + kind, name -> mappings.paths(system, kind, references));
  }
}
