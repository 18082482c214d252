package dev.lockstep.mapping.field;

import static dev.lockstep.ops.yaml.YamlFile.with;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses one entry below {@code fields}; {@link FieldCheck} validates it. */
public final class MappedFieldParser {
  private final YamlFile file;
  private final ConditionParser conditions;

  public MappedFieldParser(YamlFile file) {
    this.file = file;
    this.conditions = new ConditionParser(file);
  }

  public MappedField parse(String name, JsonNode node) {
    FieldSide left = side(node.path("left"), "fields", name, "left");
    FieldSide right = side(node.path("right"), "fields", name, "right");
    boolean names = left.reference() != null && right.reference() != null;
    return new MappedField(
        name,
        FieldMapping.Owner.valueOf(node.path("owner").asText().toUpperCase(Locale.ROOT)),
        left,
        right,
        translation(node, names),
        Map.of(
            Side.LEFT, ignored(node.path("to-right"), name, "to-right"),
            Side.RIGHT, ignored(node.path("to-left"), name, "to-left")));
  }

  /** Values that do not apply under a condition; the conditions apply to the other side. */
  private Map<String, Condition> ignored(JsonNode table, String name, String key) {
    Map<String, Condition> ignored = new LinkedHashMap<>();
    for (var entry : table.properties()) {
      JsonNode line = entry.getValue();
      if (line.isObject() && NumberRange.parse(entry.getKey()).isPresent()) {
        file.refuse(
            List.of("fields", name, key, entry.getKey()),
            "a range has no `unless`, `while` or `gap`; write them for single numbers");
      }
      if (line.isObject() && (!line.has("gap") || line.has("unless") || line.has("while"))) {
        Condition never = conditions.parseUnless(line, "fields", name, key, entry.getKey());
        ignored.put(entry.getKey(), never);
      }
    }
    return Map.copyOf(ignored);
  }

  private static ValueMapping translation(JsonNode node, boolean names) {
    Map<String, String> toRight = NodeTexts.texts(node.path("to-right"), "value");
    Map<String, String> toLeft = NodeTexts.texts(node.path("to-left"), "value");
    for (JsonNode pair : node.path("pairs")) {
      toRight.put(pair.path("left").asText(), pair.path("right").asText());
      toLeft.put(pair.path("right").asText(), pair.path("left").asText());
    }
    return toRight.isEmpty() && toLeft.isEmpty()
        ? new ValueMapping.Identity(names)
        : new ValueMapping.Table(
            toRight,
            toLeft,
            node.path("others").asText().equals("same-name"),
            Map.of(Side.LEFT, gaps(node.path("to-right")), Side.RIGHT, gaps(node.path("to-left"))));
  }

  /** Values whose mapped value is never written, each with the reason. */
  private static Map<String, String> gaps(JsonNode table) {
    Map<String, String> gaps = new LinkedHashMap<>();
    for (var entry : table.properties()) {
      if (entry.getValue().has("gap")) {
        gaps.put(entry.getKey(), entry.getValue().path("gap").asText());
      }
    }
    return Map.copyOf(gaps);
  }

  private FieldSide side(JsonNode node, String... place) {
    List<JsonPath> paths = new ArrayList<>();
    if (node.isTextual()) {
      paths.add(new JsonPath(node.asText()));
    } else if (node.has("path")) {
      paths.add(new JsonPath(node.path("path").asText()));
    }
    node.path("paths").forEach(path -> paths.add(new JsonPath(path.asText())));
    return new FieldSide(
        List.copyOf(paths),
        NodeTexts.text(node, "reference"),
        path(node, "or"),
        path(node, "unlisted"),
        node.has("text") ? CarryWhen.NEVER : CarryWhen.parse(node.path("carried").asText("always")),
        limit(node),
        node.path("ignore-empty").asBoolean(false),
        node.path("default").asText(""),
        NodeTexts.texts(node.path("final")),
        NodeTexts.tables(node.path("steps")),
        NodeTexts.tables(node.path("fill")),
        form(node),
        notWhile(node, List.of(place)),
        NodeTexts.durations(node.path("after")),
        NodeTexts.list(node.path("not-with")),
        noteTemplate(node.path("tell")),
        node.path("at-time").asText(""),
        node.has("text") ? new TextTemplate(node.path("text").asText()) : null,
        NodeTexts.list(node.path("restore")));
  }

  private static WriteForm form(JsonNode node) {
    return new WriteForm(
        node.path("written-at").asText(""),
        NodeTexts.texts(node.path("also-sets")),
        NodeTexts.tables(node.path("also-sets-for")),
        NodeTexts.texts(node.path("leaves")),
        NodeTexts.list(node.path("with")));
  }

  private static @Nullable JsonPath path(JsonNode side, String key) {
    return side.has(key) ? new JsonPath(side.path(key).asText()) : null;
  }

  private static TextLimit limit(JsonNode side) {
    JsonNode max = side.path("max");
    return new TextLimit(
        max.isObject() ? max.path("characters").asInt(0) : max.asInt(0),
        max.path("bytes").asInt(0),
        side.path("lines").asText().equals("one"));
  }

  private Condition notWhile(JsonNode node, List<String> place) {
    return node.has("not-while")
        ? conditions.parse(node.path("not-while"), with(place, "not-while").toArray(String[]::new))
        : new Condition.Never();
  }

  private static @Nullable NoteTemplate noteTemplate(JsonNode node) {
    return node.isMissingNode()
        ? null
        : new NoteTemplate(
            node.path("text").asText(),
            NodeTexts.texts(node.path("words")),
            node.path("only-words").asBoolean(false));
  }
}
