package dev.lockstep;

import dev.lockstep.mapping.InvalidMappings;
import dev.lockstep.mapping.MappingChoice;
import dev.lockstep.mapping.MappingLoader;
import dev.lockstep.mapping.Mappings;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of mappings, read once: first to be checked, then to be used. */
final class MappingFiles {
  private static final Logger LOG = LoggerFactory.getLogger(MappingFiles.class);

  private final List<String> connectors;
  private final Path folder;
  private final Set<String> named;
  private @Nullable Mappings read;

  /**
   * @param connectors where the systems' folders are; a mapping may name no other system
   * @param named mappings used instead of the plain one of their family
   */
  MappingFiles(List<String> connectors, Path folder, List<String> named) {
    this.connectors = connectors;
    this.folder = folder;
    this.named =
        named.stream()
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
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
      read = new MappingLoader(schema, systems()).load(folder, named);
      tellWhatIsAside();
    }
    return read;
  }

  /** The systems that the mappings in use name; only theirs are settings asked for. */
  Set<String> usedSystems() {
    try {
      return MappingLoader.systems(folder, named);
    } catch (InvalidMappings e) {
      return Set.of();
    }
  }

  private void tellWhatIsAside() {
    MappingChoice choice = MappingLoader.choice(folder, named);
    if (!choice.aside().isEmpty()) {
      LOG.info(
          "Mappings in use: {}; set aside: {} (LOCKSTEP_MAPPINGS chooses)",
          choice.usedNames(),
          choice.asideNames());
    }
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
