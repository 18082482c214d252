package dev.lockstep;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Checks that the mappings with {@code duplicates} support splitting. Lockstep stores the previous
 * parent of one record per duplicate, so at most one side may support unlinking.
 */
@Component
final class DuplicateMappingCheck implements StartupCheck {
  private final MappingRepository files;

  DuplicateMappingCheck(MappingRepository files) {
    this.files = files;
  }

  /** One line per unsupported mapping; unreadable files are reported elsewhere. */
  @Override
  public List<String> problems() {
    return files.checkAgainstCatalog(
        (mapping, catalog) ->
            mapping.duplicates().isPresent() && bothSeparate(mapping, catalog)
                ? Stream.of(
                    "mapping %s: both %s and %s can unlink duplicates, but Lockstep stores the previous parent of one side only; remove `duplicates` from it"
                        .formatted(
                            mapping.name(), mapping.system(Side.LEFT), mapping.system(Side.RIGHT)))
                : Stream.of());
  }

  private static boolean bothSeparate(Mapping mapping, ConnectorCatalog catalog) {
    return Stream.of(Side.values())
        .allMatch(side -> catalog.separates(mapping.system(side), mapping.kind(side)));
  }
}
