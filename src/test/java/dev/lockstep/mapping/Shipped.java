package dev.lockstep.mapping;

import dev.lockstep.mapping.MappingLoader.KnownSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** Each file by itself: not all of them can be used together. */
  static List<Mapping> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .map(name -> name.substring(0, name.lastIndexOf('.')))
          .flatMap(name -> loader().load(FOLDER, Set.of(name)).all().stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Mapping named(String name) {
    return loader().load(FOLDER, Set.of(name)).findByName(name).orElseThrow();
  }

  static MappingLoader loader() {
    return new MappingLoader(
        SCHEMA,
        Stream.of(
                "lockstep",
                "servicenow",
                "pagerduty",
                "pagerduty-changes",
                "jira",
                "incident-io",
                "slack",
                "statuspage",
                "vendor")
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
