package dev.lockstep.mapping;

import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlFile.Scalars;
import dev.lockstep.ops.yaml.YamlProblem;
import dev.lockstep.ops.yaml.YamlSchema;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads and validates a folder of mapping files: first against the JSON Schema, then against rules
 * that a schema cannot express. All problems are reported together.
 */
public final class MappingLoader {

  private final YamlSchema schema;
  private final Map<String, KnownSystem> systems;

  /**
   * What a mapping may refer to in a system.
   *
   * @param connector the name of its folder in {@code connectors/}
   * @param kinds record kinds; empty: unknown, so any is accepted
   * @param references reference types
   * @param notes by record kind, the visibilities of the notes that can be added; a kind that is
   *     missing takes any
   */
  public record KnownSystem(
      String connector,
      Set<String> kinds,
      Set<String> references,
      Map<String, Set<Visibility>> notes) {
    /** A system whose folder cannot be read; that is reported elsewhere. */
    public static final KnownSystem UNREAD = new KnownSystem("", Set.of(), Set.of(), Map.of());
  }

  /**
   * @param schema {@code mappings/mapping.schema.json}, regardless of the folder that is loaded
   * @param systems the systems a mapping may use: connectors and their instances
   */
  public MappingLoader(Path schema, Map<String, KnownSystem> systems) {
    this.schema = YamlSchema.read(schema);
    this.systems = Map.copyOf(systems);
  }

  /**
   * Loads all mappings of a folder.
   *
   * @throws InvalidMappingsException when the folder contains no mapping, or one that is incomplete
   *     or contradicts itself or another
   */
  public Mappings load(Path folder) {
    return load(folder, files(folder), List.of());
  }

  /**
   * Loads the selected mappings of a folder.
   *
   * @param named the selected mappings, without {@code .yaml}
   * @throws InvalidMappingsException as {@link #load(Path)}, and when a selected name has no file
   */
  public Mappings load(Path folder, Set<String> named) {
    Set<Path> files = files(folder);
    MappingChoice choice = MappingChoice.choose(files, named);
    List<YamlProblem> problems = new ArrayList<>();
    String there = String.join(", ", MappingChoice.names(List.copyOf(files)));
    for (String name : new TreeSet<>(choice.unknown())) {
      problems.add(
          new YamlProblem(
              folder.toString(),
              0,
              "LOCKSTEP_MAPPINGS names '%s', which does not exist; available: %s"
                  .formatted(name, there)));
    }
    if (choice.used().isEmpty() && !files.isEmpty()) {
      problems.add(
          new YamlProblem(
              folder.toString(),
              0,
              "no mapping is selected; set LOCKSTEP_MAPPINGS to one or more of: " + there));
    }
    return load(folder, choice.used(), problems);
  }

  /**
   * The systems of the selected mappings, each with the names of its mappings, even if the mappings
   * are invalid.
   *
   * @param named as for {@link #load(Path, Set)}
   */
  public static Map<String, Set<String>> systems(Path folder, Set<String> named) {
    Map<String, Set<String>> systems = new TreeMap<>();
    for (Path path : choose(folder, named).used()) {
      YamlFile file = YamlFile.read(path, Scalars.TEXT);
      for (Side side : Side.values()) {
        String system = file.root().path(side.label()).path("system").asText("");
        if (!system.isEmpty()) {
          systems.computeIfAbsent(system, any -> new TreeSet<>()).add(MappingChoice.name(path));
        }
      }
    }
    return systems;
  }

  /** Which mappings of a folder are used. */
  public static MappingChoice choose(Path folder, Set<String> named) {
    return MappingChoice.choose(files(folder), named);
  }

  private Mappings load(Path folder, Collection<Path> files, List<YamlProblem> found) {
    List<YamlProblem> problems = new ArrayList<>(found);
    List<FileMapping> mappings = new ArrayList<>();
    Map<Set<FileMapping.Records>, String> paired = new LinkedHashMap<>();
    for (Path path : files) {
      YamlFile file =
          YamlFile.read(folder.resolve(path.getFileName()).toString(), path, Scalars.TEXT);
      FileMapping mapping = parse(file, MappingChoice.name(path));
      if (mapping != null) {
        if (!rejectDuplicate(file, mapping, paired)) {
          rejectCycle(file, mapping, paired);
        }
        rejectSecond(
            file, mapping, mappings, paired, "duplicates", one -> one.duplicates().isPresent());
        rejectSecond(
            file, mapping, mappings, paired, "incident", one -> one.incident().isPresent());
        mappings.add(mapping);
      }
      problems.addAll(file.problems());
    }
    if (mappings.isEmpty() && problems.isEmpty()) {
      problems.add(
          new YamlProblem(
              folder.toString(), 0, "the folder contains no mapping; add a *.yaml file"));
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparing(YamlProblem::file).thenComparingInt(YamlProblem::line));
      throw new InvalidMappingsException(problems.stream().distinct().toList());
    }
    return new Mappings(mappings);
  }

  private @Nullable FileMapping parse(YamlFile file, String name) {
    schema.check(file);
    if (!file.problems().isEmpty()) {
      return null;
    }
    FileMapping mapping = new MappingParser(file).parse(name);
    new MappingCheck(file, mapping).check(systems);
    return mapping;
  }

  /**
   * @return whether it was rejected
   */
  private static boolean rejectDuplicate(
      YamlFile file, FileMapping mapping, Map<Set<FileMapping.Records>, String> paired) {
    Set<FileMapping.Records> both = Set.copyOf(mapping.records().values());
    String first = paired.get(both);
    if (first != null) {
      file.refuse(
          List.of("left"),
          "%s and %s are already mapped in %s; keep one file"
              .formatted(mapping.system(Side.LEFT), mapping.system(Side.RIGHT), first));
    }
    return first != null;
  }

  /**
   * Mappings connect kinds of records to trees. In a cycle a change would arrive at a record by two
   * ways, in two different wordings.
   */
  private static void rejectCycle(
      YamlFile file, FileMapping mapping, Map<Set<FileMapping.Records>, String> paired) {
    FileMapping.Records left = Objects.requireNonNull(mapping.records().get(Side.LEFT));
    FileMapping.Records right = Objects.requireNonNull(mapping.records().get(Side.RIGHT));
    List<String> way = way(left, right, paired, Set.of());
    if (!way.isEmpty()) {
      file.refuse(
          List.of("left"),
          "%s and %s are connected by %s already, so that these files form a cycle; leave one of them out"
              .formatted(left, right, String.join(" and ", way)));
    }
    paired.put(Set.copyOf(mapping.records().values()), file.name());
  }

  /**
   * One mapping says which tickets of a correlation are compared: an incident that is merged would
   * otherwise be the end of one ticket and a duplicate of the other. And one says which of its
   * records is the incident: it would otherwise be counted twice.
   */
  private static void rejectSecond(
      YamlFile file,
      FileMapping mapping,
      List<FileMapping> earlier,
      Map<Set<FileMapping.Records>, String> paired,
      String section,
      Predicate<FileMapping> has) {
    List<FileMapping> connected =
        Stream.concat(earlier.stream(), Stream.of(mapping))
            .filter(one -> has.test(one) && isConnected(one, mapping, paired))
            .toList();
    if (connected.size() > 1) {
      file.refuse(
          List.of("left"),
          "%s each have a section `%s` for the same correlations; leave it out of all but one"
              .formatted(
                  connected.stream().map(FileMapping::name).collect(Collectors.joining(" and ")),
                  section));
    }
  }

  private static boolean isConnected(
      FileMapping one, FileMapping other, Map<Set<FileMapping.Records>, String> paired) {
    return !way(
            Objects.requireNonNull(one.records().get(Side.LEFT)),
            Objects.requireNonNull(other.records().get(Side.LEFT)),
            paired,
            Set.of())
        .isEmpty();
  }

  /** The files that connect two kinds of records; empty if none do. */
  private static List<String> way(
      FileMapping.Records from,
      FileMapping.Records to,
      Map<Set<FileMapping.Records>, String> paired,
      Set<String> walked) {
    for (Map.Entry<Set<FileMapping.Records>, String> edge : paired.entrySet()) {
      if (!edge.getKey().contains(from) || walked.contains(edge.getValue())) {
        continue;
      }
      if (edge.getKey().contains(to)) {
        return List.of(edge.getValue());
      }
      Set<String> further = new TreeSet<>(walked);
      further.add(edge.getValue());
      for (FileMapping.Records next : edge.getKey()) {
        List<String> rest = next.equals(from) ? List.of() : way(next, to, paired, further);
        if (!rest.isEmpty()) {
          return Stream.concat(Stream.of(edge.getValue()), rest.stream()).toList();
        }
      }
    }
    return List.of();
  }

  private static Set<Path> files(Path folder) {
    Set<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.{yaml,yml}")) {
      found.forEach(files::add);
    } catch (IOException e) {
      throw new InvalidMappingsException(
          List.of(new YamlProblem(folder.toString(), 0, "the folder cannot be read: " + e)));
    }
    return files;
  }
}
