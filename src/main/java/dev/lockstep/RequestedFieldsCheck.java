package dev.lockstep;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.ConnectorReferences;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Checks that the connectors' calls request every field that the mappings in use read. */
@Component
final class RequestedFieldsCheck implements StartupCheck {
  private final MappingRepository files;

  RequestedFieldsCheck(MappingRepository files) {
    this.files = files;
  }

  /** One line per field and call; files that cannot be read are reported elsewhere. */
  @Override
  public List<String> problems() {
    return files.checkAgainstCatalog(
        (mapping, catalog) ->
            Stream.of(Side.values()).flatMap(side -> problems(mapping, side, catalog)));
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

  /** Provides only the paths of references; performs no lookups. */
  private static References declaredIn(Mapping mapping, Side side, ConnectorCatalog catalog) {
    return new ConnectedReferences(
        new ConnectorReferences(
            catalog,
            () -> {
              throw new IllegalStateException(
                  "paths of " + mapping.name() + " " + side + " need no lookup");
            }));
  }
}
