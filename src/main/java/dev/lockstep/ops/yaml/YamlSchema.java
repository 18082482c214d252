package dev.lockstep.ops.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JSON Schema that reports violations in terms an operator understands. */
public final class YamlSchema {

  private static final Pattern BRANCH = Pattern.compile("\\.(?:oneOf|anyOf)\\[(\\d+)]");
  private static final Set<String> ALTERNATIVES = Set.of("oneOf", "anyOf");

  private final JsonNode source;
  private final JsonSchema schema;

  private YamlSchema(JsonNode source) {
    this.source = source;
    this.schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(source);
  }

  /**
   * @throws UncheckedIOException when the schema itself cannot be read
   */
  public static YamlSchema read(Path file) {
    try {
      return new YamlSchema(new ObjectMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("The schema cannot be read: " + file, e);
    }
  }

  /** Adds a problem to the file for each violation. */
  public void check(YamlFile file) {
    if (file.root().isMissingNode()) {
      return;
    }
    for (ValidationMessage message : meant(schema.validate(file.root()))) {
      report(file, message);
    }
  }

  /** For oneOf and anyOf, only the violations of the most likely intended alternative. */
  private static List<ValidationMessage> meant(Set<ValidationMessage> found) {
    Map<String, Map<String, List<ValidationMessage>>> alternatives = new LinkedHashMap<>();
    List<ValidationMessage> meant = new ArrayList<>();
    for (ValidationMessage message : found) {
      Matcher branch = BRANCH.matcher(message.getEvaluationPath().toString());
      if (branch.find()) {
        alternatives
            .computeIfAbsent(choice(found, message, branch), path -> new LinkedHashMap<>())
            .computeIfAbsent(branch.group(1), number -> new ArrayList<>())
            .add(message);
      } else if (!ALTERNATIVES.contains(message.getType())) {
        meant.add(message);
      }
    }
    alternatives
        .values()
        .forEach(
            branches ->
                branches.values().stream()
                    .min(
                        Comparator.comparing(YamlSchema::isOfAnotherType).thenComparing(List::size))
                    .ifPresent(meant::addAll));
    return meant;
  }

  /**
   * The place in schema and file where an alternative was to be chosen: each item of a list has its
   * own.
   */
  private static String choice(
      Set<ValidationMessage> found, ValidationMessage message, Matcher branch) {
    String path = message.getEvaluationPath().toString().substring(0, branch.start(1) - 1);
    return found.stream()
        .filter(other -> other.getEvaluationPath().toString().equals(path))
        .map(ValidationMessage::getInstanceLocation)
        .filter(message.getInstanceLocation()::startsWith)
        .map(place -> path + " at " + place)
        .findFirst()
        .orElse(path);
  }

  /** Whether an alternative requires another type of value. */
  private static boolean isOfAnotherType(List<ValidationMessage> branch) {
    int outermost =
        branch.stream().mapToInt(m -> m.getInstanceLocation().getNameCount()).min().orElse(0);
    return branch.stream()
        .anyMatch(
            m -> m.getInstanceLocation().getNameCount() == outermost && m.getType().equals("type"));
  }

  private void report(YamlFile file, ValidationMessage message) {
    List<String> place = place(message.getInstanceLocation());
    String here = place.isEmpty() ? "" : " in '%s'".formatted(place.get(place.size() - 1));
    String property = message.getProperty();
    switch (message.getType()) {
      case "additionalProperties" ->
          file.refuse(
              YamlFile.with(place, property),
              "unknown key '%s'%s%s"
                  .formatted(property, here, Suggestion.of(property, keysAt(message))));
      case "required" ->
          file.refuse(place, "key '%s' is missing%s; add it".formatted(property, here));
      case "enum" ->
          file.refuse(
              place,
              "'%s' is not valid%s%s"
                  .formatted(
                      message.getInstanceNode().asText(), here, choices(message.getSchemaNode())));
      case "type" ->
          file.refuse(
              place,
              "%s%s; write %s"
                  .formatted(found(message), here, expectedTypes(message.getSchemaNode())));
      case "minLength", "minItems", "minProperties" ->
          file.refuse(place, "no value%s; write one".formatted(here));
      case "pattern" ->
          file.refuse(
              place,
              "'%s' is not valid%s; write %s"
                  .formatted(message.getInstanceNode().asText(), here, described(message)));
      default -> file.refuse(place, message.getError() + here);
    }
  }

  /** The schema's description of a value that does not match its pattern. */
  private String described(ValidationMessage message) {
    String location = message.getSchemaLocation().getFragment().toString();
    JsonNode rule = source.at(location.substring(0, location.lastIndexOf('/')));
    return rule.path("description").asText("what fits " + rule.path("pattern").asText());
  }

  private static List<String> place(JsonNodePath location) {
    List<String> place = new ArrayList<>();
    for (int i = 0; i < location.getNameCount(); i++) {
      place.add(String.valueOf(location.getElement(i)));
    }
    return place;
  }

  private List<String> keysAt(ValidationMessage message) {
    String location = message.getSchemaLocation().getFragment().toString();
    int end = location.lastIndexOf('/');
    List<String> keys = new ArrayList<>();
    source.at(location.substring(0, end) + "/properties").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static String choices(JsonNode accepted) {
    List<String> words = new ArrayList<>();
    accepted.forEach(word -> words.add(word.asText()));
    return "; write one of " + String.join(", ", words);
  }

  private static String found(ValidationMessage message) {
    JsonNode value = message.getInstanceNode();
    if (value.isNull()) {
      return "no value";
    }
    return value.isContainerNode()
        ? "a list or keys are not valid"
        : "'%s' is not valid".formatted(value.asText());
  }

  private static String expectedTypes(JsonNode types) {
    List<String> names = new ArrayList<>();
    if (types.isArray()) {
      types.forEach(type -> names.add(typeName(type.asText())));
    } else {
      names.add(typeName(types.asText()));
    }
    return String.join(" or ", names.stream().distinct().toList());
  }

  private static String typeName(String type) {
    return switch (type) {
      case "object" -> "keys";
      case "array" -> "a list";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      default -> "a word";
    };
  }
}
