package dev.lockstep.connector.definition;

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
import dev.lockstep.ops.ConnectorFolders;
import dev.lockstep.ops.ConnectorFolders.SystemFolder;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlFile.Scalars;
import dev.lockstep.ops.yaml.YamlProblem;
import dev.lockstep.ops.yaml.YamlSchema;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.PropertyResolver;

/**
 * Loads the folders of {@code connectors/}: validates each {@code connector.yaml} against {@code
 * connector.schema.json} and checks its calls and Kamelets.
 */
public final class ConnectorLoader {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:}]+)");

  private final ConnectorFolders folders;
  private final PropertyResolver environment;
  private final YamlSchema schema;
  private final ObjectMapper binder =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationText()))
          .build();

  public ConnectorLoader(ConnectorFolders folders, PropertyResolver environment) {
    this.folders = folders;
    this.environment = environment;
    if (!folders.problems().isEmpty()) {
      throw new ConnectorDefinitionException(folders.problems());
    }
    this.schema = schema(folders.directories());
  }

  /** Every system whose folder has a {@code connector.yaml}, by its name. */
  public Map<String, ConnectorDefinition> read(Predicate<String> used) {
    Map<String, ConnectorDefinition> connectors = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (SystemFolder place : folders.all()) {
      if (!used.test(place.system()) || !Files.isRegularFile(file(place))) {
        continue;
      }
      try {
        ConnectorDefinition other = connectors.put(place.system(), read(place));
        if (other != null) {
          problems.add(
              place.folder()
                  + ": there is "
                  + other.folder()
                  + " too; rename one, a name is a system");
        }
      } catch (ConnectorDefinitionException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConnectorDefinitionException(problems);
    }
    return connectors;
  }

  private static Path file(SystemFolder place) {
    return place.folder().resolve("connector.yaml");
  }

  private ConnectorDefinition read(SystemFolder place) {
    YamlFile file = YamlFile.read(file(place), Scalars.NUMBERS);
    schema.check(file);
    refuseIfWrong(file);
    JsonNode tree = file.root();
    extend(file);
    if (place.isInstance()) {
      refuseSharedSettings(file, place);
    }
    refuseIfWrong(file);
    ConnectorDefinition connector =
        bind(file, resolve(addVariableNames(place.adapt(tree)))).of(place);
    requireWhatItsKeysNeed(connector, file);
    refuseIfWrong(file);
    return connector;
  }

  private static void refuseSharedSettings(YamlFile file, SystemFolder place) {
    String prefix = place.writtenPrefix();
    for (Map.Entry<String, JsonNode> setting : file.root().path("settings").properties()) {
      Matcher placeholder = PLACEHOLDER.matcher(setting.getValue().path("value").asText());
      if (placeholder.find() && !placeholder.group(1).startsWith(prefix)) {
        file.refuse(
            List.of("settings", setting.getKey(), "value"),
            "%s does not begin with %s, so that the instance '%s' would share it; rename it, or leave the instance out of LOCKSTEP_INSTANCES"
                .formatted(placeholder.group(1), prefix, place.system()));
      }
    }
  }

  private static void refuseIfWrong(YamlFile file) {
    if (!file.problems().isEmpty()) {
      throw new ConnectorDefinitionException(
          file.problems().stream()
              .sorted(Comparator.comparingInt(YamlProblem::line))
              .map(YamlProblem::toString)
              .distinct()
              .toList());
    }
  }

  private ConnectorDefinition bind(YamlFile file, JsonNode tree) {
    try {
      return binder.treeToValue(tree, ConnectorDefinition.class);
    } catch (JsonMappingException e) {
      List<String> place = place(e);
      file.refuse(
          place,
          "'%s' cannot be read in '%s': %s"
              .formatted(
                  tree.at("/" + String.join("/", place)).asText(),
                  String.join(".", place),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    } catch (JsonProcessingException e) {
      file.refuse(List.of(), e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    refuseIfWrong(file);
    throw new IllegalStateException("not reached");
  }

  private static List<String> place(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step ->
                step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
        .toList();
  }

  /** Copies to a kind that is {@code like} another the keys it does not declare itself. */
  private static void extend(YamlFile file) {
    JsonNode kinds = file.root().path("kinds");
    for (Map.Entry<String, JsonNode> kind : kinds.properties()) {
      ObjectNode own = (ObjectNode) kind.getValue();
      JsonNode like = own.remove("like");
      if (like == null) {
        continue;
      }
      JsonNode other = kinds.path(like.asText());
      if (!other.has("id")) {
        List<String> complete = new ArrayList<>();
        kinds.properties().stream()
            .filter(known -> known.getValue().has("id"))
            .forEach(known -> complete.add(known.getKey()));
        file.refuse(
            List.of("kinds", kind.getKey(), "like"),
            "'%s' is no kind that is written out here%s"
                .formatted(like.asText(), Suggestion.of(like.asText(), complete)));
        continue;
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
  }

  /**
   * Stores in each setting the name of its environment variable, which is lost when placeholders
   * are resolved.
   */
  private static JsonNode addVariableNames(JsonNode tree) {
    for (JsonNode setting : tree.path("settings")) {
      Matcher placeholder = PLACEHOLDER.matcher(setting.path("value").asText());
      if (placeholder.find()) {
        ((ObjectNode) setting).put("env", placeholder.group(1));
      }
    }
    return tree;
  }

  private JsonNode resolve(JsonNode node) {
    if (node.isTextual()) {
      return JsonNodeFactory.instance.textNode(environment.resolvePlaceholders(node.asText()));
    }
    if (node.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> array.add(resolve(item)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      node.properties().forEach(field -> object.set(field.getKey(), resolve(field.getValue())));
      return object;
    }
    return node;
  }

  private static void requireWhatItsKeysNeed(ConnectorDefinition connector, YamlFile file) {
    for (KameletCall called : connector.kamelets()) {
      YamlFile kamelet = KameletFiles.read(KameletFiles.path(connector, called));
      file.problems().addAll(kamelet.problems());
      if (called.equals(connector.requestKamelet()) && kamelet.problems().isEmpty()) {
        new CallsCheck(file, connector, KameletFiles.variables(kamelet)).check();
      }
    }
    new KindsCheck(file, connector).check();
    new ChecksCheck(file, connector).check();
    new PathsCheck(file, connector).check();
  }

  private static YamlSchema schema(List<Path> directories) {
    Path file =
        directories.stream()
            .map(directory -> directory.resolve("connector.schema.json"))
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new ConnectorDefinitionException(
                        List.of(
                            "connector.schema.json is in none of "
                                + directories
                                + ": start in the folder that holds connectors/, or set"
                                + " lockstep.connectors")));
    try {
      return YamlSchema.read(file);
    } catch (UncheckedIOException e) {
      throw new ConnectorDefinitionException(List.of(file + " can't be read: " + e.getMessage()));
    }
  }
}
