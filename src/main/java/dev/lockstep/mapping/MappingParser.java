package dev.lockstep.mapping;

import static dev.lockstep.ops.yaml.YamlFile.with;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses a file that passed the schema; {@link MappingCheck} validates the result. */
final class MappingParser {

  private final YamlFile file;

  MappingParser(YamlFile file) {
    this.file = file;
  }

  FileMapping parse(String name) {
    JsonNode root = file.root();
    List<MappedField> fields = new ArrayList<>();
    root.path("fields").properties().forEach(e -> fields.add(field(e.getKey(), e.getValue())));
    return new FileMapping(
        name,
        sides(side -> records(root.path(side.label()))),
        List.copyOf(fields),
        sides(side -> condition(root.at("/starts/" + side.label()), "starts", side.label())),
        sides(side -> closed(root, side)),
        sides(side -> texts(root.path("constants").path(side.label()))),
        new NoteTable(
            notes(root.at("/notes/to-right")),
            notes(root.at("/notes/to-left")),
            waiting(root.at("/notes/to-right"), "to-right"),
            waiting(root.at("/notes/to-left"), "to-left")),
        root.has("duplicates") ? duplicates(root.path("duplicates"), fields) : null,
        root.has("closure")
            ? new ClosureRule(sides(side -> closure(root.path("closure"), side)))
            : null);
  }

  private ClosureRule.Rule closure(JsonNode node, Side side) {
    JsonNode rule = node.path(side.label());
    return rule.isMissingNode()
        ? ClosureRule.Rule.NONE
        : new ClosureRule.Rule(
            condition(rule.path("when"), "closure", side.label(), "when"),
            texts(rule.path("reopen")),
            rule.path("priority").asText(""));
  }

  private DuplicateRule duplicates(JsonNode node, List<MappedField> fields) {
    Map<String, MappedField> compared = new LinkedHashMap<>();
    texts(node.path("compare"))
        .forEach(
            (what, name) ->
                fields.stream()
                    .filter(field -> field.name().equals(name))
                    .forEach(field -> compared.put(what, field)));
    return new DuplicateRule(
        Map.copyOf(compared),
        conditions(node, "scope", new Condition.Always()),
        conditions(node, "never", new Condition.Never()),
        conditions(node, "over", new Condition.Never()),
        sides(side -> follow(node.path("follow").path(side.label()), side)),
        fields.stream()
            .filter(field -> !field.valueMapping().knownValues(Side.LEFT).isEmpty())
            .map(MappedField::name)
            .collect(Collectors.toUnmodifiableSet()),
        List.copyOf(list(node.path("share-texts-if-same"))));
  }

  private Map<Side, Condition> conditions(JsonNode node, String key, Condition otherwise) {
    return sides(
        side -> {
          JsonNode written = node.path(key).path(side.label());
          return written.isMissingNode()
              ? otherwise
              : condition(written, "duplicates", key, side.label());
        });
  }

  private DuplicateRule.Follow follow(JsonNode node, Side side) {
    return node.isMissingNode()
        ? DuplicateRule.Follow.NOTHING
        : new DuplicateRule.Follow(
            condition(node.path("when"), "duplicates", "follow", side.label(), "when"),
            List.copyOf(list(node.path("fields"))),
            tables(node.path("instead")),
            texts(node.path("neutral")));
  }

  private Condition closed(JsonNode root, Side side) {
    JsonNode node = root.path("closed").path(side.label());
    return node.isMissingNode() ? new Condition.Never() : condition(node, "closed", side.label());
  }

  private static <T> Map<Side, T> sides(Function<Side, T> of) {
    Map<Side, T> sides = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      sides.put(side, of.apply(side));
    }
    return Map.copyOf(sides);
  }

  private static FileMapping.Records records(JsonNode node) {
    return new FileMapping.Records(node.path("system").asText(), node.path("kind").asText());
  }

  /** When notes are held back; the conditions apply to the receiving side. */
  private Map<Visibility, Condition> waiting(JsonNode node, String key) {
    Map<Visibility, Condition> waiting = new EnumMap<>(Visibility.class);
    for (var entry : node.properties()) {
      if (entry.getValue().isObject()) {
        Condition until = unless(entry.getValue(), "notes", key, entry.getKey());
        waiting.put(visibility(entry.getKey()), until);
      }
    }
    return waiting;
  }

  private static Map<Visibility, Visibility> notes(JsonNode node) {
    Map<Visibility, Visibility> carried = new EnumMap<>(Visibility.class);
    texts(node, "as")
        .forEach(
            (from, to) -> {
              if (!to.equals("none")) {
                carried.put(visibility(from), visibility(to));
              }
            });
    return carried;
  }

  private static Visibility visibility(String word) {
    return Visibility.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private MappedField field(String name, JsonNode node) {
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
      if (entry.getValue().isObject()) {
        if (NumberRange.parse(entry.getKey()).isPresent()) {
          file.refuse(
              List.of("fields", name, key, entry.getKey()),
              "a range has no `unless` or `while`; write them for single numbers");
        }
        Condition never = unless(entry.getValue(), "fields", name, key, entry.getKey());
        ignored.put(entry.getKey(), never);
      }
    }
    return Map.copyOf(ignored);
  }

  /** When an entry with {@code unless} or {@code while} does not apply. */
  private Condition unless(JsonNode entry, String... at) {
    if (entry.has("unless") == entry.has("while")) {
      file.refuse(List.of(at), "write either `unless` or `while`, with a condition");
      return new Condition.Never();
    }
    String key = entry.has("unless") ? "unless" : "while";
    Condition written = condition(entry.path(key), with(List.of(at), key).toArray(String[]::new));
    return key.equals("unless") ? written : new Condition.Not(written);
  }

  private static ValueMapping translation(JsonNode node, boolean names) {
    Map<String, String> toRight = texts(node.path("to-right"), "value");
    Map<String, String> toLeft = texts(node.path("to-left"), "value");
    for (JsonNode pair : node.path("pairs")) {
      toRight.put(pair.path("left").asText(), pair.path("right").asText());
      toLeft.put(pair.path("right").asText(), pair.path("left").asText());
    }
    return toRight.isEmpty() && toLeft.isEmpty()
        ? new ValueMapping.Identity(names)
        : new ValueMapping.Table(toRight, toLeft, node.path("others").asText().equals("same-name"));
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
        text(node, "reference"),
        node.has("or") ? new JsonPath(node.path("or").asText()) : null,
        CarryWhen.parse(node.path("carried").asText("always")),
        limit(node),
        node.path("ignore-empty").asBoolean(false),
        node.path("default").asText(""),
        texts(node.path("final")),
        tables(node.path("steps")),
        tables(node.path("fill")),
        texts(node.path("also-sets")),
        tables(node.path("also-sets-for")),
        notWhile(node, List.of(place)),
        list(node.path("not-with")),
        noteTemplate(node.path("tell")),
        node.path("at-time").asText(""));
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
        ? condition(node.path("not-while"), with(place, "not-while").toArray(String[]::new))
        : new Condition.Never();
  }

  private static @Nullable NoteTemplate noteTemplate(JsonNode node) {
    return node.isMissingNode()
        ? null
        : new NoteTemplate(
            node.path("text").asText(),
            texts(node.path("words")),
            node.path("only-words").asBoolean(false));
  }

  private Condition condition(JsonNode node, String... at) {
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
      return new Condition.In(node.path("field").asText(), list(node.path("in")));
    }
    if (node.size() == 2 && node.has("field") && node.has("not-in")) {
      return new Condition.NotIn(node.path("field").asText(), list(node.path("not-in")));
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
      conditions.add(condition(node, inner));
    }
    return conditions;
  }

  private static Set<String> list(JsonNode nodes) {
    Set<String> list = new LinkedHashSet<>();
    nodes.forEach(node -> list.add(node.asText()));
    return list;
  }

  private static @Nullable String text(JsonNode node, String key) {
    return node.has(key) ? node.path(key).asText() : null;
  }

  private static Map<String, Map<String, String>> tables(JsonNode node) {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    node.properties().forEach(entry -> tables.put(entry.getKey(), texts(entry.getValue())));
    return tables;
  }

  private static Map<String, String> texts(JsonNode node) {
    return texts(node, "");
  }

  /**
   * @param key the key of the text in an entry that is an object
   */
  private static Map<String, String> texts(JsonNode node, String key) {
    Map<String, String> words = new LinkedHashMap<>();
    for (var entry : node.properties()) {
      JsonNode word = entry.getValue();
      words.put(entry.getKey(), word.isObject() ? word.path(key).asText() : word.asText());
    }
    return words;
  }
}
