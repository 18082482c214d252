package dev.lockstep.connector.definition;

import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import java.util.List;
import java.util.Set;

/** Checks that the entries of {@code checks} name kinds and references of their file. */
final class ChecksCheck {
  private final YamlFile file;
  private final ConnectorDefinition connector;

  ChecksCheck(YamlFile file, ConnectorDefinition connector) {
    this.file = file;
    this.connector = connector;
  }

  /** Adds a problem to the file for each mistake. */
  void check() {
    for (int i = 0; i < connector.checks().size(); i++) {
      CheckDefinition check = connector.checks().get(i);
      List<String> at = List.of("checks", String.valueOf(i));
      require(at, "kind", check.kind(), connector.kinds().keySet());
      require(at, "reference", check.reference(), connector.references().keySet());
      boolean needsKind =
          check.kind().isEmpty()
              && check.shows().stream()
                  .map(CheckDefinition.Condition::contains)
                  .anyMatch(
                      wanted -> wanted != null && wanted.known() == CheckDefinition.Names.FIELDS);
      if (needsKind) {
        file.refuse(at, "'fields' are those of a record kind; write which in 'kind'");
      }
    }
  }

  private void require(List<String> at, String key, String name, Set<String> known) {
    if (!name.isEmpty() && !known.contains(name)) {
      file.refuse(
          YamlFile.with(at, key),
          "'%s' is not declared in this file%s".formatted(name, Suggestion.of(name, known)));
    }
  }
}
