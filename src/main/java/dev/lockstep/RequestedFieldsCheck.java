package dev.lockstep;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.ConnectorReferences;
import dev.lockstep.connector.InvalidConnector;
import dev.lockstep.mapping.InvalidMappings;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;

/** Whether the calls of the connectors request every field that the mappings in use read. */
final class RequestedFieldsCheck {
  private final MappingFiles files;
  private final Supplier<ConnectorCatalog> connectors;

  RequestedFieldsCheck(MappingFiles files, Supplier<ConnectorCatalog> connectors) {
    this.files = files;
    this.connectors = connectors;
  }

  /** One line per field and call; files that cannot be read are reported elsewhere. */
  List<String> problems() {
    try {
      ConnectorCatalog catalog = connectors.get();
      return files.mappings().all().stream()
          .flatMap(mapping -> Stream.of(Side.values()).flatMap(s -> problems(mapping, s, catalog)))
          .distinct()
          .toList();
    } catch (InvalidMappings | InvalidConnector | BeansException e) {
      return List.of();
    }
  }

  private static Stream<String> problems(Mapping mapping, Side side, ConnectorCatalog catalog) {
    String system = mapping.system(side);
    String kind = mapping.kind(side);
    return catalog.kinds(system).contains(kind)
        ? catalog
            .notRequested(system, kind, mapping.paths(side, declaredIn(mapping, side, catalog)))
            .stream()
            .map(problem -> problem + " (mapping " + mapping.name() + ")")
        : Stream.of();
  }

  /** Tells where references stand in records, and looks nothing up. */
  private static References declaredIn(Mapping mapping, Side side, ConnectorCatalog catalog) {
    return new ConnectedReferences(
        new ConnectorReferences(
            catalog,
            () -> {
              throw new IllegalStateException(
                  "paths of " + mapping.name() + " " + side + " need no look-up");
            }));
  }
}
