package dev.lockstep.mapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which files of a folder are used: exactly those that are named.
 *
 * @param unknown selected names without a file
 */
public record MappingChoice(List<Path> used, List<Path> unused, Set<String> unknown) {

  public MappingChoice {
    used = List.copyOf(used);
    unused = List.copyOf(unused);
    unknown = Set.copyOf(unknown);
  }

  static MappingChoice choose(Set<Path> files, Set<String> named) {
    Map<String, Path> byName = new TreeMap<>();
    files.forEach(file -> byName.put(name(file), file));
    List<Path> used = new ArrayList<>();
    List<Path> aside = new ArrayList<>();
    byName.forEach((name, file) -> (named.contains(name) ? used : aside).add(file));
    Set<String> unknown = new TreeSet<>(named);
    unknown.removeAll(byName.keySet());
    return new MappingChoice(used, aside, unknown);
  }

  /** The mapping's name in settings and in the database: the file name without extension. */
  static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** The names of files, for display. */
  static List<String> names(List<Path> files) {
    return files.stream().map(MappingChoice::name).sorted().toList();
  }

  public List<String> usedNames() {
    return names(used);
  }

  public List<String> unusedNames() {
    return names(unused);
  }
}
