package dev.lockstep.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.env.PropertyResolver;

/**
 * Reads the folders of {@code connectors/}: checks each {@code connector.yaml} against {@code
 * connector.schema.json} beside them, and that the Kamelets it needs are there.
 */
final class ConnectorFiles {
  private static final String KAMELET = ".kamelet.yaml";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:}]+)");

  private final List<Path> directories;
  private final PropertyResolver environment;
  private final JsonSchema schema;
  private final ObjectMapper yaml = new YAMLMapper();
  private final ObjectMapper binder =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationText()))
          .build();

  ConnectorFiles(List<Path> directories, PropertyResolver environment) {
    this.directories = directories;
    this.environment = environment;
    this.schema = schema(directories);
  }

  /** Every folder with a {@code connector.yaml}, by its name. */
  Map<String, Connector> read(Predicate<String> used) {
    Map<String, Connector> connectors = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (Path folder : directories.stream().flatMap(d -> folders(d).stream()).toList()) {
      if (!used.test(folder.getFileName().toString())) {
        continue;
      }
      try {
        Connector other = connectors.put(folder.getFileName().toString(), read(folder));
        if (other != null) {
          problems.add(
              folder + ": there is " + other.folder() + " too; rename one, a name is a system");
        }
      } catch (InvalidConnector e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConnector(problems);
    }
    return connectors;
  }

  private static List<Path> folders(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isRegularFile(entry.resolve("connector.yaml")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new InvalidConnector(
          List.of(
              directory
                  + " can't be read ("
                  + e.getMessage()
                  + "): start in the folder that holds it, or set lockstep.connectors"));
    }
  }

  private Connector read(Path folder) {
    Path file = folder.resolve("connector.yaml");
    try {
      String text = Files.readString(file);
      JsonNode tree = yaml.readTree(text);
      YamlLines lines = new YamlLines(text);
      List<String> problems =
          schema.validate(tree).stream()
              .map(
                  found ->
                      file
                          + ":"
                          + lines.of(found.getInstanceLocation().toString())
                          + ": "
                          + found.getMessage()
                          + "; connectors/README.md explains the key")
              .sorted()
              .toList();
      if (!problems.isEmpty()) {
        throw new InvalidConnector(problems);
      }
      Connector connector =
          binder
              .treeToValue(resolved(named(alike(tree, file))), Connector.class)
              .located(folder, kamelets(folder));
      requireWhatItsKeysNeed(connector, file);
      return connector;
    } catch (JsonMappingException e) {
      throw new InvalidConnector(List.of(file + ": " + where(e) + " " + e.getOriginalMessage()));
    } catch (JsonProcessingException e) {
      throw new InvalidConnector(
          List.of(
              file
                  + ":"
                  + e.getLocation().getLineNr()
                  + ": this is not YAML: "
                  + e.getOriginalMessage().lines().findFirst().orElse("")));
    } catch (IOException e) {
      throw new InvalidConnector(List.of(file + " can't be read: " + e.getMessage()));
    }
  }

  private static String where(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    e.getPath()
        .forEach(
            step ->
                path.append(path.isEmpty() ? "" : ".")
                    .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName()));
    return path.toString();
  }

  /** Gives a kind that is {@code like} another what it does not say itself. */
  private static JsonNode alike(JsonNode tree, Path file) {
    JsonNode kinds = tree.path("kinds");
    for (Map.Entry<String, JsonNode> kind : kinds.properties()) {
      ObjectNode own = (ObjectNode) kind.getValue();
      JsonNode like = own.remove("like");
      if (like == null) {
        continue;
      }
      JsonNode other = kinds.path(like.asText());
      if (!other.has("id")) {
        throw new InvalidConnector(
            List.of(
                file
                    + ": kinds."
                    + kind.getKey()
                    + ".like names "
                    + like.asText()
                    + ", which is no kind that is written out here"));
      }
      other
          .properties()
          .forEach(
              field -> {
                if (!own.has(field.getKey())) {
                  own.set(field.getKey(), field.getValue().deepCopy());
                }
              });
    }
    return tree;
  }

  /** Notes in each setting the variable it comes from, which resolving makes one forget. */
  private static JsonNode named(JsonNode tree) {
    for (JsonNode setting : tree.path("settings")) {
      Matcher placeholder = PLACEHOLDER.matcher(setting.path("value").asText());
      if (placeholder.find()) {
        ((ObjectNode) setting).put("env", placeholder.group(1));
      }
    }
    return tree;
  }

  private JsonNode resolved(JsonNode node) {
    if (node.isTextual()) {
      return JsonNodeFactory.instance.textNode(environment.resolvePlaceholders(node.asText()));
    }
    if (node.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> array.add(resolved(item)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      node.properties().forEach(field -> object.set(field.getKey(), resolved(field.getValue())));
      return object;
    }
    return node;
  }

  private static Set<String> kamelets(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.endsWith(KAMELET))
          .forEach(name -> names.add(name.substring(0, name.length() - KAMELET.length())));
      return names;
    }
  }

  private static void requireWhatItsKeysNeed(Connector connector, Path file) {
    List<String> problems = new ArrayList<>();
    for (String name : KameletNames.needed(connector)) {
      if (!connector.kamelets().contains(name)) {
        problems.add(
            file
                + ": "
                + name
                + KAMELET
                + " is missing beside it; add it, or take out the key that needs it");
      }
    }
    connector
        .kinds()
        .forEach(
            (name, kind) -> {
              Connector.Duplicate how = kind.duplicate();
              if (how != null) {
                holesMissing(how).stream()
                    .map(
                        hole ->
                            "%s: kinds.%s.duplicate.body has no {%s} in it; write it where the %s's id goes"
                                .formatted(file, name, hole, hole))
                    .forEach(problems::add);
              }
            });
    if (!problems.isEmpty()) {
      throw new InvalidConnector(problems);
    }
  }

  private static List<String> holesMissing(Connector.Duplicate how) {
    List<String> needed =
        switch (how.by()) {
          case UPDATE -> List.of();
          case LINK -> List.of("duplicate", "primary");
          case MERGE -> List.of("duplicate");
        };
    String body = how.body().toString();
    return needed.stream().filter(hole -> !body.contains("{" + hole + "}")).toList();
  }

  private static JsonSchema schema(List<Path> directories) {
    Path file =
        directories.stream()
            .map(directory -> directory.resolve("connector.schema.json"))
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidConnector(
                        List.of(
                            "connector.schema.json is in none of "
                                + directories
                                + ": start in the folder that holds connectors/, or set"
                                + " lockstep.connectors")));
    try {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              Files.readString(file),
              SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());
    } catch (IOException e) {
      throw new InvalidConnector(List.of(file + " can't be read: " + e.getMessage()));
    }
  }
}
