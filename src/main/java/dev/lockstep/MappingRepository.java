package dev.lockstep;

import dev.lockstep.backfill.MappingFingerprints;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.InvalidMappingsException;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.MappingChoice;
import dev.lockstep.mapping.MappingLoader;
import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.ops.ConnectorFolders;
import dev.lockstep.ops.FileSettings;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.ops.StartupException;
import dev.lockstep.record.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.stereotype.Component;

/**
 * The mappings folder, loaded once for validation and use. Depends only on files and settings, so
 * that it is available to the startup checks.
 */
@Component
final class MappingRepository implements StartupCheck, MappingFingerprints {
  private static final Logger LOG = LoggerFactory.getLogger(MappingRepository.class);

  private final ConnectorFolders folders;
  private final ObjectFactory<ConnectorCatalog> catalog;
  private final Path folder;
  private final Set<String> selected;
  private @Nullable Mappings read;
  private Map<String, String> fingerprints = Map.of();

  /**
   * @param catalog the connector definitions; resolved on first use
   */
  MappingRepository(FileSettings files, ObjectFactory<ConnectorCatalog> catalog) {
    this.folders = files.folders();
    this.catalog = catalog;
    this.folder = files.mappingsDir();
    this.selected =
        files.mappings().stream()
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public List<String> problems() {
    try {
      mappings();
      return List.of();
    } catch (InvalidMappingsException e) {
      return String.valueOf(e.getMessage()).lines().toList();
    }
  }

  /**
   * @throws InvalidMappingsException when a file is invalid
   */
  synchronized Mappings mappings() {
    if (read == null) {
      Path schema = Path.of("mappings", "mapping.schema.json");
      read = new MappingLoader(schema, systems()).load(folder, selected);
      fingerprints =
          read.all().stream()
              .collect(Collectors.toUnmodifiableMap(Mapping::name, m -> fingerprint(m.name())));
      logUnusedMappings();
    }
    return read;
  }

  /**
   * Checks the mappings in use against their connectors. Empty if either cannot be read; that is
   * reported by {@link #problems} and the connectors' own check.
   */
  List<String> checkAgainstCatalog(BiFunction<Mapping, ConnectorCatalog, Stream<String>> check) {
    try {
      ConnectorCatalog read = catalog.getObject();
      return mappings().all().stream()
          .flatMap(mapping -> check.apply(mapping, read))
          .distinct()
          .toList();
    } catch (InvalidMappingsException | ConnectorDefinitionException | BeansException e) {
      return List.of();
    }
  }

  /**
   * The systems of the mappings in use, each with the names of its mappings. Only the settings of
   * these systems are required.
   */
  Map<String, Set<String>> usedSystems() {
    try {
      return MappingLoader.systems(folder, selected);
    } catch (InvalidMappingsException e) {
      return Map.of();
    }
  }

  /** The levels of incidents in the mappings in use; empty if a file is invalid. */
  Optional<Set<String>> levels() {
    return names(
        mapping -> mapping.incident().stream().flatMap(rule -> rule.levels().keySet().stream()));
  }

  /** The fields of the mappings in use that have a side in this system; empty if one is invalid. */
  Optional<Set<String>> fields(String system) {
    return names(
        mapping ->
            Stream.of(Side.values()).anyMatch(side -> mapping.system(side).equals(system))
                ? mapping.fields().stream().map(FieldMapping::name)
                : Stream.empty());
  }

  /** The systems in which a mapping in use has {@code own: none}; none if a file is invalid. */
  Set<String> systemsWithoutOwnNotes() {
    return names(
            mapping ->
                Stream.of(Side.values())
                    .filter(side -> !mapping.notes().takesOwn(side))
                    .map(mapping::system))
        .orElse(Set.of());
  }

  private Optional<Set<String>> names(Function<Mapping, Stream<String>> of) {
    try {
      return Optional.of(
          mappings().all().stream().flatMap(of).collect(Collectors.toUnmodifiableSet()));
    } catch (InvalidMappingsException e) {
      return Optional.empty();
    }
  }

  /** By mapping in use, the SHA-256 of its file when it was loaded. */
  @Override
  public synchronized Map<String, String> inUse() {
    mappings();
    return fingerprints;
  }

  private String fingerprint(String mapping) {
    Path file = folder.resolve(mapping + ".yaml");
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new StartupException("Can't read " + file + " (" + e + ")", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void logUnusedMappings() {
    MappingChoice choice = MappingLoader.choose(folder, selected);
    if (!choice.unused().isEmpty()) {
      LOG.info(
          "Mappings in use: {}; not used: {} (selected by LOCKSTEP_MAPPINGS)",
          choice.usedNames(),
          choice.unusedNames());
    }
  }

  private Map<String, KnownSystem> systems() {
    Map<String, KnownSystem> systems = new HashMap<>();
    folders.names().forEach(name -> systems.put(name, KnownSystem.UNREAD));
    try {
      ConnectorCatalog read = catalog.getObject();
      read.systems()
          .forEach(
              name ->
                  systems.put(
                      name,
                      new KnownSystem(
                          read.connector(name).connector(),
                          read.kinds(name),
                          read.references(name),
                          read.noteVisibilities(name))));
    } catch (BeansException | ConnectorDefinitionException e) {
      LOG.debug("Kinds and references are not checked", e);
    }
    return systems;
  }
}
