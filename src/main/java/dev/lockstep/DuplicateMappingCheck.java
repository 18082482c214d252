package dev.lockstep;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether duplicates can be kept in step by the mappings that compare. For the failure that a
 * duplicate whose both sides can be taken out again forgets where one of them hung before.
 */
final class DuplicateMappingCheck {
  private final MappingRepository files;

  DuplicateMappingCheck(MappingRepository files) {
    this.files = files;
  }

  /**
   * One line for each mapping that must not compare; files that can't be read say so themselves.
   */
  List<String> problems() {
    return files.checkAgainstCatalog(
        (mapping, catalog) ->
            mapping.duplicates().isPresent() && bothSeparate(mapping, catalog)
                ? Stream.of(
                    "mapping %s: duplicates of both %s and %s can be taken out again, and Lockstep keeps track of one side only; take `duplicates` out of it"
                        .formatted(
                            mapping.name(), mapping.system(Side.LEFT), mapping.system(Side.RIGHT)))
                : Stream.of());
  }

  private static boolean bothSeparate(Mapping mapping, ConnectorCatalog catalog) {
    return Stream.of(Side.values())
        .allMatch(side -> catalog.separates(mapping.system(side), mapping.kind(side)));
  }
}
