package dev.lockstep.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.ops.yaml.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The systems that can be connected: the folder of each connector under its own name, and further
 * instances of connectors ({@code lockstep.instances}) under names of their own.
 */
public final class ConnectorFolders {
  /** It becomes part of settings, of the address for webhooks and of stored references. */
  private static final Pattern NAME = Pattern.compile("(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** What else settings begin with: an instance {@code database} would read DATABASE_URL. */
  private static final Set<String> RESERVED =
      Set.of(
          "CAMEL",
          "DATABASE",
          "JAVA",
          "LOCKSTEP",
          "LOGGING",
          "MANAGEMENT",
          "OTEL",
          "SERVER",
          "SPRING");

  private static final String SETTING = "LOCKSTEP_INSTANCES (lockstep.instances): ";

  private final List<Path> directories;
  private final List<SystemFolder> all = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * @param directories that contain the connectors' folders
   * @param instances each as {@code name=connector}
   */
  public ConnectorFolders(List<Path> directories, List<String> instances) {
    this.directories = List.copyOf(directories);
    for (Path directory : directories) {
      try (Stream<Path> entries = Files.list(directory)) {
        entries
            .filter(Files::isDirectory)
            .sorted()
            .map(folder -> new SystemFolder(String.valueOf(folder.getFileName()), folder))
            .forEach(all::add);
      } catch (IOException e) {
        problems.add(
            directory
                + " can't be read ("
                + e.getMessage()
                + "): start in the folder that holds it, or set lockstep.connectors");
      }
    }
    List<SystemFolder> connectors = List.copyOf(all);
    connectors.forEach(one -> names.add(one.system()));
    instances.stream()
        .map(String::strip)
        .filter(one -> !one.isEmpty())
        .forEach(one -> add(one, connectors));
  }

  /**
   * One system.
   *
   * @param folder of its connector
   */
  public record SystemFolder(String system, Path folder) {

    /** The connector's name. */
    public String connector() {
      return String.valueOf(folder.getFileName());
    }

    /** Whether it has the settings of the connector under another name. */
    public boolean isInstance() {
      return !system.equals(connector());
    }

    /** What the names of its settings begin with. */
    public String prefix() {
      return prefix(system);
    }

    /** What they begin with in the connector's files. */
    public String writtenPrefix() {
      return prefix(connector());
    }

    /**
     * A text of the connector's files as it reads for this system: its settings by their names, and
     * <code>${system}</code> as its name.
     */
    public String adapt(String text) {
      String named = text.replace("${system}", system);
      return isInstance()
          ? Pattern.compile("(?<![A-Z0-9_])" + writtenPrefix() + "(?=[A-Z0-9])")
              .matcher(named)
              .replaceAll(Matcher.quoteReplacement(prefix()))
          : named;
    }

    /** All texts of a file, keys included, as they read for this system. */
    public JsonNode adapt(JsonNode node) {
      if (node.isTextual()) {
        return JsonNodeFactory.instance.textNode(adapt(node.asText()));
      }
      if (node.isArray()) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        node.forEach(item -> array.add(adapt(item)));
        return array;
      }
      if (node.isObject()) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        node.properties().forEach(one -> object.set(adapt(one.getKey()), adapt(one.getValue())));
        return object;
      }
      return node;
    }

    private static String prefix(String name) {
      return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
    }
  }

  private void add(String text, List<SystemFolder> connectors) {
    String[] parts = text.split("=", -1);
    if (parts.length != 2) {
      refuse(
          "'%s' is not an instance; write name=connector, with the name of a folder in connectors/",
          text);
      return;
    }
    String name = parts[0].strip();
    String connector = parts[1].strip();
    Map<String, Path> known = new TreeMap<>();
    connectors.forEach(one -> known.putIfAbsent(one.system(), one.folder()));
    Path folder = known.get(connector);
    names.add(name);
    if (!NAME.matcher(name).matches()) {
      refuse(
          "'%s' is no name of an instance; write at most 40 lower-case letters, digits and single"
              + " hyphens, such as vendor-desk",
          name);
    } else if (known.containsKey(name)) {
      refuse("'%s' is the name of a connector; give the instance another one", name);
    } else if (all.stream().anyMatch(one -> one.system().equals(name))) {
      refuse("'%s' is listed twice; give each instance a name of its own", name);
    } else if (folder == null) {
      refuse(
          "instance '%s': there is no connector '%s'%s",
          name, connector, Suggestion.of(connector, known.keySet()));
    } else {
      addChecked(new SystemFolder(name, folder));
    }
  }

  private void addChecked(SystemFolder added) {
    String first = added.prefix().substring(0, added.prefix().indexOf('_'));
    if (all.stream().anyMatch(one -> one.prefix().equals(added.prefix()))
        || RESERVED.contains(first)) {
      refuse(
          "'%s' can't be an instance, since other settings begin with %s_; give it another name",
          added.system(), first);
    }
    all.add(added);
  }

  private void refuse(String problem, Object... arguments) {
    problems.add(SETTING + problem.formatted(arguments));
  }

  /** The directories that contain the connectors' folders. */
  public List<Path> directories() {
    return directories;
  }

  /** Those that can be read, connectors first. */
  public List<SystemFolder> all() {
    return List.copyOf(all);
  }

  /** The names of all systems, and of instances that are refused. */
  public Set<String> names() {
    return Set.copyOf(names);
  }

  /** One line for each directory that cannot be read, and for each instance that cannot be. */
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
