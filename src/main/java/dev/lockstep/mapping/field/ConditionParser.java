package dev.lockstep.mapping.field;

import static dev.lockstep.ops.yaml.YamlFile.with;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.ops.yaml.YamlFile;
import java.util.ArrayList;
import java.util.List;

/** Parses conditions on the fields of a record. */
public final class ConditionParser {
  private final YamlFile file;

  public ConditionParser(YamlFile file) {
    this.file = file;
  }

  /** When an entry with {@code unless} or {@code while} does not apply. */
  public Condition parseUnless(JsonNode entry, String... at) {
    if (entry.has("unless") == entry.has("while")) {
      file.refuse(List.of(at), "write either `unless` or `while`, with a condition");
      return new Condition.Never();
    }
    String key = entry.has("unless") ? "unless" : "while";
    Condition written = parse(entry.path(key), with(List.of(at), key).toArray(String[]::new));
    return key.equals("unless") ? written : new Condition.Not(written);
  }

  public Condition parse(JsonNode node, String... at) {
    List<String> place = List.of(at);
    if (node.asText().equals("always")) {
      return new Condition.Always();
    }
    if (node.asText().equals("never")) {
      return new Condition.Never();
    }
    if (node.size() == 1 && node.has("all")) {
      return new Condition.All(conditions(node.path("all"), with(place, "all")));
    }
    if (node.size() == 1 && node.has("any")) {
      return new Condition.Any(conditions(node.path("any"), with(place, "any")));
    }
    if (node.size() == 2 && node.has("field") && node.has("in")) {
      return new Condition.In(node.path("field").asText(), NodeTexts.list(node.path("in")));
    }
    if (node.size() == 2 && node.has("field") && node.has("not-in")) {
      return new Condition.NotIn(node.path("field").asText(), NodeTexts.list(node.path("not-in")));
    }
    file.refuse(
        place,
        "not a condition; write always, never, {all: [...]}, {any: [...]}, {field: ..., in:"
            + " [...]} or {field: ..., not-in: [...]}");
    return new Condition.Never();
  }

  private List<Condition> conditions(JsonNode nodes, List<String> place) {
    List<Condition> conditions = new ArrayList<>();
    for (JsonNode node : nodes) {
      String[] inner = with(place, String.valueOf(conditions.size())).toArray(String[]::new);
      conditions.add(parse(node, inner));
    }
    return conditions;
  }
}
