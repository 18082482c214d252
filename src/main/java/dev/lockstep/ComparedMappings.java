package dev.lockstep;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.InvalidConnector;
import dev.lockstep.mapping.InvalidMappings;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;

/**
 * Whether duplicates can be kept in step by the mappings that compare. For the failure that a
 * duplicate whose both sides can be taken out again forgets where one of them hung before.
 */
final class ComparedMappings {
  private final MappingFiles files;
  private final Supplier<ConnectorCatalog> connectors;

  ComparedMappings(MappingFiles files, Supplier<ConnectorCatalog> connectors) {
    this.files = files;
    this.connectors = connectors;
  }

  /**
   * One line for each mapping that must not compare; files that can't be read say so themselves.
   */
  List<String> problems() {
    try {
      ConnectorCatalog catalog = connectors.get();
      return files.mappings().all().stream()
          .filter(mapping -> mapping.duplicates().isPresent())
          .filter(mapping -> bothSeparate(mapping, catalog))
          .map(
              mapping ->
                  "mapping %s: duplicates of both %s and %s can be taken out again, and Lockstep keeps track of one side only; take `duplicates` out of it"
                      .formatted(
                          mapping.name(), mapping.system(Side.LEFT), mapping.system(Side.RIGHT)))
          .toList();
    } catch (InvalidMappings | InvalidConnector | BeansException e) {
      return List.of();
    }
  }

  private static boolean bothSeparate(Mapping mapping, ConnectorCatalog catalog) {
    return Stream.of(Side.values())
        .allMatch(side -> catalog.separates(mapping.system(side), mapping.kind(side)));
  }
}
