package dev.lockstep;

import dev.lockstep.mapping.InvalidMappings;
import dev.lockstep.mapping.MappingLoader;
import dev.lockstep.mapping.Mappings;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The folder of mappings, read once: first to be checked, then to be used. */
final class MappingFiles {
  private final List<String> connectors;
  private final Path folder;
  private @Nullable Mappings read;

  /**
   * @param connectors where the systems' folders are; a mapping may name no other system
   */
  MappingFiles(List<String> connectors, Path folder) {
    this.connectors = connectors;
    this.folder = folder;
  }

  /** One line for each thing that is wrong; empty when all is well. */
  List<String> problems() {
    try {
      mappings();
      return List.of();
    } catch (InvalidMappings e) {
      return String.valueOf(e.getMessage()).lines().toList();
    }
  }

  /**
   * @throws InvalidMappings when a file is refused
   */
  synchronized Mappings mappings() {
    if (read == null) {
      Path schema = Path.of("mappings", "mapping.schema.json");
      read = new MappingLoader(schema, systems()).load(folder);
    }
    return read;
  }

  private Set<String> systems() {
    Set<String> systems = new LinkedHashSet<>();
    for (String connector : connectors) {
      File[] folders = new File(connector.strip()).listFiles(File::isDirectory);
      for (File system : folders == null ? new File[0] : folders) {
        systems.add(system.getName());
      }
    }
    return systems;
  }
}
