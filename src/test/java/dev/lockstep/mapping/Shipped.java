package dev.lockstep.mapping;

import dev.lockstep.mapping.MappingLoader.KnownSystem;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The mappings people get with Lockstep. */
final class Shipped {

  static final Path FOLDER = Path.of("mappings");
  static final Path SCHEMA = FOLDER.resolve("mapping.schema.json");

  private Shipped() {}

  static Mappings mappings() {
    return loader().load(FOLDER, Set.of("incident", "action-item"));
  }

  /** Those that are used only when they are named too. */
  static Mappings all() {
    return loader().load(FOLDER);
  }

  static MappingLoader loader() {
    return new MappingLoader(
        SCHEMA,
        Stream.of("lockstep", "servicenow", "pagerduty", "jira")
            .collect(Collectors.toMap(name -> name, name -> KnownSystem.UNREAD)));
  }

  static Mapping incident() {
    return mappings().findByName("incident").orElseThrow();
  }

  static FieldMapping field(String name) {
    return incident().fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
