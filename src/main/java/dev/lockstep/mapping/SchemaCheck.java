package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;

/** Checks the shape of a mapping file and words what is wrong for people who write such files. */
final class SchemaCheck {

  private final JsonNode source;
  private final JsonSchema schema;

  SchemaCheck(JsonNode source) {
    this.source = source;
    this.schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(source);
  }

  void check(MappingFile file) {
    for (ValidationMessage message : schema.validate(file.root())) {
      report(file, message);
    }
  }

  private void report(MappingFile file, ValidationMessage message) {
    List<String> place = place(message.getInstanceLocation());
    String here = place.isEmpty() ? "" : " in '%s'".formatted(place.get(place.size() - 1));
    String property = message.getProperty();
    switch (message.getType()) {
      case "additionalProperties" ->
          file.refuse(
              MappingFile.with(place, property),
              "unknown key '%s'%s%s"
                  .formatted(property, here, Suggestion.of(property, keysAt(message))));
      case "required" ->
          file.refuse(place, "key '%s' is missing%s; add it".formatted(property, here));
      case "enum" ->
          file.refuse(
              place,
              "'%s' cannot stand%s%s"
                  .formatted(
                      message.getInstanceNode().asText(), here, choices(message.getSchemaNode())));
      case "type" -> file.refuse(place, "%s%s".formatted(expected(message), here));
      default -> file.refuse(place, message.getError() + here);
    }
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

  private static String expected(ValidationMessage message) {
    String found =
        message.getInstanceNode().isNull()
            ? "nothing stands"
            : message.getInstanceNode().isContainerNode()
                ? "a list or keys stand"
                : "'%s' stands".formatted(message.getInstanceNode().asText());
    return found + " where " + expectedTypes(message.getSchemaNode()) + " should";
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
